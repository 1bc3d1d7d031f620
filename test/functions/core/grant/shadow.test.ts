import { createHash } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import type { AuditEvent } from '../../../../functions/core/audit-event.ts';
import { VendingError } from '../../../../functions/core/errors.ts';
import type { Grant } from '../../../../functions/core/grant/grant.ts';
import { createShadow, parseShadowProfiles, type Shadow } from '../../../../functions/core/grant/shadow.ts';
import type { VendRequest } from '../../../../functions/core/grant/vend-request.ts';
import { createProfileBook } from '../../../../functions/core/profile/profile-book.ts';
import type { ProfileDefinition } from '../../../../functions/core/profile/profile-definition.ts';
import { secret } from '../../../../functions/core/secret.ts';
import { createVending } from '../../../../functions/core/vending.ts';
import { allow, bearer, clock, RESOURCES, sampleCaller, sampleDefinition, sampleTenant } from '../sample.ts';

const credentials = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: secret('secret'),
  sessionToken: secret('token'),
  expiration: new Date(0),
  assumedRoleUser: { arn: 'arn', assumedRoleId: 'id' },
  federatedUser: undefined,
  user: undefined,
  identity: undefined,
  form: { policy: '{}', tags: [], transitiveTagKeys: [], droppedTags: [] },
  packedPolicySize: undefined,
  sourceIdentity: undefined,
  stsRegion: 'us-east-1',
};

const DEPLOYED = [sampleDefinition(), sampleDefinition({ name: 'other' })];

/** Vends once with a shadow beside the profiles: what was granted, audited and thrown. */
async function vendBeside(
  shadowDefinitions: readonly unknown[] | Shadow,
  request: VendRequest = {},
  { deployed = DEPLOYED, tenant = sampleTenant({ profiles: ['app', 'other'] }) } = {},
) {
  const audited: AuditEvent[] = [];
  const granted: Grant[] = [];
  const shadow =
    typeof shadowDefinitions === 'function'
      ? shadowDefinitions
      : createShadow(shadowDefinitions, deployed, RESOURCES, clock);
  const vending = createVending({
    function: 'vend',
    verifier: { verify: async () => sampleCaller() },
    registry: { findIssuer: async () => undefined, findTenant: async () => tenant },
    profiles: createProfileBook(deployed, RESOURCES),
    throttle: { admit: async () => 'together' },
    assumer: {
      assume: async (grant) => {
        granted.push(grant);
        return credentials;
      },
    },
    auditLog: { record: (event) => void audited.push(event) },
    clock,
    deadlineMilliseconds: 1000,
    shadow,
  });
  const answer = await vending
    .vend({
      vendId: 'v',
      token: () => bearer('a.b.c'),
      request: async () => request,
      present: () => 'vended',
    })
    .catch((error: VendingError) => error.code);
  return { answer, event: audited[0], shadow: audited[0]?.shadow, granted };
}

const changed = (changes: Partial<ProfileDefinition>) => [sampleDefinition(changes)];
const SAME = { differs: false, statementsAdded: 0, statementsRemoved: 0, changed: [] };

