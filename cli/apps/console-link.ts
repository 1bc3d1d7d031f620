import { isLoopback } from '../../client/src/endpoint.ts';
import type { LatchkeyCredentials } from '../../client/src/index.ts';
import { RefusedError, UnreachableError, UsageError } from '../failure.ts';

/** Where a partition of AWS signs people in, and where its console is. */
interface Partition {
  readonly signIn: string;
  readonly console: string;
}

/** https://docs.aws.amazon.com/general/latest/gr/signin-service.html */
const PARTITIONS: Readonly<Record<string, Partition>> = {
  aws: { signIn: 'https://signin.aws.amazon.com', console: 'console.aws.amazon.com' },
  'aws-us-gov': { signIn: 'https://signin.amazonaws-us-gov.com', console: 'console.amazonaws-us-gov.com' },
  'aws-cn': { signIn: 'https://signin.amazonaws.cn', console: 'console.amazonaws.cn' },
};

/** Which page of the console is opened, as whom. */
export interface ConsoleRequest {
  readonly credentials: LatchkeyCredentials;
  /** A page of the console; its first page if left out. */
  readonly destination: string | undefined;
  /** 900 to 43,200; AWS takes none with credentials from role chaining. */
  readonly sessionDurationSeconds: number | undefined;
  /** AWS Sign-In played on this machine; else AWS's own. */
  readonly signInUrl: string | undefined;
}

const TIMEOUT_SECONDS = 10;

/**
 * A link that signs in to the AWS console with credentials: a secret, good for 15 minutes. Throws `UsageError` for a page that
 * is not the console's, `RefusedError` and `UnreachableError`, none of which holds a credential or the link.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html
 */
export async function requestConsoleLink(
  { credentials, destination, sessionDurationSeconds, signInUrl }: ConsoleRequest,
  send: typeof fetch,
): Promise<string> {
  const partition = partitionOf(credentials);
  const page = parseDestination(destination ?? `https://${partition.console}/`, partition);
  const endpoint = new URL('/federation', parseSignInUrl(signInUrl) ?? partition.signIn);
  const { accessKeyId: sessionId, secretAccessKey: sessionKey, sessionToken } = credentials;
  const duration =
    sessionDurationSeconds === undefined ? {} : { SessionDuration: `${sessionDurationSeconds}` };
  // In the body: addresses are written into logs on the way.
  const body = new URLSearchParams({
    Action: 'getSigninToken',
    ...duration,
    Session: JSON.stringify({ sessionId, sessionKey, sessionToken }),
  });
  const token = await requestSignInToken(endpoint, body, send);
  endpoint.search = `${new URLSearchParams({ Action: 'login', Destination: page, SigninToken: token })}`;
  return endpoint.href;
}

function partitionOf({ assumedRoleArn }: LatchkeyCredentials): Partition {
  const name = assumedRoleArn.split(':')[1] ?? '';
  const partition = PARTITIONS[name];
  if (partition !== undefined) return partition;
  const known = Object.keys(PARTITIONS).join(', ');
  throw new UsageError(`got credentials of the partition ${name}, expected one of: ${known}`);
}

function parseDestination(text: string, { console: host }: Partition): string {
  const url = URL.parse(text);
  const plain = url !== null && url.protocol === 'https:' && url.port === '' && url.username === '';
  if (plain && (url.hostname === host || url.hostname.endsWith(`.${host}`))) return url.href;
  throw new UsageError(`--destination: got ${text}, expected a page of https://${host}/ or below ${host}`);
}

function parseSignInUrl(text: string | undefined): URL | undefined {
  if (text === undefined || text === '') return undefined;
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && isLoopback(url)) return url;
  throw new UsageError(
    'AWS_ENDPOINT_URL_SIGNIN: got another machine, expected this one; credentials go to AWS alone',
  );
}

async function requestSignInToken(endpoint: URL, body: URLSearchParams, send: typeof fetch): Promise<string> {
  const { host } = endpoint;
  const { status, text } = await exchange(endpoint, body, send);
  if (status !== 200) {
    const detail = `${host} refuses the credentials (AWS takes no --session-duration with role chaining, which is how Latchkey vends)`;
    const rest = { vendId: undefined, requestId: undefined, retryAfterSeconds: undefined, faults: [] };
    if (status < 500) throw new RefusedError({ status, code: 'signin_refused', detail, ...rest }, '');
    throw new UnreachableError(`${host}: HTTP status ${status}`);
  }
  const token = parseSignInToken(text);
  if (token !== undefined) return token;
  throw new UnreachableError(`${host} answers, but not as AWS Sign-In does`);
}

async function exchange(endpoint: URL, body: URLSearchParams, send: typeof fetch) {
  const signal = AbortSignal.timeout(TIMEOUT_SECONDS * 1000);
  try {
    const response = await send(endpoint, { method: 'POST', body, redirect: 'manual', signal });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    const { name, cause } = error as Error;
    const why = (cause as NodeJS.ErrnoException | undefined)?.code ?? name;
    throw new UnreachableError(`${endpoint.host}: ${why}`);
  }
}

function parseSignInToken(text: string): string | undefined {
  try {
    const { SigninToken: token } = JSON.parse(text);
    return typeof token === 'string' && token !== '' ? token : undefined;
  } catch {
    // The cause would quote the token.
    return undefined;
  }
}
