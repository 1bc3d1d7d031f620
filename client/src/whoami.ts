import type { Api } from './api.ts';
import { parseJsonObject } from './json-object.ts';

/** What Latchkey knows of the caller: the answer of `GET /whoami`. */
export interface Whoami {
  readonly tenantId: string;
  readonly displayName: string;
  readonly issuer: string;
  readonly subject: string;
  readonly scopes: readonly string[];
  /** RFC 3339, UTC. */
  readonly tokenValidUntil: string;
  readonly defaultProfile: string;
  readonly profiles: readonly WhoamiProfile[];
  /** What AWS STS says of credentials that were vended for the profile; there if it was asked. */
  readonly verified?: WhoamiVerified | undefined;
}

/** An answer of GetCallerIdentity. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export interface WhoamiVerified {
  readonly profile: string;
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
}

/** What more is asked. */
export interface WhoamiOptions {
  /** To vend credentials for the session's profile and ask AWS STS whose they are. */
  readonly verify?: boolean | undefined;
}

/** A profile that the caller's tenant may use. */
export interface WhoamiProfile {
  readonly name: string;
  readonly description: string;
  /** The operation of AWS STS by which its credentials are made, and the route that vends them. */
  readonly method: string;
  /** With webIdentity: whose token STS is given. */
  readonly webIdentityToken?: 'latchkey' | 'caller' | undefined;
  readonly route: string;
  /** Whether a vend needs a code of an MFA device. */
  readonly mfa: 'none' | 'required';
  readonly durationSeconds: { readonly default: number; readonly maximum: number };
  readonly scope: Readonly<Record<string, WhoamiScopeParameter>>;
  /** Scopes of the token that it demands, and those of them that this token lacks. */
  readonly requiredScopes: readonly string[];
  readonly missingScopes: readonly string[];
}

/** What may be asked for in `scope`. */
export interface WhoamiScopeParameter {
  readonly description: string;
  readonly pattern: string;
  readonly optional: boolean;
}

/** `GET /whoami`. `profile`: which one is verified; the tenant's default profile if left out. Throws `LatchkeyError`. */
export function fetchWhoami(
  api: Api,
  { verify = false, profile }: WhoamiOptions & { readonly profile?: string | undefined } = {},
): Promise<Whoami> {
  const query = new URLSearchParams({ verify: 'true', ...(profile === undefined ? {} : { profile }) });
  const route = verify ? `whoami?${query}` : 'whoami';
  return api({ method: 'GET', route, parse: ({ text }) => parseWhoami(text) });
}

/** What is not Latchkey's has no such members; what is, has a schema. */
function parseWhoami(text: string): Whoami | undefined {
  const answer = parseJsonObject(text);
  return typeof answer?.['tenantId'] === 'string' && Array.isArray(answer['profiles'])
    ? (answer as unknown as Whoami)
    : undefined;
}
