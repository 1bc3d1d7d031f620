import { html } from 'hono/html';
import type { LocalUser } from './openid-provider.ts';

type Html = ReturnType<typeof html>;

function page(title: string, body: Html): string {
  return String(html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${title}</title>
<style>body { font: 16px/1.5 system-ui; max-width: 34rem; margin: 4rem auto } code { font-size: 2rem } button { font: inherit; margin: 0 .5rem .5rem 0 }</style>
<h1>${title}</h1>
${body}
</html>`);
}

/** Asks for the code that stands in the terminal. `form` is the provider's own. */
export function codePage(form: Html, failed: boolean): string {
  const wrong = failed ? html`<p>That code is unknown, used up, or was denied.</p>` : '';
  return page(
    'Which code does your terminal show?',
    html`${wrong}${form}<button type="submit" form="op.deviceInputForm">Continue</button>`,
  );
}

/** Asks whether it is that code (RFC 8628, 3.3.1). `form` is the provider's own. */
export function confirmPage(form: Html, userCode: string, clientId: string): string {
  return page(
    'Is this the code in your terminal?',
    html`<p><code>${userCode}</code></p><p>${clientId} asks for it. Go on only if it was you who started it.</p>${form}
<button type="submit" form="op.deviceConfirmForm">Continue</button>
<button type="submit" form="op.deviceConfirmForm" name="abort" value="yes">Abort</button>`,
  );
}

/** Asks who signs in and approves. Nobody has a password: this provider is for this machine. */
export function usersPage(users: readonly LocalUser[]): string {
  const buttons = users.map(
    ({ userId, tenantClaim }) =>
      html`<button type="submit" name="user" value="${userId}">${userId}, of ${tenantClaim}</button>`,
  );
  return page(
    'Who signs in?',
    html`<form method="post">${buttons}<p><button type="submit" name="deny" value="yes">Deny</button></p></form>`,
  );
}

/** The end. */
export function donePage(): string {
  return page('Signed in', html`<p>The terminal goes on by itself. This page can be closed.</p>`);
}
