import { weakenings } from '../../functions/core/issuer/issuer-defaults.ts';
import type { presentIssuer } from '../../functions/tenants/present.ts';
import { renderSheet } from '../sheet.ts';
import { printable } from '../terminal.ts';

/** A shared issuer as the API answers it. */
export type IssuerAnswer = ReturnType<typeof presentIssuer>;

/** URL and version, and a line for each of its terms that is weaker than the default. */
export function renderIssuerLines(issuer: IssuerAnswer): string {
  const weaker = weakenings(issuer).map((each) => `weaker than the default: ${each}`);
  return [`issuer ${issuer.url}, version ${issuer.version}`, ...weaker]
    .map((line) => `${printable(line)}\n`)
    .join('');
}

/** All that is known of a shared issuer, for people. */
export function renderIssuer(issuer: IssuerAnswer): string {
  const { maximumTokenAgeSeconds: age, discovery, jwksUri, jwks } = issuer;
  return renderSheet([
    ['issuer', issuer.url],
    ['version', String(issuer.version)],
    ['tenant claim', issuer.claim],
    ['audience', issuer.audience],
    ['algorithms', issuer.algorithms.join(', ')],
    ['keys', discovery ? 'where its metadata says' : (jwksUri ?? `${jwks?.keys.length ?? 0} in its record`)],
    ['token types', issuer.tokenTypes.join(', ')],
    ['clock skew', `${issuer.clockSkewSeconds} s`],
    ['longest token', `${issuer.maximumTokenLifetimeSeconds} s`],
    ['oldest token', age === undefined ? undefined : `${age} s`],
    ['required claims', Object.entries(issuer.requiredClaims).map(([claim, value]) => `${claim} = ${value}`)],
    ['required scopes', issuer.requiredScopes],
    ['clients', issuer.clientIds],
    ['subject pattern', issuer.subjectPattern],
    ['token use', issuer.tokenUse],
    ['sender constraint', issuer.senderConstraint],
    ['proof nonce', issuer.proofNonce],
    ['weaker than the default', weakenings(issuer)],
  ]);
}
