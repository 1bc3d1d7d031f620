import { describe, expect, it, test } from 'vitest';
import { assertCarried } from '../../../../functions/core/grant/carried.ts';
import { parseTenantId } from '../../../../functions/core/tenant-id.ts';
import type { CarriedSession } from '../../../../functions/core/token/carried-session.ts';
import { codeOf } from '../sample.ts';

const tag = (key: string, value: string) => ({ key, value });
const EXPECTED = {
  tenantId: parseTenantId('acme'),
  tags: [tag('TenantId', 'acme'), tag('Plan', 'gold')],
  transitiveTagKeys: ['TenantId', 'Plan'],
};
const carried = (changes: Partial<CarriedSession> = {}): CarriedSession => ({
  tags: EXPECTED.tags,
  transitiveTagKeys: EXPECTED.transitiveTagKeys,
  sourceIdentity: undefined,
  roleSessionName: undefined,
  ...changes,
});

describe('what a token carries', () => {
  test.each<[string, Partial<CarriedSession>]>([
    ['the tags and keys of the grant', {}],
    ['them in another order', { tags: EXPECTED.tags.toReversed(), transitiveTagKeys: ['Plan', 'TenantId'] }],
    ["the tenant's id for its names", { sourceIdentity: 'acme', roleSessionName: 'acme' }],
    ['names that begin with it', { sourceIdentity: 'acme.a', roleSessionName: 'acme.b' }],
  ])('is taken as it is: %s', (_what, changes) => {
    const given = carried(changes);
    expect(assertCarried(given, EXPECTED)).toBe(given);
  });

  test.each<[string, Partial<CarriedSession>]>([
    ['no tags', { tags: [] }],
    ['a tag too few', { tags: [tag('TenantId', 'acme')] }],
    ['a tag too many', { tags: [...EXPECTED.tags, tag('Admin', 'yes')] }],
    ["another tenant's id", { tags: [tag('TenantId', 'globex'), tag('Plan', 'gold')] }],
    ['both of them', { tags: [...EXPECTED.tags, tag('TenantId', 'globex')] }],
    ['one twice instead of the other', { tags: [tag('TenantId', 'acme'), tag('TenantId', 'acme')] }],
    ['a key in another case', { tags: [tag('tenantid', 'acme'), tag('Plan', 'gold')] }],
    ['another value', { tags: [tag('TenantId', 'acme'), tag('Plan', 'free')] }],
    ['key and value changed for one another', { tags: [tag('acme', 'TenantId'), tag('Plan', 'gold')] }],
    ['no transitive keys', { transitiveTagKeys: [] }],
    ['one too few', { transitiveTagKeys: ['TenantId'] }],
    ['one too many', { transitiveTagKeys: ['TenantId', 'Plan', 'Other'] }],
    ['one twice', { transitiveTagKeys: ['TenantId', 'TenantId'] }],
    ['all of them, and one twice', { transitiveTagKeys: ['TenantId', 'Plan', 'Plan'] }],
    ['another one', { transitiveTagKeys: ['TenantId', 'Other'] }],
    ["another tenant's source identity", { sourceIdentity: 'globex.a' }],
    ['one that only begins alike', { sourceIdentity: 'acmeb.a' }],
    ['one in another case', { sourceIdentity: 'Acme.a' }],
    ['an empty one', { sourceIdentity: '' }],
    ["another tenant's session name", { roleSessionName: 'globex' }],
    ['a name that only begins alike', { roleSessionName: 'acme-2' }],
  ])('is refused with %s', (_what, changes) => {
    expect(codeOf(() => assertCarried(carried(changes), EXPECTED))).toBe('token_tags_mismatch');
  });

  test.each([undefined, 'unreadable'] as const)('is refused when it is %s', (given) => {
    expect(codeOf(() => assertCarried(given, EXPECTED))).toBe('token_tags_mismatch');
  });

  it('is nowhere in the refusal', () => {
    const given = carried({ sourceIdentity: 'somebody@globex.example' });
    expect(() => assertCarried(given, EXPECTED)).toThrow(
      expect.not.objectContaining({ cause: expect.stringContaining('somebody') }),
    );
  });
});
