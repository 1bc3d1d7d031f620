import type { presentIssuer } from '../functions/tenants/present.ts';
import { renderSheet } from './sheet.ts';
import { printable } from './terminal.ts';

/** A shared issuer as the API answers it. */
export type IssuerAnswer = ReturnType<typeof presentIssuer>;

/** URL and version, in a line. */
export function renderIssuerLine({ url, version }: IssuerAnswer): string {
  return `${printable(`issuer ${url}, version ${version}`)}\n`;
}

/** All that is known of a shared issuer, for people. */
export function renderIssuer(issuer: IssuerAnswer): string {
  return renderSheet([
    ['issuer', issuer.url],
    ['version', String(issuer.version)],
    ['tenant claim', issuer.claim],
    ['audience', issuer.audience],
    ['algorithms', issuer.algorithms.join(', ')],
    ['keys', issuer.jwksUri ?? `${issuer.jwks?.keys.length ?? 0} in its record`],
    ['token types', issuer.tokenTypes.join(', ')],
    ['clock skew', `${issuer.clockSkewSeconds} s`],
    ['longest token', `${issuer.maximumTokenLifetimeSeconds} s`],
    ['required claims', Object.entries(issuer.requiredClaims).map(([claim, value]) => `${claim} = ${value}`)],
  ]);
}
