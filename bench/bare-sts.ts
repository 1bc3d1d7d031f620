import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { Agent, type IncomingMessage, request } from 'node:http';
import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import type { VendEnvironment } from '../functions/vend/environment.ts';

/** Where it asks, and as whom. */
export interface BareStsOptions extends Pick<VendEnvironment, 'region' | 'credentials'> {
  readonly endpoint: string;
}

/**
 * The least that an AssumeRole can cost in Node: the form, one SigV4 signature with the day's key at hand, a connection
 * kept alive, and the access key id cut out of the answer. No retries, no timeouts, no errors told apart: a floor to
 * measure against, not a client.
 */
export function createBareSts({ region, credentials, endpoint }: BareStsOptions) {
  const { host, hostname, port } = new URL(endpoint);
  const agent = new Agent({ keepAlive: true });
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  const scope = `${day}/${region}/sts/aws4_request`;
  const key = signingKey(credentials.secretAccessKey, scope);

  function sign(body: string): Record<string, string> {
    const date = `${day}T${new Date().toISOString().slice(11, 19).replaceAll(':', '')}Z`;
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      host,
      'x-amz-date': date,
      'x-amz-security-token': credentials.sessionToken,
    };
    const names = 'content-type;host;x-amz-date;x-amz-security-token';
    const lines = `content-type:${headers['content-type']}\nhost:${host}\nx-amz-date:${date}\nx-amz-security-token:${credentials.sessionToken}\n`;
    const canonical = sha256(`POST\n/\n\n${lines}\n${names}\n${sha256(body)}`);
    const signature = createHmac('sha256', key)
      .update(`AWS4-HMAC-SHA256\n${date}\n${scope}\n${canonical}`)
      .digest('hex');
    const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
    return { ...headers, authorization, 'content-length': String(Buffer.byteLength(body)) };
  }

  return {
    /** The access key id of the new session. */
    async assumeRole(input: AssumeRoleCommandInput): Promise<string> {
      const body = form(input);
      const answer = await new Promise<string>((resolve, reject) => {
        request({ agent, hostname, port, method: 'POST', path: '/', headers: sign(body) }, (response) =>
          readText(response, resolve),
        )
          .once('error', reject)
          .end(body);
      });
      const accessKeyId = /<AccessKeyId>([^<]+)</.exec(answer)?.[1];
      if (accessKeyId === undefined) throw new Error(`got no access key id from STS: ${answer}`);
      return accessKeyId;
    },
    close: () => agent.destroy(),
  };
}

function readText(response: IncomingMessage, resolve: (text: string) => void): void {
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    text += chunk;
  });
  response.once('end', () => resolve(text));
}

/** The members that a vend of the profile `app` sends. */
function form({
  RoleArn = '',
  RoleSessionName = '',
  DurationSeconds,
  Policy = '',
  Tags = [],
  SourceIdentity = '',
}: AssumeRoleCommandInput): string {
  const tags = Tags.map(
    ({ Key = '', Value = '' }, index) =>
      `&Tags.member.${index + 1}.Key=${encodeURIComponent(Key)}&Tags.member.${index + 1}.Value=${encodeURIComponent(Value)}`,
  ).join('');
  return `Action=AssumeRole&Version=2011-06-15&RoleArn=${encodeURIComponent(RoleArn)}&RoleSessionName=${encodeURIComponent(RoleSessionName)}&DurationSeconds=${DurationSeconds}&Policy=${encodeURIComponent(Policy)}&SourceIdentity=${encodeURIComponent(SourceIdentity)}${tags}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, step 3 */
function signingKey(secretAccessKey: string, scope: string): KeyObject {
  const key = scope
    .split('/')
    .reduce<Buffer>(
      (previous, part) => createHmac('sha256', previous).update(part).digest(),
      Buffer.from(`AWS4${secretAccessKey}`),
    );
  return createSecretKey(key);
}
