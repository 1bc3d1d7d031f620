import type { Api } from './api.ts';
import { LatchkeyError } from './error.ts';
import { parseJsonObject } from './json-object.ts';

/** How a console session is asked for, besides what the session's options say of its credentials. */
export interface ConsoleSessionOptions {
  /** The page of the AWS console to show; its first page if left out. */
  readonly destination?: string | undefined;
  /** An https URL: where AWS sends people whose session has ended. */
  readonly issuer?: string | undefined;
  /** 900 to 43,200 and no longer than the credentials; AWS takes none with role chaining, which is how profiles with the method assumeRole are vended. */
  readonly sessionDurationSeconds?: number | undefined;
}

/** A link that signs in to the AWS console: the answer of `POST /console-session`. */
export interface ConsoleSession {
  readonly vendId: string;
  readonly tenantId: string;
  readonly profile: string;
  /** As whom the link signs in. */
  readonly assumedRoleUser?: { readonly arn: string; readonly assumedRoleId: string } | undefined;
  /** A secret: whoever has it is signed in. */
  readonly url: string;
  /** When the link stops signing in. RFC 3339, UTC. */
  readonly expiration: string;
  /** RFC 3339, UTC. */
  readonly credentialsExpiration: string;
}

/** What is vended for it. */
interface Asked {
  readonly profile?: string | undefined;
  readonly durationSeconds?: number | undefined;
  readonly scope?: Readonly<Record<string, string>> | undefined;
  /** What the route takes neither of. */
  readonly mfa?: unknown;
  readonly route?: unknown;
}

/** `POST /console-session`, each time with new credentials. Throws `LatchkeyError`; `options_invalid` with `mfa` or `route`, which say that an IAM user asks. */
export async function requestConsoleSession(
  api: Api,
  asked: Asked,
  { destination, issuer, sessionDurationSeconds }: ConsoleSessionOptions,
): Promise<ConsoleSession> {
  const { profile, durationSeconds, scope, mfa, route } = asked;
  if (mfa !== undefined || route !== undefined)
    throw new LatchkeyError(
      'options_invalid',
      `got ${mfa === undefined ? 'route' : 'mfa'} for a console session, expected none: no IAM user makes one`,
    );
  return api({
    method: 'POST',
    route: 'console-session',
    body: JSON.stringify({ profile, durationSeconds, scope, destination, issuer, sessionDurationSeconds }),
    parse: ({ text }) => parseConsoleSession(text),
  });
}

/** What is not Latchkey's has no such members; what is, has a schema. */
function parseConsoleSession(text: string): ConsoleSession | undefined {
  const answer = parseJsonObject(text);
  const isLink = typeof answer?.['url'] === 'string' && URL.canParse(answer['url']);
  return isLink && typeof answer['vendId'] === 'string' ? (answer as unknown as ConsoleSession) : undefined;
}
