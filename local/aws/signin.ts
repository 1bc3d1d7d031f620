import { randomBytes } from 'node:crypto';
import { html } from 'hono/html';
import { AwsError } from './aws-error.ts';
import { type Door, describeRefusal } from './door.ts';
import type { JsonDoorOptions } from './json-door.ts';
import type { Sessions, TemporarySession } from './session.ts';
import { equalInConstantTime } from './sigv4/signing-key.ts';

/** What the door is made with. */
export type SignInOptions = Pick<JsonDoorOptions, 'sessions' | 'clock' | 'log'>;

/** For so long a login link is good. */
const TOKEN_SECONDS = 15 * 60;
const CONSOLE_SECONDS = { min: 900, max: 43_200 };
const CONSOLE = /^(?:[a-z0-9-]+\.)*console\.aws\.amazon\.com$/;

interface SignIn {
  readonly session: TemporarySession;
  readonly expiration: number;
  /** How long the console stays open; undefined, as long as the credentials work. */
  readonly consoleSeconds: number | undefined;
}

/**
 * The federation endpoint of AWS Sign-In: `getSigninToken` takes temporary credentials of the local STS, and `login` shows who its
 * token signs in, in place of the console. Credentials of GetSessionToken sign nobody in
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html).
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html
 */
export function createSignInDoor(options: SignInOptions): Door {
  const { clock, log } = options;
  const signIns = new Map<string, SignIn>();
  return async (request) => {
    const { pathname } = new URL(request.url);
    try {
      const parameters = await readParameters(request);
      const action = parameters.get('Action');
      if (pathname === '/federation' && action === 'getSigninToken')
        return issueToken(parameters, options, signIns);
      // AWS takes this one as a link alone.
      if (pathname === '/federation' && action === 'login' && request.method === 'GET')
        return showConsole(parameters, signIns, clock());
      throw new AwsError('Bad Request', 400, 'Invalid action parameter');
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      // The path alone: a query holds the secret.
      log(describeRefusal(`sign-in ${request.method} ${pathname}`, error));
      return respond(`HTTP Status ${error.status} - ${error.message}`, error.message, error.status);
    }
  };
}

async function readParameters(request: Request): Promise<URLSearchParams> {
  return request.method === 'POST'
    ? new URLSearchParams(await request.text())
    : new URL(request.url).searchParams;
}

function issueToken(
  parameters: URLSearchParams,
  { sessions, clock }: SignInOptions,
  signIns: Map<string, SignIn>,
): Response {
  const now = clock();
  const session = findSession(parameters.get('Session') ?? '', sessions, now);
  const consoleSeconds = readConsoleSeconds(parameters.get('SessionDuration'), session);
  for (const [token, { expiration }] of signIns) if (expiration <= now.getTime()) signIns.delete(token);
  const token = randomBytes(256).toString('base64url');
  signIns.set(token, { session, consoleSeconds, expiration: now.getTime() + TOKEN_SECONDS * 1000 });
  return Response.json({ SigninToken: token }, { headers: { 'cache-control': 'no-store' } });
}

function findSession(text: string, sessions: Sessions, now: Date): TemporarySession {
  const { sessionId, sessionKey, sessionToken } = parseSession(text);
  const session = sessions.get(sessionId);
  if (session === undefined) throw refuse('an unknown access key id');
  if (session.kind === 'user' || session.kind === 'userSession') throw refuse("a user's own credentials");
  const { credentials } = session;
  if (!equalInConstantTime(sessionKey, credentials.secretAccessKey))
    throw refuse('a wrong secret access key');
  if (!equalInConstantTime(sessionToken, credentials.sessionToken)) throw refuse('a wrong session token');
  if (now >= credentials.expiration) throw refuse('expired credentials');
  return session;
}

/** A session of a role may stay longer in the console than its credentials work, unless a session of a role assumed it. */
function readConsoleSeconds(
  text: string | null,
  { kind, chained }: Pick<TemporarySession, 'kind' | 'chained'>,
): number | undefined {
  if (text === null) return undefined;
  if (chained) throw refuse('SessionDuration with a session that was made from a session');
  if (kind === 'federatedUser') throw refuse('SessionDuration with credentials of GetFederationToken');
  const seconds = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= CONSOLE_SECONDS.min && seconds <= CONSOLE_SECONDS.max) return seconds;
  throw new AwsError('Bad Request', 400, 'Invalid SessionDuration parameter');
}

const MEMBERS = ['sessionId', 'sessionKey', 'sessionToken'] as const;

function parseSession(text: string): Readonly<Record<(typeof MEMBERS)[number], string>> {
  try {
    const session = JSON.parse(text);
    if (MEMBERS.every((member) => typeof session[member] === 'string')) return session;
  } catch {
    // Refused below; the error would quote a secret.
  }
  throw refuse('a Session that is not JSON with sessionId, sessionKey and sessionToken');
}

function showConsole(parameters: URLSearchParams, signIns: Map<string, SignIn>, now: Date): Response {
  const signIn = signIns.get(parameters.get('SigninToken') ?? '');
  if (
    signIn === undefined ||
    signIn.expiration <= now.getTime() ||
    now >= signIn.session.credentials.expiration
  )
    throw new AwsError('Bad Request', 400, 'Invalid or expired sign-in token');
  const destination = URL.parse(parameters.get('Destination') ?? '');
  if (destination?.protocol !== 'https:' || !CONSOLE.test(destination.hostname))
    throw new AwsError('Bad Request', 400, 'Invalid destination parameter');
  const { arn, tags, credentials } = signIn.session;
  const { consoleSeconds } = signIn;
  const until =
    consoleSeconds === undefined ? credentials.expiration : new Date(now.getTime() + consoleSeconds * 1000);
  const body = html`<p>Signed in as <code id="arn">${arn}</code>, tenant <code id="tenant">${tags['TenantId'] ?? 'none'}</code>, until <time id="until">${until.toISOString()}</time>.</p>
<p>AWS would now show <a id="destination" rel="noreferrer" href="${destination.href}">${destination.href}</a>.</p>`;
  return respond('AWS console, played on this machine', body, 200);
}

function respond(title: string, body: string | ReturnType<typeof html>, status: number): Response {
  const page = html`<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>${body}</html>`;
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  };
  return new Response(String(page), { status, headers });
}

/** AWS says no more than this, whatever is wrong. */
function refuse(cause: string): AwsError {
  return new AwsError('Bad Request', 400, 'Invalid credentials parameter', { cause });
}
