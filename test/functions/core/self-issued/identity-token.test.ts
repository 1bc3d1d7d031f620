import { describe, expect, it } from 'vitest';
import { assertCarried } from '../../../../functions/core/grant/carried.ts';
import { decideGrant, type Grant } from '../../../../functions/core/grant/grant.ts';
import { identityClaims } from '../../../../functions/core/self-issued/identity-token.ts';
import { parseCarriedSession } from '../../../../functions/core/token/carried-session.ts';
import { clock, NOW, sampleCaller, sampleProfile, sampleTenant } from '../sample.ts';

const profile = sampleProfile({
  method: 'webIdentity',
  tags: { Plan: '{{tenant.attributes.plan}}' },
  transitiveTagKeys: ['TenantId'],
});
const grant = (changes: Partial<Grant> = {}): Grant => ({
  ...decideGrant(sampleCaller(), sampleTenant({ attributes: { plan: 'gold' } }), profile, {}, clock),
  ...changes,
});
const issuance = { issuer: 'https://latchkey.example', now: NOW, tokenId: 'token-1' };
const SECONDS = NOW.getTime() / 1000;

describe('the claims of a token for a grant', () => {
  it('are those by which STS makes its session, and nothing else', () => {
    expect(identityClaims(grant(), issuance)).toEqual({
      iss: 'https://latchkey.example',
      aud: 'sts.amazonaws.com',
      sub: 'tenant:acme',
      iat: SECONDS,
      exp: SECONDS + 300,
      jti: 'token-1',
      'https://aws.amazon.com/tags': {
        principal_tags: { TenantId: ['acme'], Plan: ['gold'] },
        transitive_tag_keys: ['TenantId'],
      },
      'https://aws.amazon.com/source_identity': grant().roleSessionName,
    });
  });

  it('say nothing of what the grant has not', () => {
    const claims = identityClaims(grant({ transitiveTagKeys: [], sourceIdentity: undefined }), issuance);
    expect(claims['https://aws.amazon.com/tags']).toEqual({
      principal_tags: { TenantId: ['acme'], Plan: ['gold'] },
    });
    expect(claims).not.toHaveProperty('https://aws.amazon.com/source_identity');
  });

  it('have times in whole seconds, of the past and never of the future', () => {
    const now = new Date(NOW.getTime() + 999);
    expect(identityClaims(grant(), { ...issuance, now })).toMatchObject({ iat: SECONDS, exp: SECONDS + 300 });
  });

  it('would be taken by ourselves for the same session', () => {
    const carried = parseCarriedSession(identityClaims(grant(), issuance));
    const { tags, transitiveTagKeys } = grant();
    expect(assertCarried(carried, grant())).toMatchObject({ tags, transitiveTagKeys });
  });

  it('keep a tag whose key an object has already', () => {
    const tags = [{ key: '__proto__', value: 'x' }];
    expect(JSON.stringify(identityClaims(grant({ tags }), issuance))).toContain('{"__proto__":["x"]}');
  });
});
