import { describe, expect, it, test } from 'vitest';
import { decideGrant } from '../../../../functions/core/grant/grant.ts';
import type { PreviewRequestInput } from '../../../../functions/core/preview/preview-request.ts';
import {
  allow,
  clock,
  codeOf,
  EXTERNAL_ID,
  RESOURCES,
  sampleCaller,
  sampleDefinition,
  sampleProfile,
  sampleTenant,
} from '../sample.ts';
import { type PreviewWorld, previewOf } from './sample-preview.ts';

const BUCKET = RESOURCES.tenantBucketArn;
const OWN_ROLE = 'arn:aws:iam::444455556666:role/latchkey';
const own = { action: 's3:GetObject', resource: `${BUCKET}/acme/a.txt` };
const foreign = { ...own, resource: `${BUCKET}/globex/a.txt` };
const MANAGED = 'arn:aws:iam::111122223333:policy/extra';
const managed = sampleDefinition({ policyArns: [{ arn: MANAGED, boundedBecause: 'it names the tenant' }] });
const twoSids = sampleDefinition({
  policy: {
    Version: '2012-10-17',
    Statement: ['a', 'b'].map((folder) => ({
      Sid: 'Same',
      Effect: 'Allow' as const,
      Action: 's3:GetObject',
      Resource: `{{resources.tenantBucketArn}}/{{tenant.id}}/${folder}/*`,
    })),
  },
});

describe('the grant of a preview', () => {
  it('is the one that a vend makes', () => {
    const definition = sampleDefinition({
      tags: { Plan: '{{tenant.attributes.plan}}' },
      transitiveTagKeys: ['Plan'],
    });
    const tenant = {
      attributes: { plan: 'gold' },
      roles: { app: { roleArn: OWN_ROLE } },
      claims: [{ issuer: 'https://issuer.example', value: 'acme' }],
    };
    const grant = decideGrant(
      sampleCaller({ subject: 'jo' }),
      sampleTenant(tenant),
      sampleProfile(definition),
      { durationSeconds: 1200 },
      clock,
    );
    const preview = previewOf(
      { durationSeconds: 1200, claims: { subject: 'jo' } },
      { deployed: [definition], tenant },
    );
    const { profile, tenantId, method, roleArn, roleSessionName, sourceIdentity } = grant;
    const { policy, policyArns, tags, transitiveTagKeys, externalId, durationSeconds } = grant;
    expect(preview).toMatchObject({
      ...{ profile, tenantId, method, roleArn, roleSessionName, sourceIdentity },
      ...{ policyArns, tags, transitiveTagKeys },
      policy: JSON.parse(policy),
    });
    expect(preview.duration.seconds).toBe(durationSeconds);
    expect(preview.policyCharacters).toBe(policy.length);
    expect(preview.issuer).toBe('https://issuer.example');
    expect(externalId).toBe(EXTERNAL_ID);
  });

  it('tells that an external id is passed, and not which', () => {
    const preview = previewOf({}, { tenant: { roles: { app: { roleArn: OWN_ROLE } } } });
    expect(preview).toMatchObject({ passesExternalId: true, roleArn: OWN_ROLE });
    expect(JSON.stringify(preview)).not.toContain(EXTERNAL_ID);
    expect(previewOf({}).passesExternalId).toBe(false);
  });

  it('has no source identity where the profile wants none', () => {
    expect(previewOf({}, { deployed: [sampleDefinition({ sourceIdentity: false })] })).not.toHaveProperty(
      'sourceIdentity',
    );
    expect(previewOf({}).sourceIdentity).toBe(previewOf({}).roleSessionName);
  });

  it('is as large as STS would find it, managed policies with it', () => {
    const [plain, more] = [previewOf({}), previewOf({}, { deployed: [managed] })];
    expect(more.policyCharacters).toBe(plain.policyCharacters + MANAGED.length);
    expect(plain.packedPolicyPercent).toBeGreaterThan(0);
    expect(more.packedPolicyPercent).toBeGreaterThan(plain.packedPolicyPercent);
  });

  test.each<[string, string, PreviewWorld]>([
    ['active', 'active', {}],
    ['suspended', 'suspended', { record: { holds: ['operator'] } }],
    ['in its onboarding', 'suspended', { record: { holds: ['onboarding'] } }],
  ])('of a tenant that is %s says so, and is made', (_what, status, world) => {
    expect(previewOf({ requests: [own] }, world)).toMatchObject({
      status,
      requests: [{ effect: 'allowed' }],
    });
  });

  test.each<[PreviewRequestInput, PreviewWorld, string, boolean]>([
    [{}, {}, 'deployment', true],
    [{}, { deployed: [], tenant: { ownProfiles: [sampleDefinition()] } }, 'tenant', true],
    [{ profileDefinition: sampleDefinition() }, {}, 'request', true],
    [{ profileDefinition: sampleDefinition({ name: 'fresh' }) }, {}, 'request', false],
    [
      { profileDefinition: sampleDefinition({ description: 'changed' }) },
      { deployed: [], tenant: { ownProfiles: [sampleDefinition()] } },
      'request',
      true,
    ],
  ])('%# says where its profile stands', (request, world, source, granted) => {
    expect(previewOf(request, world)).toMatchObject({ source, granted });
  });
});

