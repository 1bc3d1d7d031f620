import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it, test, vi } from 'vitest';
import type { LocalTenantFacts } from '../../local/local-facts.ts';
import { type LocalLatchkey, startLocal } from '../../local/start.ts';
import { profileDefinitions } from '../../profiles/index.ts';
import { jsonOf } from '../latchkey.ts';
import { createBrowser, signInOnPage } from './sign-in-page.ts';

let local: LocalLatchkey;
const said = (['info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name));
beforeAll(async () => {
  local = await startLocal({ port: 0, profileDefinitions, auditLog: { record: () => {} }, log: () => {} });
});
afterAll(() => local.close());

const tenant = (tenantId: string) =>
  [...local.facts.tenants, local.facts.newcomer].find(
    (each) => each.tenantId === tenantId,
  ) as LocalTenantFacts;

async function post(url: string, fields: Readonly<Record<string, string>>) {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
  return {
    status: response.status,
    body: response.status === 200 ? await response.json() : await jsonOf(response),
  };
}

async function startFlow(
  { issuer, deviceClientId, resource }: LocalTenantFacts,
  scope = 'vend offline_access',
) {
  const { body } = await post(`${issuer}/device/auth`, { client_id: deviceClientId, scope, resource });
  const poll = () =>
    post(`${issuer}/token`, {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      client_id: deviceClientId,
      device_code: body.device_code,
    });
  return { started: body, poll };
}

const refresh = ({ issuer, deviceClientId }: LocalTenantFacts, token: string) =>
  post(`${issuer}/token`, { grant_type: 'refresh_token', client_id: deviceClientId, refresh_token: token });

describe('the device flow of the local provider', () => {
  it('says where to go, with which code, and how often to poll', async () => {
    const acme = tenant('acme');
    const { started, poll } = await startFlow(acme);
    expect(started).toMatchObject({
      verification_uri: `${acme.issuer}/device`,
      user_code: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/),
      interval: 1,
    });
    expect(await poll()).toMatchObject({ status: 400, body: { error: 'authorization_pending' } });
  });

  test.each(['acme', 'globex', 'initech'])('signs in somebody of %s, and vends to them', async (tenantId) => {
    const facts = tenant(tenantId);
    const { started, poll } = await startFlow(facts);
    const last = await signInOnPage(started.verification_uri_complete, { user: facts.user });
    expect([last.status, last.text]).toEqual([200, expect.stringContaining('Signed in')]);
    const { body: tokens } = await poll();
    const claims = decodeJwt(tokens.access_token);
    expect(claims).toMatchObject({ aud: facts.resource, tenant: tenantId, sub: facts.user, scope: 'vend' });
    const headers = { Authorization: `Bearer ${tokens.access_token}` };
    const vend = await fetch(`${local.facts.api}/credentials`, { method: 'POST', headers });
    expect([vend.status, (await jsonOf(vend)).tenantId]).toEqual([200, tenantId]);
    // A code is good once.
    expect((await poll()).body.error).toBe('invalid_grant');
  });

  it('takes the code as it is typed in', async () => {
    const acme = tenant('acme');
    const { started, poll } = await startFlow(acme);
    const { visit, submit } = createBrowser();
    const typed = await submit(await visit(started.verification_uri), {
      user_code: started.user_code.toLowerCase(),
    });
    expect(typed.text).toContain(started.user_code);
    await submit(await submit(typed), { user: acme.user });
    expect((await poll()).status).toBe(200);
  });

  test.each([
    ['denied', { deny: 'yes' }],
    ['by somebody who is not of this provider', { user: 'dev@initech.example' }],
  ])('%s: access_denied', async (_what, pressed) => {
    const { started, poll } = await startFlow(tenant('acme'));
    await signInOnPage(started.verification_uri_complete, pressed);
    expect((await poll()).body.error).toBe('access_denied');
  });

  it('asks again who signs in, in the browser of the one before', async () => {
    const { visit, submit } = createBrowser();
    for (const tenantId of ['acme', 'globex']) {
      const facts = tenant(tenantId);
      const { started, poll } = await startFlow(facts);
      const confirm = await submit(await visit(started.verification_uri_complete));
      await submit(await submit(confirm), { user: facts.user });
      expect(decodeJwt((await poll()).body.access_token)['tenant']).toBe(tenantId);
    }
  });

  it('shows nobody an unknown code', async () => {
    const { visit, submit } = createBrowser();
    const page = await submit(await visit(`${tenant('acme').issuer}/device?user_code=AAAA-AAAA`));
    expect(page.text).toContain('unknown');
  });
});

describe('refresh tokens of the local provider', () => {
  const signedIn = async (scope?: string) => {
    const acme = tenant('acme');
    const { started, poll } = await startFlow(acme, scope);
    await signInOnPage(started.verification_uri_complete, { user: acme.user });
    return (await poll()).body;
  };

  it('come with offline_access alone', async () => {
    expect((await signedIn('vend')).refresh_token).toBeUndefined();
  });

  it('rotate, and one that is used twice ends them all', async () => {
    const acme = tenant('acme');
    const { refresh_token: first } = await signedIn();
    const { body } = await refresh(acme, first);
    expect(decodeJwt(body.access_token)).toMatchObject({
      tenant: 'acme',
      aud: acme.resource,
      sub: acme.user,
    });
    expect((await refresh(acme, first)).body.error).toBe('invalid_grant');
    expect((await refresh(acme, body.refresh_token)).body.error).toBe('invalid_grant');
  });
});

it('the provider says nothing of its own on the console', () => {
  for (const spy of said) expect(spy).not.toHaveBeenCalled();
});
