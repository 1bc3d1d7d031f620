import { AssumeRoleWithSAMLCommand, AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, it, test } from 'vitest';
import { FEDERATED_ROLE_ARN } from '../../local/account.ts';
import { type IdentityProviders, openIdProviders, samlProviders } from '../../local/identity-providers.ts';
import { DEVELOPMENT_PAIR } from '../../local/saml-key.ts';
import { createSamlResponse, SAML_PROVIDER } from '../../local/saml-provider.ts';
import { federatedRole } from '../../local/tenant-roles.ts';
import { CLIENT_ID, type OpenIdIssuer, startOpenIdIssuer } from './open-id-issuer.ts';
import { principalTag, ROLE, ROLE_SESSION_NAME, signResponse } from './sign-assertion.ts';
import { type Federation, outcomeOf, startFederation } from './start-federation.ts';

const now = () => new Date();
const ASKED = { RoleArn: FEDERATED_ROLE_ARN, RoleSessionName: 'anybody' };
const REFUSED = /^403 AccessDenied: /;

let own: OpenIdIssuer;
let shared: OpenIdIssuer;
let latchkey: OpenIdIssuer;
let federation: Federation;
beforeAll(async () => {
  [own, shared, latchkey] = (await Promise.all([1, 2, 3].map(() => startOpenIdIssuer(now)))) as [
    OpenIdIssuer,
    OpenIdIssuer,
    OpenIdIssuer,
  ];
  const providers: IdentityProviders = {
    latchkey: latchkey.url,
    openId: [
      { url: own.url, audience: CLIENT_ID, tenantId: 'initech' },
      { url: shared.url, audience: CLIENT_ID, tenantId: undefined },
    ],
    saml: [SAML_PROVIDER],
  };
  const [openId, saml] = [openIdProviders(providers), samlProviders(providers)];
  federation = await startFederation({ roles: [federatedRole(providers)], now, openId, saml });
});
afterAll(async () => {
  for (const issuer of [own, shared, latchkey]) issuer.close();
  await federation.close();
});

const tagged = (tenantId: string) => ({
  'https://aws.amazon.com/tags': { principal_tags: { TenantId: [tenantId] } },
});

async function ask(issuer: OpenIdIssuer, claims: object): Promise<string> {
  const WebIdentityToken = await issuer.sign({ ...claims });
  return outcomeOf(federation.sts.send(new AssumeRoleWithWebIdentityCommand({ ...ASKED, WebIdentityToken })));
}

test.each(['initech', 'acme'])('the shared issuer is taken at its word: %s', async (tenantId) => {
  expect(await ask(shared, tagged(tenantId))).toBe('done');
});

it("takes a tenant's own issuer at its word for that tenant alone", async () => {
  expect(await ask(own, tagged('initech'))).toBe('done');
  for (const claims of [tagged('acme'), tagged('Initech'), tagged('initech/'), {}])
    expect(await ask(own, claims)).toMatch(REFUSED);
});

test.each([
  ['no tag', {}],
  ['an empty one', tagged('')],
  ['one with a slash', tagged('acme/reports')],
])('a token of anybody with %s is refused', async (_what, claims) => {
  for (const issuer of [own, shared, latchkey]) expect(await ask(issuer, claims)).toMatch(REFUSED);
});

it('takes what Latchkey signs', async () => {
  expect(await ask(latchkey, { ...tagged('acme'), sub: 'tenant:acme' })).toBe('done');
});

test.each(['tenant:globex', 'tenant:*', 'tenant:', 'acme', 'Tenant:acme'])(
  'refuses what Latchkey signs where the subject is not the tenant of the tag: %s',
  async (sub) => {
    expect(await ask(latchkey, { ...tagged('acme'), sub })).toMatch(REFUSED);
  },
);

it("takes a tenant's identity provider at its word for that tenant alone", async () => {
  const input = { RoleArn: FEDERATED_ROLE_ARN, PrincipalArn: SAML_PROVIDER.providerArn };
  const assume = (SAMLAssertion: string) =>
    outcomeOf(federation.sts.send(new AssumeRoleWithSAMLCommand({ ...input, SAMLAssertion })));
  const assertionOf = (tenantId: string) =>
    signResponse({
      issuer: 'https://idp.acme.example/latchkey-local',
      pair: DEVELOPMENT_PAIR,
      now: now(),
      attributes: {
        [ROLE]: `${FEDERATED_ROLE_ARN},${SAML_PROVIDER.providerArn}`,
        [ROLE_SESSION_NAME]: 'anybody',
        [principalTag('TenantId')]: tenantId,
      },
    });
  expect(await assume(createSamlResponse('ann', now()))).toBe('done');
  expect(await assume(assertionOf('acme'))).toBe('done');
  for (const tenantId of ['globex', 'ACME', 'acme/'])
    expect(await assume(assertionOf(tenantId))).toMatch(REFUSED);
});
