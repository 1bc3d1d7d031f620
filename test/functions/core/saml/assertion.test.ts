import { expect, it, test } from 'vitest';
import { type Assertion, readAsserted } from '../../../../functions/core/saml/assertion.ts';
import { parseTenantId } from '../../../../functions/core/tenant-id.ts';
import { codeOf, NOW } from '../sample.ts';

const PREFIX = 'https://aws.amazon.com/SAML/Attributes/';
const provider = {
  entityId: 'urn:idp',
  providerArn: 'arn:aws:iam::111122223333:saml-provider/acme',
  certificates: [],
  tenantId: parseTenantId('acme'),
};
const end = new Date(NOW.getTime() + 60_000).toISOString();
const assertion: Assertion = {
  id: '_1',
  issuer: 'urn:idp',
  issueInstant: NOW.toISOString(),
  subject: 'ann',
  confirmation: {
    method: 'urn:oasis:names:tc:SAML:2.0:cm:bearer',
    recipient: 'https://signin.aws.amazon.com/saml',
    notBefore: undefined,
    notOnOrAfter: end,
  },
  conditions: { notBefore: undefined, notOnOrAfter: end, audienceRestrictions: [['urn:amazon:webservices']] },
  sessionEnds: [],
  attributes: [
    { name: `${PREFIX}RoleSessionName`, values: ['acme.ann'] },
    { name: `${PREFIX}Role`, values: ['role,provider'] },
  ],
};

it('an assertion gives its caller, and the roles that it names', () => {
  const { caller, roles } = readAsserted(assertion, provider, NOW);
  expect(roles).toEqual(['role,provider']);
  expect(caller).toMatchObject({ subject: 'ann', tokenId: '_1', samlProviderArn: provider.providerArn });
  expect(Object.isFrozen(caller)).toBe(true);
});

// Also of what nobody should get here with: what verifies signatures may be looked at by others, too.
test.each<[string, Partial<Assertion>, string]>([
  ['of another issuer', { issuer: 'urn:other' }, 'assertion_invalid'],
  ['without an ID', { id: '' }, 'assertion_invalid'],
  ['without a subject', { subject: '' }, 'assertion_invalid'],
  [
    'whose conditions have no end',
    { conditions: { ...assertion.conditions, notOnOrAfter: undefined } },
    'assertion_invalid',
  ],
  [
    'whose confirmation has no end',
    { confirmation: { ...assertion.confirmation, notOnOrAfter: undefined } },
    'assertion_invalid',
  ],
  [
    'for no audience',
    { conditions: { ...assertion.conditions, audienceRestrictions: [] } },
    'assertion_invalid',
  ],
  [
    'to no recipient',
    { confirmation: { ...assertion.confirmation, recipient: undefined } },
    'assertion_invalid',
  ],
  ['whose session has ended', { sessionEnds: [end, '2026-11-21T11:00:00Z'] }, 'assertion_expired'],
])('an assertion %s is refused', (_what, changes, code) => {
  expect(codeOf(() => readAsserted({ ...assertion, ...changes }, provider, NOW))).toBe(code);
});