describe('the duration', () => {
  const short = { default: 1200, maximum: 1800 };
  test.each<[string, object, number | undefined, number | undefined, readonly unknown[]]>([
    ['of AWS', {}, undefined, undefined, [3600, 'profile_default', 3600, 'chaining_hour']],
    ['of the profile', short, undefined, undefined, [1200, 'profile_default', 1800, 'profile_maximum']],
    ['of the request', short, undefined, 1500, [1500, 'request', 1800, 'profile_maximum']],
    ['of the tenant', short, 1000, undefined, [1000, 'tenant_limit', 1000, 'tenant_limit']],
    [
      'of the profile within the tenant’s',
      short,
      1500,
      undefined,
      [1200, 'profile_default', 1500, 'tenant_limit'],
    ],
    ['of both, the same', short, 1800, undefined, [1200, 'profile_default', 1800, 'profile_maximum']],
    [
      'of the tenant beyond the profile’s',
      short,
      3000,
      undefined,
      [1200, 'profile_default', 1800, 'profile_maximum'],
    ],
    [
      'of a tenant that may have more than AWS gives',
      {},
      43_200,
      undefined,
      [3600, 'profile_default', 3600, 'chaining_hour'],
    ],
  ])('%s', (_what, durationSeconds, maximumDurationSeconds, requested, expected) => {
    const limits = maximumDurationSeconds === undefined ? {} : { maximumDurationSeconds };
    const { duration } = previewOf(
      { durationSeconds: requested },
      { deployed: [sampleDefinition({ durationSeconds })], tenant: { limits } },
    );
    expect(Object.values(duration)).toEqual(expected);
  });
});

