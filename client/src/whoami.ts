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
}

/** A profile that the caller's tenant may use. */
export interface WhoamiProfile {
  readonly name: string;
  readonly description: string;
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

/** `GET /whoami`. Throws `LatchkeyError`. */
export function fetchWhoami(api: Api): Promise<Whoami> {
  return api({ method: 'GET', route: 'whoami', parse: ({ text }) => parseWhoami(text) });
}

/** What is not Latchkey's has no such members; what is, has a schema. */
function parseWhoami(text: string): Whoami | undefined {
  const answer = parseJsonObject(text);
  return typeof answer?.['tenantId'] === 'string' && Array.isArray(answer['profiles'])
    ? (answer as unknown as Whoami)
    : undefined;
}
