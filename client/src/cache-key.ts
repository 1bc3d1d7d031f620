import { nodeModule } from './node-modules.ts';
import type { LatchkeyOptions } from './options.ts';

/** Every option that an answer depends on. */
export type CacheInputs = Pick<LatchkeyOptions, 'profile' | 'durationSeconds' | 'scope' | 'mfa' | 'route'> & {
  readonly endpoint: URL;
};

/**
 * The name of what a token is vended with these options: a SHA-256 over all of them and the whole token, in hexadecimal.
 *
 * The whole token, not what it claims: nobody has verified it here, so a forged one would open what another's claims have earned, in any
 * program that is handed tokens by others. And which claims make an identity is known to the server alone: two tokens of one issuer and
 * subject can be of two tenants. What it costs is a vend for each token. One that has changed in nothing is the same caller's.
 */
export function cacheKey(
  { endpoint, profile, durationSeconds, scope = {}, mfa, route }: CacheInputs,
  token: string,
): string {
  const inputs = [
    // Of this list's form and the file's.
    2,
    endpoint.href,
    profile ?? null,
    durationSeconds ?? null,
    Object.entries(scope).sort(([a], [b]) => (a < b ? -1 : 1)),
    // A code that is given is a proof of whoever gives it; a program or a function is this user's own.
    mfa === undefined ? null : [mfa.serialNumber, typeof mfa.code === 'string' ? mfa.code : null],
    route ?? null,
    token,
  ];
  return nodeModule('node:crypto', 'cache').createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
}
