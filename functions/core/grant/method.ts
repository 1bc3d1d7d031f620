/**
 * The operations of STS that make sessions. https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
 * `assumeRole`: from the function's own role, or, with MFA, from the tenant's IAM user. `webIdentity`: for a token that
 * Latchkey signs or that the caller came with. `saml`: for the caller's assertion. `federationToken` and `sessionToken`:
 * from the long-term keys of an IAM user.
 */
export const METHODS = ['assumeRole', 'webIdentity', 'saml', 'federationToken', 'sessionToken'] as const;

/** One of them. */
export type Method = (typeof METHODS)[number];

/** Whose token STS is given with `webIdentity`: one that Latchkey signs for the grant, or the caller's own. */
export const WEB_IDENTITY_TOKENS = ['latchkey', 'caller'] as const;

/** One of them. */
export type WebIdentityToken = (typeof WEB_IDENTITY_TOKENS)[number];

/** What a profile says of how its sessions are made. */
export interface Making {
  readonly method: Method;
  /** With `webIdentity` alone. */
  readonly webIdentityToken: WebIdentityToken | undefined;
  /** Whether the caller must bring a code of an MFA device; AWS takes one only of the IAM user that asks. */
  readonly mfa: 'none' | 'required';
}

/** The functions that make sessions, each with privileges of its own and a route: functions/core/routes.ts. */
export const VENDING_FUNCTIONS = ['vend', 'saml', 'iam-user'] as const;

/** One of them. */
export type VendingFunction = (typeof VENDING_FUNCTIONS)[number];

/** Which function makes sessions so. Long-term keys of IAM users are read by one alone. */
export function functionFor({ method, mfa }: Pick<Making, 'method' | 'mfa'>): VendingFunction {
  if (method === 'saml') return 'saml';
  if (method === 'federationToken' || method === 'sessionToken' || mfa === 'required') return 'iam-user';
  return 'vend';
}

/** Whether what bounds the session rides in what the caller brings: then anybody who holds that can ask STS without Latchkey. */
export function ridesInToken({ method, webIdentityToken }: Omit<Making, 'mfa'>): boolean {
  return method === 'saml' || webIdentityToken === 'caller';
}