describe('a verdict', () => {
  const list = { action: 's3:ListBucket', resource: BUCKET };
  const listing = sampleDefinition({
    policy: allow({
      Action: 's3:ListBucket',
      Resource: '{{resources.tenantBucketArn}}',
      Condition: { StringLike: { 's3:prefix': '{{tenant.id}}/*' } },
    }),
  });
  const byRegion = sampleDefinition({
    policy: allow({ Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-central-1' } } }),
  });
  const deployed = (one: typeof listing): PreviewWorld => ({ deployed: [one] });
  const wide = deployed(sampleDefinition({ policy: allow({ Action: 's3:*' }) }));
  const denying = deployed(
    sampleDefinition({
      policy: {
        Version: '2012-10-17',
        Statement: [...allow({}).Statement, { Effect: 'Deny', Action: 's3:*', Resource: '*' }],
      },
    }),
  );
  const denyingManaged = deployed({ ...managed, policy: denying.deployed?.[0]?.policy ?? managed.policy });
  const key = (account: string) => `arn:aws:kms:eu-central-1:${account}:key/k`;
  const kms = (account: string): PreviewWorld => ({
    ...deployed(
      sampleDefinition({
        policy: allow({
          Action: ['kms:Decrypt', 'kms:ListAliases'],
          Resource: key(account),
          Condition: { StringEquals: { 'kms:EncryptionContext:tenant': '{{tenant.id}}' } },
        }),
      }),
    ),
    rolePolicy: undefined,
  });
  const decrypt = (account: string) => ({
    action: 'kms:Decrypt',
    resource: key(account),
    context: { 'kms:EncryptionContext:tenant': 'acme' },
  });
  const role = { action: 'sts:AssumeRole', resource: 'arn:aws:iam::111122223333:role/acme/deploy' };
  const chained: PreviewWorld = {
    ...deployed(
      sampleDefinition({
        policy: allow({
          Action: 'sts:AssumeRole',
          Resource: 'arn:aws:iam::111122223333:role/{{tenant.id}}/*',
        }),
      }),
    ),
    rolePolicy: undefined,
  };

  test.each<[string, NonNullable<PreviewRequestInput['requests']>[number], PreviewWorld, string, RegExp]>([
    ['own object', own, {}, 'allowed', /RoleObjects of the role's policy .+ Objects of the session policy/],
    ['foreign object', foreign, {}, 'implicitly_denied', /no identity-based policy.+and no session policy/],
    [
      'what the role alone denies',
      { ...own, action: 's3:DeleteObject' },
      wide,
      'implicitly_denied',
      /^implicitly denied: no identity-based policy allows it$/,
    ],
    [
      'what the session alone denies',
      { ...own, action: 's3:PutObject' },
      {},
      'implicitly_denied',
      /^implicitly denied: no session policy allows it$/,
    ],
    ['an explicit denial', own, denying, 'explicitly_denied', /Statement\[1\] of the session policy/],
    ['own list', { ...list, context: { 's3:prefix': 'acme/' } }, deployed(listing), 'allowed', /RoleList/],
    [
      'foreign list',
      { ...list, context: { 's3:prefix': 'globex/' } },
      deployed(listing),
      'implicitly_denied',
      /s3:prefix/,
    ],
    [
      'list without a prefix',
      { ...list, context: { 's3:prefix': [] } },
      deployed(listing),
      'implicitly_denied',
      /s3:prefix, which is absent/,
    ],
    [
      'list with a prefix that nobody told',
      list,
      deployed(listing),
      'undecided',
      /"s3:prefix".+its context may say so/,
    ],
    ['a key of the world that nobody told', own, deployed(byRegion), 'undecided', /aws:RequestedRegion/],
    [
      'a key of the world',
      { ...own, context: { 'aws:RequestedRegion': 'eu-central-1' } },
      deployed(byRegion),
      'allowed',
      /Objects/,
    ],
    [
      'the role is not known',
      own,
      { rolePolicy: undefined },
      'allowed',
      /^allowed by Objects of the session policy \(session policy\)$/,
    ],
    [
      'foreign, the role is not known',
      foreign,
      { rolePolicy: undefined },
      'implicitly_denied',
      /^implicitly denied: no session policy/,
    ],
    [
      'denied, the role is not known',
      own,
      { ...denying, rolePolicy: undefined },
      'explicitly_denied',
      /Statement\[1\] of the session policy/,
    ],
    [
      'a role that the evaluator cannot read',
      own,
      { rolePolicy: { Version: '2012-10-17', Statement: [{ Effect: 'Maybe' }] } },
      'undecided',
      /the role's policy/,
    ],
    ['a managed policy beside it might deny', own, deployed(managed), 'undecided', /extra may deny/],
    [
      'a managed policy beside it might allow',
      { ...own, action: 's3:PutObject' },
      deployed(managed),
      'undecided',
      /extra may allow/,
    ],
    [
      'a managed policy might allow, the role unknown',
      foreign,
      { ...deployed(managed), rolePolicy: undefined },
      'undecided',
      /extra may allow/,
    ],
    ['what is denied, managed or not', own, denyingManaged, 'explicitly_denied', /Statement\[1\]/],
    ['a key', decrypt('111122223333'), kms('111122223333'), 'undecided', /the key's policy has to allow/],
    [
      'a key of another account',
      decrypt('999999999999'),
      kms('999999999999'),
      'undecided',
      /policy in account 999999999999/,
    ],
    ['a role to assume', role, chained, 'undecided', /the role's trust policy has to allow/],
    [
      'a policy that IAM refuses',
      { ...own, resource: `${BUCKET}/acme/a/x` },
      deployed(twoSids),
      'undecided',
      /each Sid once/,
    ],
  ])('on %s', (_what, request, world, effect, reason) => {
    expect(previewOf({ requests: [request] }, world).requests).toEqual([
      { context: {}, ...request, effect, reason: expect.stringMatching(reason) },
    ]);
  });

  it('knows the session itself', () => {
    const Condition = {
      ArnEquals: { 'aws:PrincipalArn': RESOURCES.tenantRoleArn },
      StringEquals: { 'aws:PrincipalAccount': '111122223333', 'aws:PrincipalType': 'AssumedRole' },
      Bool: { 'aws:PrincipalIsAWSService': 'false', 'aws:SecureTransport': 'true' },
    };
    const world = { deployed: [sampleDefinition({ policy: allow({ Condition }) })] };
    expect(previewOf({ requests: [own] }, world).requests[0]?.effect).toBe('allowed');
  });

  it('leaves a managed policy no say where the role denies', () => {
    const world = { deployed: [{ ...managed, policy: allow({ Action: 's3:*' }) }] };
    expect(previewOf({ requests: [{ ...own, action: 's3:DeleteObject' }] }, world).requests[0]?.effect).toBe(
      'implicitly_denied',
    );
  });

  test.each<[string, PreviewWorld, boolean, RegExp]>([
    ['both', {}, true, /^evaluated: the role's own policy and the session policy; not evaluated: resource/],
    [
      'a role that the stack does not tell',
      { rolePolicy: undefined },
      false,
      /the session policy alone, since the policy of .+latchkey-tenant is not known/,
    ],
    ['a role of the tenant’s', { tenant: { roles: { app: { roleArn: OWN_ROLE } } } }, false, /444455556666/],
    [
      'another role',
      { deployed: [sampleDefinition({ roleArn: 'arn:aws:iam::111122223333:role/x' })] },
      false,
      /role\/x is not known/,
    ],
  ])('is by %s', (_what, world, rolePolicy, note) => {
    const { evaluation, requests } = previewOf({ requests: [own] }, world);
    expect(evaluation).toEqual({ rolePolicy, note: expect.stringMatching(note) });
    expect(requests[0]?.reason.includes('RoleObjects')).toBe(rolePolicy);
  });

  it('is none where the session policy cannot be read, which is told', () => {
    expect(previewOf({}, { deployed: [twoSids] }).evaluation.fault).toMatch(/each Sid once/);
  });
});

describe('no preview', () => {
  const tagged = sampleDefinition({ tags: { Plan: '{{tenant.attributes.plan}}' } });
  const scoped = sampleDefinition({ requiredScopes: ['vend:app'] });
  const foldered = sampleDefinition({
    scope: { folder: { description: 'x', pattern: '[a-z]+/' } },
    policy: allow({ Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/{{scope.folder}}*' }),
  });
  const unbounded = sampleDefinition({ policy: allow({ Resource: '*' }) });
  const overlapping = sampleDefinition({
    policy: allow({ Resource: '{{resources.tenantBucketArn}}/reports/{{tenant.id}}/*' }),
  });
  test.each<[string, PreviewRequestInput, PreviewWorld, string, RegExp]>([
    [
      'for an offboarded tenant',
      {},
      { record: { offboardedAt: '2026-11-21T10:00:00.000Z' } },
      'tenant_offboarded',
      /offboarded/,
    ],
    ['of a profile that there is not', { profile: 'nope' }, {}, 'profile_not_granted', /./],
    [
      'of a profile that is not granted',
      { profile: 'other' },
      { deployed: [sampleDefinition(), sampleDefinition({ name: 'other' })] },
      'profile_not_granted',
      /./,
    ],
    [
      'without an attribute, which is named',
      {},
      { deployed: [tagged] },
      'policy_unrenderable',
      /the tenant has no value for \{\{tenant.attributes.plan\}\}/,
    ],
    ['without a scope parameter', {}, { deployed: [foldered] }, 'scope_invalid', /folder is required/],
    ['with a scope parameter that there is not', { scope: { x: 'y' } }, {}, 'scope_invalid', /./],
    ['beyond the duration', { durationSeconds: 3601 }, {}, 'duration_out_of_range', /one hour/],
    [
      'without the scopes that are demanded',
      { claims: { scopes: ['vend'] } },
      { deployed: [scoped] },
      'insufficient_scope',
      /./,
    ],
    [
      'of a profile that is not bounded',
      { profileDefinition: unbounded },
      {},
      'request_invalid',
      /not bounded/,
    ],
    [
      'of a profile with a fault',
      { profileDefinition: { name: 'app', nope: 1 } },
      {},
      'request_invalid',
      /nope/,
    ],
    [
      'of a profile that meets another',
      { profileDefinition: { ...overlapping, name: 'fresh' } },
      {},
      'request_invalid',
      /could be called "reports"/,
    ],
    [
      'of a profile that meets one of the tenant’s',
      { profileDefinition: overlapping },
      { tenant: { profiles: ['app', 'mine'], ownProfiles: [sampleDefinition({ name: 'mine' })] } },
      'request_invalid',
      /could be called "reports"/,
    ],
    [
      'by a profile of the tenant’s that is damaged',
      {},
      { tenant: { profiles: ['app', 'mine'], ownProfiles: [{ name: 'mine' }] } },
      'record_invalid',
      /mine/,
    ],
    [
      'compared with nothing',
      { profileDefinition: sampleDefinition({ name: 'fresh' }), diff: true },
      {},
      'request_invalid',
      /no profile fresh/,
    ],
    [
      'compared with what gives nothing',
      { profileDefinition: sampleDefinition(), diff: true },
      { deployed: [tagged] },
      'policy_unrenderable',
      /^the deployed profile: .+plan/,
    ],
    [
      'of another tenant’s session',
      { requests: [{ ...own, context: { 'aws:principaltag/tenantid': 'globex' } }] },
      {},
      'request_invalid',
      /the session decides it/,
    ],
  ])('%s', (_what, request, world, code, message) => {
    expect(() => previewOf(request, world)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  it('takes the scopes that a profile demands for granted, and those that are said at their word', () => {
    const world = { deployed: [scoped] };
    expect(previewOf({}, world).requiredScopes).toEqual(['vend:app']);
    expect(codeOf(() => previewOf({ claims: { scopes: ['vend:app'] } }, world))).toBeUndefined();
    expect(codeOf(() => previewOf({ claims: { scopes: [] } }, world))).toBe('insufficient_scope');
  });
});

describe('a request for a preview is refused', () => {
  test.each<[string, unknown]>([
    ['with a member that there is not', { nope: 1 }],
    ['with an action that is a pattern', { requests: [{ ...own, action: 's3:Get*' }] }],
    ['without a service', { requests: [{ ...own, action: 'GetObject' }] }],
    ['with a resource that is no ARN', { requests: [{ ...own, resource: 'acme/a' }] }],
    ['with a key twice', { requests: [{ ...own, context: { 's3:prefix': 'a', 'S3:Prefix': 'b' } }] }],
    ['with a key that is none', { requests: [{ ...own, context: { prefix: 'a' } }] }],
    ['with too many requests', { requests: Array.from({ length: 101 }, () => own) }],
    ['with diff and nothing to compare', { diff: true }],
    ['with two names', { profile: 'other', profileDefinition: sampleDefinition() }],
    ['with claims that there are not', { claims: { tenant: 'acme' } }],
  ])('%s', (_what, request) => {
    expect(() => previewOf(request as PreviewRequestInput)).toThrow(/^preview: /);
  });
});
