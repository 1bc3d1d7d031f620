import { createServer } from 'node:http';
import { type Listening, listen } from '../local/listen.ts';

/** As long as a real session token. */
const SESSION_TOKEN = 'IQoJb3JpZ2luX2VjE'.padEnd(900, 'x');

const answerTo = (
  sessionName: string,
) => `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult>
    <Credentials>
      <AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>
      <SecretAccessKey>wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY</SecretAccessKey>
      <SessionToken>${SESSION_TOKEN}</SessionToken>
      <Expiration>2099-01-01T00:00:00Z</Expiration>
    </Credentials>
    <AssumedRoleUser>
      <AssumedRoleId>AROAIOSFODNN7EXAMPLE:${sessionName}</AssumedRoleId>
      <Arn>arn:aws:sts::111122223333:assumed-role/latchkey-tenant/${sessionName}</Arn>
    </AssumedRoleUser>
    <PackedPolicySize>40</PackedPolicySize>
    <SourceIdentity>${sessionName}</SourceIdentity>
  </AssumeRoleResult>
  <ResponseMetadata><RequestId>5f0c2e1a-6f0b-4a57-9d3c-1b2a3c4d5e6f</RequestId></ResponseMetadata>
</AssumeRoleResponse>`;

/**
 * An STS that costs next to nothing and always the same: one fixed answer to AssumeRole but for the session's name, by which a
 * client sees that it is its own; nothing checked.
 */
export function startStsPeer(): Promise<Listening> {
  const server = createServer((request, response) => {
    let form = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      form += chunk;
    });
    request.once('end', () => {
      const answer = answerTo(new URLSearchParams(form).get('RoleSessionName') ?? '');
      response.writeHead(200, { 'Content-Type': 'text/xml', 'Content-Length': Buffer.byteLength(answer) });
      response.end(answer);
    });
  });
  return listen(server, 0, 'the STS of the bench');
}
