import { createServer } from 'node:http';
import { type Listening, listen } from '../local/listen.ts';

/** As long as a real session token. */
const SESSION_TOKEN = 'IQoJb3JpZ2luX2VjE'.padEnd(900, 'x');

const ANSWER = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult>
    <Credentials>
      <AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>
      <SecretAccessKey>wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY</SecretAccessKey>
      <SessionToken>${SESSION_TOKEN}</SessionToken>
      <Expiration>2099-01-01T00:00:00Z</Expiration>
    </Credentials>
    <AssumedRoleUser>
      <AssumedRoleId>AROAIOSFODNN7EXAMPLE:acme</AssumedRoleId>
      <Arn>arn:aws:sts::111122223333:assumed-role/latchkey-tenant/acme</Arn>
    </AssumedRoleUser>
    <PackedPolicySize>40</PackedPolicySize>
    <SourceIdentity>acme</SourceIdentity>
  </AssumeRoleResult>
  <ResponseMetadata><RequestId>5f0c2e1a-6f0b-4a57-9d3c-1b2a3c4d5e6f</RequestId></ResponseMetadata>
</AssumeRoleResponse>`;

/** An STS that costs next to nothing and always the same: one fixed answer to AssumeRole, nothing checked. */
export function startStsPeer(): Promise<Listening> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      response.writeHead(200, { 'Content-Type': 'text/xml', 'Content-Length': Buffer.byteLength(ANSWER) });
      response.end(ANSWER);
    });
  });
  return listen(server, 0, 'the STS of the bench');
}
