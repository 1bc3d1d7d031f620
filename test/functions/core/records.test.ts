import { describe, expect, it, test } from 'vitest';
import { parseIssuer } from '../../../functions/core/issuer.ts';
import { parseTenant } from '../../../functions/core/tenant.ts';

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
    });
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
  ])('with %s is refused', (_what, changes, named) => {
    expect(() => parseIssuer({ ...issuer, ...changes })).toThrow(`issuer: `);
    expect(() => parseIssuer({ ...issuer, ...changes })).toThrow(named);
  });
});

describe("a tenant's record", () => {
  const tenant = { tenantId: 'acme', displayName: 'Acme', profiles: ['app'], defaultProfile: 'app' };

  test.each([
    ['an attribute whose name is none', { attributes: { 'a b': 'x' } }, 'attributes'],
    ['an attribute that is a list', { attributes: { a: ['x'] } }, 'attributes.a'],
    ['an empty attribute', { attributes: { a: '' } }, 'attributes.a'],
    ['an unknown status', { status: 'asleep' }, 'status'],
    ['no profiles', { profiles: [] }, 'profiles'],
    ['a cap under 15 minutes', { maximumDurationSeconds: 899 }, 'maximumDurationSeconds'],
  ])('with %s is refused', (_what, changes, named) => {
    expect(() => parseTenant({ ...tenant, ...changes })).toThrow(named);
  });
});
