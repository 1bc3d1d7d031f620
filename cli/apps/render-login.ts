import { inWholeSeconds } from '../../functions/core/instant.ts';
import { renderSheet } from '../sheet.ts';
import { subjectOf } from './token-form.ts';
import type { Login } from './token-store.ts';

/** Who is signed in, for which API and how long, for people; and what to do next. No token. */
export function renderLogin(login: Login): string {
  const { apiUrl, name, issuer, clientId, accessToken } = login;
  const sheet = renderSheet([
    ['signed in', subjectOf(accessToken) ?? clientId],
    ['login', name],
    ['at', issuer],
    ['for', apiUrl],
    ['until', untilOf(login)],
  ]);
  return `${sheet}next: latchkey whoami${name === undefined ? '' : ` --login ${name}`}\n`;
}

function untilOf({ expiresAt, refreshToken, clientAuth, clientSecretFile }: Login): string | undefined {
  if (expiresAt === undefined) return undefined;
  const end = inWholeSeconds(new Date(expiresAt));
  // A variable is not remembered: it must be there at each refresh.
  if (clientAuth !== undefined)
    return `${end}; refreshed with ${clientSecretFile ?? 'LATCHKEY_CLIENT_SECRET'}`;
  return refreshToken === undefined ? `${end}; then sign in again` : `${end}; refreshed by itself`;
}
