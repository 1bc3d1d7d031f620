import { expect, test } from 'vitest';
import type { ProfileDefinition } from '../../../../functions/core/profile/profile-definition.ts';
import { allow, sampleProfile } from '../sample.ts';

const tags = { Plan: '{{tenant.attributes.plan}}', Team: '{{tenant.attributes.team}}' };
const decidingBy = (key: string) =>
  allow({
    Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/*',
    Condition: { StringNotEquals: { [key]: 'free' } },
  });

test.each<[what: string, changes: Partial<ProfileDefinition>, message: RegExp]>([
  [
    'the key of the tenant, in another case',
    { tags: { tenantid: 'x' } },
    /^profile app: tags: got a key twice/,
  ],
  [
    'two keys that IAM takes for one',
    { tags: { Plan: 'a', plan: 'b' } },
    /tags: got a key twice, case apart/,
  ],
  ['a transitive key that is no tag', { tags, transitiveTagKeys: ['Size'] }, /transitiveTagKeys: got Size/],
  [
    'a droppable key that is no tag',
    { tags, droppableTags: ['Size'] },
    /droppableTags: got Size, expected one of Plan, Team/,
  ],
  [
    'a droppable key without tags',
    { droppableTags: ['Size'] },
    /droppableTags: got Size, expected none: the profile has no tags$/,
  ],
  ['the tenant itself as droppable', { tags, droppableTags: ['TenantId'] }, /droppableTags: got TenantId/],
  [
    'a droppable key by which the policy decides',
    { tags, droppableTags: ['Plan'], policy: decidingBy('aws:principaltag/plan') },
    /droppableTags: got Plan, by which a statement of the policy decides/,
  ],
  [
    'a droppable key that sessions hand on',
    { tags, transitiveTagKeys: ['Team'], droppableTags: ['Team'] },
    /droppableTags: got Team, expected none of transitiveTagKeys/,
  ],
  [
    'a droppable key beside a managed policy',
    {
      tags,
      droppableTags: ['Plan'],
      policyArns: [{ arn: 'arn:aws:iam::111122223333:policy/own', boundedBecause: 'of a test' }],
    },
    /droppableTags: got some with policyArns/,
  ],
])('%s is refused', (_what, changes, message) => {
  expect(() => sampleProfile(changes)).toThrow(message);
});

test('a tag that no condition names may be dropped', () => {
  const policy = decidingBy('aws:PrincipalTag/Plan');
  expect(sampleProfile({ tags, droppableTags: ['Team'], policy }).droppableTags).toEqual(['Team']);
});
