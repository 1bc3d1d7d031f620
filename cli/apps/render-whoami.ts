import type { Whoami } from '../../client/src/index.ts';
import { renderSheet } from '../sheet.ts';
import { renderTable } from '../table.ts';

/** Who the caller is to Latchkey, and what may be vended, for people. */
export function renderWhoami(whoami: Whoami): string {
  const { tenantId, displayName, issuer, subject, scopes, tokenValidUntil } = whoami;
  const { defaultProfile, profiles, verified } = whoami;
  const sheet = renderSheet([
    ['tenant', `${tenantId} (${displayName})`],
    ['subject', subject],
    ['issuer', issuer],
    ['scopes', scopes.join(' ')],
    // With the issuer's clock skew in it, which the token's own end has not.
    ['accepted until', `${tokenValidUntil.replace(/\.\d+Z$/, 'Z')}, the issuer's clock skew included`],
    ['verified profile', verified?.profile],
    ['AWS account', verified?.account],
    ['AWS session', verified?.arn],
    ['AWS user id', verified?.userId],
  ]);
  const rows = profiles.map(({ name, durationSeconds, missingScopes, mfa, route, scope, description }) => [
    name === defaultProfile ? `${name} (default)` : name,
    missingScopes.length === 0 ? 'yes' : `no: the token lacks ${missingScopes.join(' ')}`,
    mfa === 'none' ? route : `${route}, with mfa`,
    `${durationSeconds.default}, at most ${durationSeconds.maximum}`,
    Object.entries(scope)
      .map(([key, { optional }]) => (optional ? `[${key}]` : key))
      .join(' '),
    description,
  ]);
  return `${sheet}\n${renderTable(rows, ['profile', 'may use it', 'POST', 'seconds', '--scope', ''])}`;
}
