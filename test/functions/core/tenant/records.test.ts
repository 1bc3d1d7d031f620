import { describe, expect, it, test } from 'vitest';
import { parseIssuer } from '../../../../functions/core/issuer/issuer.ts';
import { parseTenant } from '../../../../functions/core/tenant/tenant.ts';
import { parseTenantDefinition } from '../../../../functions/core/tenant/tenant-definition.ts';
import { parseTenantRecord } from '../../../../functions/core/tenant/tenant-record.ts';
import { sampleTenantDefinition, sampleTenantRecord } from '../sample.ts';

const ROLE = 'arn:aws:iam::444455556666:role/latchkey';
const CLAIM = { issuer: 'https://login.example.com/', value: 'org_1' };
const SAML = { providerArn: 'arn:aws:iam::111122223333:saml-provider/acme', metadata: '<x/>' };
const OWN = { url: 'https://own.example', audience: 'x', jwksUri: 'https://own.example/jwks' };

const issuer = {
  url: 'https://login.example.com/',
  audience: 'https://credentials.example.com',
  jwksUri: 'https://login.example.com/jwks.json',
  binding: { kind: 'claim', claim: 'org_id' },
};

describe("an issuer's record", () => {
  it('has safe defaults', () => {
    expect(parseIssuer(issuer)).toEqual({
      ...issuer,
      algorithms: ['RS256', 'ES256'],
      tokenTypes: ['at+jwt'],
      clockSkewSeconds: 30,
      maximumTokenLifetimeSeconds: 86_400,
      requiredClaims: {},
      requiredScopes: [],
      tokenUse: 'many',
      senderConstraint: 'optional',
      proofNonce: 'none',
    });
  });

  it('may leave it to discovery where its keys are', () => {
    const { jwksUri: _, ...rest } = issuer;
    expect(parseIssuer({ ...rest, discovery: true })).toMatchObject({ discovery: true });
  });

  test.each([
    ['a skew of over two minutes', { clockSkewSeconds: 121 }, 'clockSkewSeconds'],
    ['a symmetric algorithm', { algorithms: ['HS256'] }, 'algorithms.0'],
    ['no algorithm at all', { algorithms: ['none'] }, 'algorithms.0'],
    ['an empty list of algorithms', { algorithms: [] }, 'algorithms'],
    ['no audience', { audience: '' }, 'audience'],
    ['a file for keys', { jwksUri: 'file:///etc/passwd' }, 'jwksUri'],
    ['no token type', { tokenTypes: [] }, 'tokenTypes'],
    ['a lifetime of over a day', { maximumTokenLifetimeSeconds: 86_401 }, 'maximumTokenLifetimeSeconds'],
    ['a binding to what is no tenant', { binding: { kind: 'tenant', tenantId: '*' } }, 'binding.tenantId'],
    ['a binding to nothing', { binding: { kind: 'claim', claim: '' } }, 'binding.claim'],
    ['an unknown member', { trusted: true }, 'trusted'],
    ['no keys', { jwksUri: undefined }, 'expected one of jwksUri, discovery and jwks'],
    ['keys from two places', { discovery: true }, 'expected one of jwksUri, discovery and jwks'],
    ['no discovery', { jwksUri: undefined, discovery: false }, 'discovery'],
    [
      'discovery behind a query',
      { jwksUri: undefined, discovery: true, url: 'https://idp.example/?a=b' },
      'url: got a query or fragment',
    ],
    ['a pattern that takes long', { subjectPattern: '(a+)+' }, 'subjectPattern: got "(a+)+", expected no'],
    [
      'a pattern that is none',
      { subjectPattern: 'a)|(b' },
      'subjectPattern: got "a)|(b", expected a regular',
    ],
    ['a pattern that looks around', { subjectPattern: '(?=a)a' }, 'subjectPattern: got'],
    ['a pattern that is too long', { subjectPattern: 'a'.repeat(257) }, 'subjectPattern: '],
    ['an empty list of clients', { clientIds: [] }, 'clientIds'],
    ['an age of under a minute', { maximumTokenAgeSeconds: 59 }, 'maximumTokenAgeSeconds'],
    ['another use', { tokenUse: 'twice' }, 'tokenUse'],
    ['another sender constraint', { senderConstraint: 'none' }, 'senderConstraint'],
    ['a URL that is none in ASCII', { url: 'https://idp.example/€' }, 'url: got a character'],
    ['half a character', { audience: '\ud800' }, 'audience: got half a character'],
    ['a required claim that is no text', { requiredClaims: { azp: 1 } }, 'requiredClaims.azp'],
  ])('with %s is refused', (_what, changes, named) => {
    expect(() => parseIssuer({ ...issuer, ...changes })).toThrow(`issuer: `);
    expect(() => parseIssuer({ ...issuer, ...changes })).toThrow(named);
  });
});

