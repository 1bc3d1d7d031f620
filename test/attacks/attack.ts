import type { Target } from './target.ts';

/** One way to attack, and what has to come of it. */
export type Attack = readonly [
  /** In the list of cases. */
  number: number,
  what: string,
  send: (target: Target) => Promise<Response>,
  status: number,
  /** With 200 the tenant whose data is opened, acme by default; else the code, none if HTTP itself refuses. */
  outcome?: string,
];

export const MALFORMED = [401, 'token_malformed'] as const;
export const INVALID = [401, 'token_invalid'] as const;
export const EXPIRED = [401, 'token_expired'] as const;
export const NO_TOKEN = [401, 'token_missing'] as const;
export const BAD_REQUEST = [400, 'request_invalid'] as const;
export const UNKNOWN_ISSUER = [401, 'issuer_unknown'] as const;
export const UNKNOWN_TENANT = [403, 'tenant_unknown'] as const;
export const NO_KEYS = [503, 'keys_unavailable'] as const;