describe('a vend whose profile has a shadow', () => {
  const put = {
    ...allow({}).Statement[0],
    Effect: 'Allow' as const,
    Action: 's3:PutObject',
    Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/*',
  };
  const [get = put] = sampleDefinition().policy.Statement;
  const policy = (...Statement: ProfileDefinition['policy']['Statement']) => ({
    Version: '2012-10-17' as const,
    Statement,
  });

  test.each<[string, Partial<ProfileDefinition>, object]>([
    ['that is the same', {}, SAME],
    ['that is only worded otherwise', { description: 'x', policy: policy({ ...get, Sid: 'Other' }) }, SAME],
    [
      'with a statement more',
      { policy: policy(get, put) },
      { differs: true, statementsAdded: 1, statementsRemoved: 0, changed: ['policy'] },
    ],
    [
      'with the same statement twice',
      { policy: policy({ ...get, Sid: 'A' }, { ...get, Sid: 'B' }) },
      { differs: true, statementsAdded: 1, changed: ['policy'] },
    ],
    [
      'with another statement',
      { policy: policy(put) },
      { differs: true, statementsAdded: 1, statementsRemoved: 1, changed: ['policy'] },
    ],
    ['with a tag', { tags: { Team: 'x' } }, { differs: true, statementsAdded: 0, changed: ['tags'] }],
    [
      'with another duration',
      { durationSeconds: { default: 900 } },
      { differs: true, changed: ['durationSeconds'] },
    ],
    [
      'on another role',
      { roleArn: 'arn:aws:iam::111122223333:role/x' },
      { differs: true, changed: ['roleArn'] },
    ],
    ['without a source identity', { sourceIdentity: false }, { differs: true, changed: ['sourceIdentity'] }],
    [
      'with transitive keys',
      { transitiveTagKeys: ['TenantId'] },
      { differs: true, changed: ['transitiveTagKeys'] },
    ],
    [
      'with a managed policy',
      { policyArns: [{ arn: 'arn:aws:iam::111122223333:policy/x', boundedBecause: 'x' }] },
      { differs: true, changed: ['policyArns'] },
    ],
    ['that refuses', { requiredScopes: ['more'] }, { differs: true, code: 'insufficient_scope' }],
    [
      'that cannot be rendered',
      { tags: { Plan: '{{tenant.attributes.plan}}' } },
      { differs: true, code: 'policy_unrenderable' },
    ],
  ])('%s', async (_what, changes, facts) => {
    const plain = await vendBeside([]);
    const { answer, shadow, event, granted } = await vendBeside(changed(changes));
    expect(shadow).toMatchObject(facts);
    expect(answer).toBe('vended');
    // What is vended, and what is said of it, is what it would be without a shadow.
    expect(granted).toEqual(plain.granted);
    expect({ ...event, milliseconds: 0, shadow: undefined }).toEqual({
      ...plain.event,
      milliseconds: 0,
      shadow: undefined,
    });
  });

  it('has the digest of the policy that would be vended', async () => {
    const definition = changed({ policy: policy(get, put) });
    const { shadow } = await vendBeside(definition);
    const { granted } = await vendBeside([], {}, { deployed: definition });
    const digest = createHash('sha256')
      .update(granted[0]?.policy ?? '')
      .digest('base64url');
    expect(shadow?.policyDigest).toBe(digest);
  });

  it.each<[string, Partial<ProfileDefinition>, Partial<ProfileDefinition>, string, object]>([
    [
      'alike',
      { durationSeconds: { default: 900, maximum: 900 } },
      {},
      'duration_out_of_range',
      { differs: false, code: 'duration_out_of_range' },
    ],
    [
      'for another reason',
      { durationSeconds: { default: 900, maximum: 900 } },
      { requiredScopes: ['x'] },
      'insufficient_scope',
      { differs: true, code: 'duration_out_of_range' },
    ],
    [
      'no more',
      {},
      { durationSeconds: { default: 900, maximum: 900 } },
      'duration_out_of_range',
      { differs: true },
    ],
  ])('and is refused, would be refused %s', async (_what, shadowed, deployed, code, facts) => {
    const base = _what === 'alike' ? shadowed : deployed;
    const { answer, shadow, granted } = await vendBeside(
      changed(shadowed),
      { durationSeconds: 1800 },
      { deployed: [sampleDefinition(base), ...DEPLOYED.slice(1)] },
    );
    expect([answer, granted]).toEqual([code, []]);
    expect(shadow).toMatchObject(facts);
    expect('code' in (shadow ?? {})).toBe('code' in facts);
  });

  it('holds no value of request, token or tenant', async () => {
    const definition = changed({
      tags: { Plan: '{{tenant.attributes.plan}}' },
      scope: { folder: { description: 'x', pattern: '[a-z]+/', optional: true } },
      policy: policy({ ...get, Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/{{scope.folder}}*' }),
    });
    const deployed = [sampleDefinition({ ...definition[0], tags: {} }), ...DEPLOYED.slice(1)];
    const tenant = sampleTenant({ profiles: ['app'], attributes: { plan: 'platinum' } });
    const { shadow } = await vendBeside(definition, { scope: { folder: 'payroll/' } }, { deployed, tenant });
    expect(shadow).toMatchObject({ differs: true, changed: ['tags'] });
    expect(JSON.stringify(shadow)).not.toMatch(/platinum|payroll|user-1|acme/);
  });
});

describe('there is no word of a shadow', () => {
  test.each<[string, readonly unknown[], VendRequest]>([
    ['where there is none', [], {}],
    ['of another profile', changed({ name: 'other', sourceIdentity: false }), {}],
  ])('%s', async (_what, shadows, request) => {
    const { answer, event } = await vendBeside(shadows, request);
    expect([answer, 'shadow' in (event ?? {})]).toEqual(['vended', false]);
  });

  it('for a profile that nobody has written', async () => {
    const { answer, event } = await vendBeside(changed({ sourceIdentity: false }), { profile: 'nope' });
    expect([answer, 'shadow' in (event ?? {})]).toEqual(['profile_not_granted', false]);
  });
});

describe('a shadow that must not be served', () => {
  const BROKEN: readonly [string, readonly unknown[]][] = [
    ['is not bounded', changed({ policy: allow({ Resource: '*' }) })],
    ['has another fault', [{ name: 'app' }]],
    [
      'meets another profile',
      changed({ policy: allow({ Resource: '{{resources.tenantBucketArn}}/reports/{{tenant.id}}/*' }) }),
    ],
    ['stands twice', [...changed({}), ...changed({})]],
    ['is beside one that is not deployed', [...changed({}), ...changed({ name: 'fresh' })]],
  ];

  test.each(BROKEN)('when it %s, is refused where it is checked', (_what, shadows) => {
    expect(() => parseShadowProfiles(shadows, DEPLOYED, RESOURCES)).toThrow(
      expect.objectContaining({ name: 'ConfigurationError' }),
    );
  });

  test.each(BROKEN)('when it %s, fails no vend', async (_what, shadows) => {
    const { answer, shadow } = await vendBeside(shadows);
    expect([answer, shadow]).toEqual(['vended', { differs: true, code: 'shadow_invalid' }]);
  });

  it('is refused without a name, and fails no vend', async () => {
    expect(() => parseShadowProfiles([null], DEPLOYED, RESOURCES)).toThrow(/shadow/);
    expect((await vendBeside([null, 7, {}])).answer).toBe('vended');
  });

  it('fails no vend when it fails itself', async () => {
    let calls = 0;
    const failing = () => {
      calls += 1;
      throw new TypeError('x');
    };
    const shadow = createShadow(changed({}), DEPLOYED, RESOURCES, failing);
    const { answer, shadow: facts } = await vendBeside(shadow);
    expect([answer, facts, calls]).toEqual(['vended', { differs: true, code: 'internal_error' }, 1]);
  });
});

it('throws nothing, whatever was decided', () => {
  const shadow = createShadow(changed({}), DEPLOYED, RESOURCES, clock);
  const profile = createProfileBook(DEPLOYED, RESOURCES).profilesOf({ ownProfiles: [] }).get('app');
  const vend = { caller: sampleCaller(), tenant: sampleTenant(), profile, request: {} };
  expect(shadow(vend, { policy: 'no JSON' })).toEqual({ differs: true, code: 'internal_error' });
  expect(shadow(vend, undefined)).toEqual({ differs: true, code: 'internal_error' });
});

it('takes microseconds', () => {
  const shadow = createShadow(changed({ sourceIdentity: false }), DEPLOYED, RESOURCES, clock);
  const vend = {
    caller: sampleCaller(),
    tenant: sampleTenant(),
    profile: createProfileBook(DEPLOYED, RESOURCES).profilesOf({ ownProfiles: [] }).get('app'),
    request: {},
  };
  const decided = new VendingError('internal_error');
  const startedAt = performance.now();
  for (let count = 0; count < 1000; count += 1) shadow(vend, decided);
  // A thousandth of the time of one call of STS, with room for a slow machine.
  expect((performance.now() - startedAt) / 1000).toBeLessThan(1);
});