describe("a tenant's definition", () => {
  test.each([
    ['an attribute whose name is none', { attributes: { 'a b': 'x' } }, 'attributes'],
    ['an attribute that is a list', { attributes: { a: ['x'] } }, 'attributes.a'],
    ['an empty attribute', { attributes: { a: '' } }, 'attributes.a'],
    ['a status, which is not written but decided', { status: 'active' }, 'status'],
    ['no profiles', { profiles: [] }, 'profiles'],
    ['a default profile that is not granted', { defaultProfile: 'admin' }, 'defaultProfile'],
    ['a profile twice', { profiles: ['app', 'app'] }, 'profiles.1'],
    ['a cap under 15 minutes', { limits: { maximumDurationSeconds: 899 } }, 'limits.maximumDurationSeconds'],
    ['a role for a profile that is not granted', { roles: { admin: { roleArn: ROLE } } }, 'roles.admin'],
    ['a role that is none', { roles: { app: { roleArn: 'arn:aws:iam::1:user/x' } } }, 'roles.app.roleArn'],
    [
      'an external id of its own choice',
      { roles: { app: { roleArn: ROLE, externalId: 'x' } } },
      'externalId',
    ],
    ['an own profile that is not granted', { ownProfiles: [{ name: 'x' }] }, 'ownProfiles.0.name'],
    [
      'an own issuer without keys',
      { issuers: [{ url: 'https://a.example', audience: 'x' }] },
      'issuers.0.jwksUri',
    ],
    ['a claim twice', { claims: [CLAIM, CLAIM] }, 'claims.1'],
    [
      'a claim of its own issuer',
      { issuers: [OWN], claims: [{ issuer: OWN.url, value: 'x' }] },
      'claims.0.issuer',
    ],
    ['half a character', { displayName: 'x\ud800' }, 'displayName: got half a character'],
    [
      'half a character in a claim',
      { claims: [{ ...CLAIM, value: '\udc00' }] },
      'claims.0.value: got half a character',
    ],
    [
      "half a character in a claim's issuer",
      { claims: [{ ...CLAIM, issuer: '\ud800' }] },
      'claims.0.issuer: got half a character',
    ],
    [
      'the ARN of something else than a SAML provider',
      { samlProviders: [{ ...SAML, providerArn: ROLE }] },
      'samlProviders.0.providerArn: not the ARN of a SAML provider',
    ],
    [
      'a SAML provider without metadata',
      { samlProviders: [{ ...SAML, metadata: '' }] },
      'samlProviders.0.metadata',
    ],
    [
      'the address of metadata',
      { samlProviders: [{ ...SAML, metadata: 'https://idp.example/metadata' }] },
      "samlProviders.0.metadata: expected XML, the identity provider's metadata itself",
    ],
    [
      'metadata that is too long',
      { samlProviders: [{ ...SAML, metadata: `<${'x'.repeat(20_000)}` }] },
      'samlProviders.0.metadata: expected at most 20000 characters',
    ],
    [
      'half a character in metadata',
      { samlProviders: [{ ...SAML, metadata: '<\ud800>' }] },
      'samlProviders.0.metadata: got half a character',
    ],
    ['a SAML provider twice', { samlProviders: [SAML, SAML] }, 'samlProviders.1: got it twice'],
    ['three SAML providers', { samlProviders: Array(3).fill(SAML) }, 'samlProviders: expected at most 2'],
    ['a use of assertions', { samlProviders: [{ ...SAML, tokenUse: 'many' }] }, 'samlProviders.0'],
    ['more bindings than one transaction takes', { claims: Array(21).fill(CLAIM) }, 'claims'],
  ])('with %s is refused', (_what, changes, named) => {
    expect(() => parseTenantDefinition({ ...sampleTenantDefinition(), ...changes })).toThrow(named);
  });

  it('names every fault by its place', () => {
    const wrong = { ...sampleTenantDefinition(), profiles: [], attributes: { a: '' } };
    expect(() => parseTenantDefinition(wrong)).toThrow(
      expect.objectContaining({
        faults: expect.arrayContaining([
          expect.objectContaining({ path: ['profiles'] }),
          expect.objectContaining({ path: ['attributes', 'a'] }),
        ]),
      }),
    );
  });
});

describe("a tenant's record", () => {
  test.each([
    ['no external id', { externalId: undefined }, 'externalId'],
    ['an external id that somebody chose', { externalId: 'acme-1234' }, 'externalId'],
    ['an unknown hold', { holds: ['mood'] }, 'holds.0'],
    ['no version', { version: undefined }, 'version'],
    ['an unknown member', { trusted: true }, 'trusted'],
    ['an id that is kept for verifications', { tenantId: 'latchkey-probe' }, 'tenantId'],
    ['a definition that is none', { definition: { displayName: 'x' } }, 'definition.profiles'],
  ])('with %s is refused', (_what, changes, named) => {
    expect(() => parseTenantRecord(sampleTenantRecord({}, changes))).toThrow(named);
  });

  it('is no tenant before somebody has defined it', () => {
    expect(parseTenant(sampleTenantRecord({}, { definition: undefined }))).toBeUndefined();
  });
});
