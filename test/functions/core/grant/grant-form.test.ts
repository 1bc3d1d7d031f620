import { describe, expect, it, test } from 'vitest';
import { decideGrant } from '../../../../functions/core/grant/grant.ts';
import { smallerForms, wholeForm } from '../../../../functions/core/grant/grant-form.ts';
import type { ProfileDefinition } from '../../../../functions/core/profile/profile-definition.ts';
import { allow, clock, codeOf, sampleCaller, sampleProfile, sampleTenant } from '../sample.ts';

const TAGS = { Plan: '{{tenant.attributes.plan}}', Team: '{{tenant.attributes.team}}' };
const tenant = sampleTenant({ attributes: { plan: 'gold', team: 'blue' } });
const grantOf = (changes: Partial<ProfileDefinition> = {}) =>
  decideGrant(sampleCaller(), tenant, sampleProfile(changes), {}, clock);
const sized = { tags: TAGS, transitiveTagKeys: ['TenantId'], droppableTags: ['Team', 'Plan'] };

describe('the forms of a grant', () => {
  it('begin with the whole', () => {
    const { policy, tags, transitiveTagKeys } = grantOf(sized);
    expect(wholeForm(grantOf(sized))).toEqual({ policy, tags, transitiveTagKeys, droppedTags: [] });
  });

  it('leave out names first, then tags in the order of the profile, and never the tenant', () => {
    const forms = smallerForms(grantOf(sized));
    expect(
      forms.map(({ tags, transitiveTagKeys, droppedTags }) => ({
        tags: tags.map(({ key }) => key),
        transitiveTagKeys,
        droppedTags,
      })),
    ).toEqual([
      { tags: ['TenantId', 'Plan', 'Team'], transitiveTagKeys: ['TenantId'], droppedTags: [] },
      { tags: ['TenantId', 'Plan'], transitiveTagKeys: ['TenantId'], droppedTags: ['Team'] },
      { tags: ['TenantId'], transitiveTagKeys: ['TenantId'], droppedTags: ['Team', 'Plan'] },
    ]);
    for (const { policy } of forms) {
      expect(policy).not.toContain('Sid');
      expect(JSON.parse(policy).Statement[0].Resource).toBe('arn:aws:s3:::latchkey-data/acme/*');
    }
  });

  it('are none where nothing can be left out', () => {
    const policy = allow({ Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/*' });
    const [statement] = policy.Statement;
    const { Sid: _, ...bare } = statement as typeof statement & { Sid?: string };
    const forms = smallerForms(grantOf({ policy: { ...policy, Statement: [bare] } }));
    expect(forms.every(({ droppedTags }) => droppedTags.length === 0)).toBe(true);
    expect(forms.length).toBeLessThanOrEqual(1);
  });
});

describe('a policy of more characters than STS takes', () => {
  const resources = (count: number) =>
    Array.from(
      { length: count },
      (_, index) => `{{resources.tenantBucketArn}}/{{tenant.id}}/${index}/{{scope.part}}*`,
    );
  const scope = { part: { description: 'a part', pattern: '[a-z/]*', optional: true } };
  const asking = (part: string, count: number) => {
    const statement = allow({ Resource: resources(count) }).Statement[0] as object;
    const policy = {
      Version: '2012-10-17' as const,
      Statement: [
        { ...statement, Sid: 'A'.repeat(60) },
        { ...statement, Sid: 'B'.repeat(60) },
      ] as never,
    };
    return () =>
      decideGrant(sampleCaller(), tenant, sampleProfile({ scope, policy }), { scope: { part } }, clock);
  };

  test('is given in fewer, where that does', () => {
    const { policy } = asking('x'.repeat(65), 10)();
    expect(policy.length).toBeLessThan(2048);
    expect(JSON.parse(policy).Statement).toHaveLength(1);
  });

  test('is refused else', () => {
    expect(codeOf(asking('x'.repeat(200), 10))).toBe('policy_too_large');
  });
});
