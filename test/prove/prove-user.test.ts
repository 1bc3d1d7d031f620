import { describe, expect, it, test } from 'vitest';
import { parseProfile } from '../../functions/core/profile/profile.ts';
import type { ProfileDefinition } from '../../functions/core/profile/profile-definition.ts';
import { ownership } from '../../profiles/ownership.ts';
import { createProver } from '../../prove/prover.ts';
import { runProve } from '../../prove/run-prove.ts';
import { RESOURCES, sampleDefinition } from '../functions/core/sample.ts';
import { ANYTHING, documentOf, ID, KEY, PRESENT, read, type StatementText, TAG } from './trial.ts';

const { tenantBucketArn: BUCKET, tenantTableArn: TABLE } = RESOURCES;

/** What opens the data of one tenant: by a tag in the role, by its id in the profile. */
const objects = (tenant: string) => ({
  ...read(`${BUCKET}/${tenant}/*`),
  Action: ['s3:GetObject', 's3:PutObject'],
});
const items = (tenant: string) => ({
  ...read(TABLE, { 'ForAllValues:StringEquals': { [KEY]: [tenant] }, ...PRESENT }),
  Action: 'dynamodb:GetItem',
});
const list = (tenant: string) => ({
  ...read(BUCKET, { StringLike: { 's3:prefix': `${tenant}/*` } }),
  Action: 's3:ListBucket',
});
const data = (tenant: string) => [objects(tenant), list(tenant), items(tenant)];
const ROLE = documentOf(data(TAG));

function definitionOf(
  policy: readonly StatementText[],
  userArn = '{{resources.tenantUserArnPrefix}}{{tenant.id}}',
): ProfileDefinition {
  const { roleArn: _, ...definition } = sampleDefinition({
    method: 'sessionToken',
    userArn,
    policy: documentOf(policy) as ProfileDefinition['policy'],
  });
  return definition;
}

function faultOf(definition: ProfileDefinition, tenantRolePolicy: unknown = ROLE): string | undefined {
  const over = { ownership, managedPolicies: {}, resources: RESOURCES };
  return createProver({ tenantRolePolicy, ...over })(parseProfile(definition, RESOURCES));
}

describe("a profile that says what the tenant's IAM user may do is proved", () => {
  test.each<[string, readonly StatementText[]]>([
    ['word for word', data(ID)],
    ['in another order', data(ID).reverse()],
    [
      'in more statements',
      [
        { ...objects(ID), Action: 's3:PutObject' },
        items(ID),
        list(ID),
        { ...objects(ID), Action: ['s3:GetObject', 's3:GetObject'] },
      ],
    ],
  ])('%s', (_, policy) => {
    expect(faultOf(definitionOf(policy))).toBeUndefined();
  });
});

describe('GetSessionToken takes no policy: a profile is refused that says', () => {
  test.each<[string, readonly StatementText[]]>([
    ['less', [objects(ID), items(ID)]],
    ['fewer actions', [{ ...objects(ID), Action: 's3:GetObject' }, list(ID), items(ID)]],
    ['a narrower resource', [read(`${BUCKET}/${ID}/reports/*`), list(ID), items(ID)]],
    [
      'a further condition',
      [objects(ID), { ...list(ID), Condition: { StringEquals: { 's3:prefix': `${ID}/` } } }, items(ID)],
    ],
    ['more', [...data(ID), { ...items(ID), Action: 'dynamodb:PutItem' }]],
    ['more, denied', [...data(ID), { ...ANYTHING, Effect: 'Deny' }]],
    ['one tenant beside the one whose session it is', [...data(ID), { ...objects(`${ID}/acme`) }]],
    ['what an attribute tells', [...data(ID), read(`${BUCKET}/${ID}/{{tenant.attributes.team}}/*`)]],
  ])('%s', (_, policy) => {
    expect(faultOf(definitionOf(policy))).toContain(
      "policy: GetSessionToken takes no policy, so that the session may do what the tenant's IAM user may; expected exactly that: {",
    );
  });

  test("and whose policy names a tenant that the role's does not, whichever", () => {
    const named = (tenant: string) =>
      definitionOf([...data(ID), read(`${BUCKET}/${ID}/*`, { StringEquals: { 'aws:username': tenant } })]);
    const role = documentOf([
      ...data(TAG),
      read(`${BUCKET}/${TAG}/*`, { StringEquals: { 'aws:username': TAG } }),
    ]);
    expect(faultOf(named(ID), role)).toBeUndefined();
    for (const tenant of ['acme', 'latchkey-probe'])
      expect(faultOf(named(tenant), role)).toContain('expected exactly that');
  });
});

it('says the policy that it expects, ready to be written', () => {
  const fault = faultOf(definitionOf([objects(ID)])) ?? '';
  const expected = JSON.parse(fault.slice(fault.indexOf('{"Version"')));
  expect(faultOf({ ...definitionOf([]), policy: expected })).toBeUndefined();
});

describe('is refused however right it looks', () => {
  test('over a tenant role that is not known', () => {
    const over = { ownership, managedPolicies: {}, resources: RESOURCES };
    const prove = createProver({ tenantRolePolicy: undefined, ...over });
    expect(prove(parseProfile(definitionOf(data(ID)), RESOURCES))).toContain('which is not known here');
  });

  test.each<[string, unknown]>([
    ['no document', { Statement: 'all' }],
    ['one of what it does not open', documentOf([{ NotAction: 'iam:*', Resource: '*' }])],
  ])('over a tenant role with %s', (_, role) => {
    expect(faultOf(definitionOf(data(ID)), role)).toContain('policy the tenant role: ');
  });

  test('over one that asks for another tag, or for its own by a condition: users have none', () => {
    for (const key of ['aws:PrincipalTag/Plan', 'aws:principaltag/TenantId']) {
      const Condition = { StringEquals: { [key]: 'gold' } };
      const role = documentOf([{ ...objects(TAG), Condition }]);
      expect(faultOf(definitionOf([{ ...objects(ID), Condition }]), role)).toContain('in another way');
    }
  });

  test('of users that are not of this deployment', () => {
    const elsewhere = 'arn:aws:iam::444455556666:user/{{tenant.id}}';
    expect(faultOf(definitionOf(data(ID), elsewhere))).toContain('userArn: got another user, expected {{');
  });

  test('when what the user may do is not proved to keep tenants apart', () => {
    const topic = (tenant: string) => ({
      Action: 'sns:Publish',
      Resource: `arn:aws:sns:eu-west-1:111122223333:${tenant}/news`,
    });
    const fault = faultOf(definitionOf([...data(ID), topic(ID)]), documentOf([...data(TAG), topic(TAG)]));
    expect(fault).toContain('app, by its user alone: NOT PROVED');
    expect(fault).toContain('undeclared');
  });
});

test('the program proves by the user alone, and not by a session policy', () => {
  const tenantRole = { identityPolicies: { own: ROLE } };
  const over = { tenantRole, federatedRole: undefined, ownership, managedPolicies: {}, resources: RESOURCES };
  const proved = runProve([], { ...over, definitions: [definitionOf(data(ID))] });
  expect([proved.code, proved.stdout.match(/^app.*: proved/gm)]).toEqual([
    0,
    ['app, by its user alone: proved'],
  ]);
  const refused = runProve([], { ...over, definitions: [definitionOf([items(ID)])] });
  expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('app: NOT PROVED')]);
});
