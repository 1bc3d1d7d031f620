import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderRoleTemplate } from '../../../functions/core/administration/role-template.ts';
import { parseTenantId } from '../../../functions/core/tenant-id.ts';
import type { ProbeName, VerificationReport } from '../../../functions/core/verification/verification.ts';
import { ACCOUNT, VEND_ROLE_ARN } from '../../../local/account.ts';
import { CUSTOMER, EXTERNAL_ID, startVerification, type VerificationTest } from './start-verification.ts';

const ROLE = `arn:aws:iam::${CUSTOMER}:role/latchkey-acme`;
const ASSUME = ['sts:AssumeRole', 'sts:TagSession'];
const EXTERNAL = { 'sts:ExternalId': EXTERNAL_ID };
const TAG = { 'aws:RequestTag/TenantId': 'acme' };
const BOTH = { StringEquals: { ...EXTERNAL, ...TAG } };

interface Trust {
  readonly Action?: string | readonly string[];
  readonly Condition?: object;
  readonly Principal?: object;
}

let aws: VerificationTest;
beforeAll(async () => {
  aws = await startVerification();
  await aws.putTenant({ roles: { app: { roleArn: ROLE } } });
});
afterAll(() => aws.close());

/** The report on acme's role when this is what it trusts, and its outcomes by probe. */
async function verify(...statements: readonly Trust[]) {
  const naming = { Effect: 'Allow', Action: 'sts:SetSourceIdentity' };
  aws.addRole({
    arn: ROLE,
    trustPolicy: {
      Version: '2012-10-17',
      Statement: [naming, ...statements].map((statement) => ({
        Effect: 'Allow',
        Principal: { AWS: VEND_ROLE_ARN },
        ...statement,
      })),
    },
    policies: {
      all: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
    },
  });
  const answer = await aws.verify({ tenantId: 'acme' });
  const report = (answer as { value: VerificationReport }).value;
  const failed = report.probes.filter(({ outcome }) => outcome === 'failed');
  return { report, failed };
}

function templateTrust(): readonly Trust[] {
  const tenantId = parseTenantId('acme');
  const template = renderRoleTemplate({ tenantId, externalId: EXTERNAL_ID, vendRoleArn: VEND_ROLE_ARN });
  const { Role } = (template as { Resources: { Role: { Properties: Record<string, unknown> } } }).Resources;
  return (Role.Properties['AssumeRolePolicyDocument'] as { Statement: readonly Trust[] }).Statement;
}

const GOOD: readonly (readonly [string, readonly Trust[]])[] = [
  ['external id and tag in every statement', [{ Action: ASSUME, Condition: BOTH }]],
  [
    'the tag by Null and a pattern beside its value',
    [
      {
        Action: ASSUME,
        Condition: {
          ...BOTH,
          Null: { 'aws:RequestTag/TenantId': 'false' },
          StringLike: { 'aws:RequestTag/TenantId': '?*' },
        },
      },
    ],
  ],
  [
    'a Deny beside an Allow of too much',
    [
      { Action: ASSUME },
      { Effect: 'Deny', Action: 'sts:AssumeRole', Condition: { StringNotEquals: EXTERNAL } } as Trust,
      { Effect: 'Deny', Action: 'sts:*', Condition: { StringNotEquals: TAG } } as Trust,
    ],
  ],
  ['what the role template that Latchkey hands out says', templateTrust()],
  // Nothing that the vend function's role tries can tell this from trust in itself alone.
  [
    'the whole account of the vend function, which cannot be seen',
    [{ Action: ASSUME, Condition: BOTH, Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }],
  ],
];

test.each(GOOD)('passes a role with %s', async (_what, statements) => {
  const { report } = await verify(...statements);
  expect(report.probes.map(({ probe, outcome }) => [probe, outcome])).toEqual([
    ['canary_vend', 'passed'],
    ['without_external_id', 'passed'],
    ['with_wrong_external_id', 'passed'],
    ['with_foreign_tenant_tag', 'passed'],
    ['without_tenant_tag', 'passed'],
    // In another account, where nothing of the deployment's is open to it, not even what is its tenant's.
    ['foreign_object_read', 'not_applicable'],
    ['foreign_object_list', 'not_applicable'],
    ['foreign_item_read', 'not_applicable'],
  ]);
  expect(report).toMatchObject({ tenantId: 'acme', passed: true });
});

type Hole = readonly [what: string, statements: readonly Trust[], probes: readonly ProbeName[]];
const hole = (...one: Hole): Hole => one;

/** What a second Allow takes, beside one that is right. */
const SECOND_DOORS: readonly (readonly [string, object, readonly ProbeName[]])[] = [
  [
    'no external id beside a foreign tag',
    {
      Null: { 'sts:ExternalId': 'true', 'aws:RequestTag/TenantId': 'false' },
      StringNotEquals: TAG,
    },
    ['without_external_id'],
  ],
  [
    'no external id and no tag',
    { Null: { 'sts:ExternalId': 'true', 'aws:RequestTag/TenantId': 'true' } },
    ['without_external_id'],
  ],
  ['no source identity', { Null: { 'sts:SourceIdentity': 'true' } }, ['without_external_id']],
  [
    "a session name that is not the tenant's",
    { StringNotLike: { 'sts:RoleSessionName': 'acme.*' } },
    ['without_external_id', 'with_foreign_tenant_tag'],
  ],
  [
    "another tenant's external id and tag together",
    {
      Null: { 'sts:ExternalId': 'false', 'aws:RequestTag/TenantId': 'false' },
      StringNotEquals: { ...EXTERNAL, ...TAG },
    },
    ['with_foreign_tenant_tag'],
  ],
];

const HOLES: readonly Hole[] = [
  [
    'any external id that is not much like its own',
    [
      { Action: ASSUME, Condition: BOTH },
      {
        Action: ASSUME,
        Condition: {
          StringEquals: TAG,
          Null: { 'sts:ExternalId': 'false' },
          StringNotLike: { 'sts:ExternalId': ['acme*', '*xxQ'] },
        },
      },
    ],
    ['with_wrong_external_id'],
  ],
  [
    'a tag of two words',
    [
      { Action: ASSUME, Condition: BOTH },
      {
        Action: ASSUME,
        Condition: { StringEquals: EXTERNAL, StringLike: { 'aws:RequestTag/TenantId': '*-*' } },
      },
    ],
    ['with_foreign_tenant_tag'],
  ],
  [
    'no external id',
    [{ Action: ASSUME, Condition: { StringEquals: TAG } }],
    ['without_external_id', 'with_wrong_external_id'],
  ],
  [
    'an external id by a wildcard',
    [{ Action: ASSUME, Condition: { StringEquals: TAG, StringLike: { 'sts:ExternalId': '*' } } }],
    ['with_wrong_external_id'],
  ],
  [
    'an external id by its beginning',
    [
      {
        Action: ASSUME,
        Condition: { StringEquals: TAG, StringLike: { 'sts:ExternalId': 'acme-external-id-*' } },
      },
    ],
    ['with_wrong_external_id'],
  ],
  [
    'an external id if there is one',
    [{ Action: ASSUME, Condition: { StringEquals: TAG, StringEqualsIfExists: EXTERNAL } }],
    ['without_external_id'],
  ],
  [
    'an external id by ForAllValues',
    [{ Action: ASSUME, Condition: { StringEquals: TAG, 'ForAllValues:StringEquals': EXTERNAL } }],
    ['without_external_id'],
  ],
  [
    'no tag',
    [{ Action: ASSUME, Condition: { StringEquals: EXTERNAL } }],
    ['with_foreign_tenant_tag', 'without_tenant_tag'],
  ],
  [
    'any tag',
    [
      {
        Action: ASSUME,
        Condition: { StringEquals: EXTERNAL, Null: { 'aws:RequestTag/TenantId': 'false' } },
      },
    ],
    ['with_foreign_tenant_tag'],
  ],
  [
    'any tag, even an empty one',
    [
      {
        Action: ASSUME,
        Condition: { StringEquals: EXTERNAL, StringLike: { 'aws:RequestTag/TenantId': '*' } },
      },
    ],
    ['with_foreign_tenant_tag', 'without_tenant_tag'],
  ],
  [
    'any tag that says something',
    [
      {
        Action: ASSUME,
        Condition: { StringEquals: EXTERNAL, StringLike: { 'aws:RequestTag/TenantId': '?*' } },
      },
    ],
    ['with_foreign_tenant_tag'],
  ],
  [
    'the tag by ForAllValues',
    [{ Action: ASSUME, Condition: { StringEquals: EXTERNAL, 'ForAllValues:StringEquals': TAG } }],
    ['without_tenant_tag'],
  ],
  [
    'the tag if there is one',
    [{ Action: ASSUME, Condition: { StringEquals: EXTERNAL, StringEqualsIfExists: TAG } }],
    ['without_tenant_tag'],
  ],
  [
    'the tag for sts:TagSession alone',
    [
      { Action: 'sts:AssumeRole', Condition: { StringEquals: EXTERNAL } },
      { Action: 'sts:TagSession', Condition: BOTH },
    ],
    ['without_tenant_tag'],
  ],
  [
    'a second statement that forgets the external id',
    [
      { Action: ASSUME, Condition: BOTH },
      { Action: ASSUME, Condition: { StringEquals: TAG } },
    ],
    ['without_external_id', 'with_wrong_external_id'],
  ],
  [
    'an external id by its end',
    [{ Action: ASSUME, Condition: { StringEquals: TAG, StringLike: { 'sts:ExternalId': '*Q' } } }],
    ['with_wrong_external_id'],
  ],
  ...['acme*', '*acme', '????'].map((pattern) =>
    hole(
      `a tag like ${pattern}`,
      [
        {
          Action: ASSUME,
          Condition: { StringEquals: EXTERNAL, StringLike: { 'aws:RequestTag/TenantId': pattern } },
        },
      ],
      ['with_foreign_tenant_tag'],
    ),
  ),
  [
    'any tag but the one of verifications',
    [
      {
        Action: ASSUME,
        Condition: { StringEquals: EXTERNAL, StringNotLike: { 'aws:RequestTag/TenantId': 'latchkey-*' } },
      },
    ],
    ['with_foreign_tenant_tag', 'without_tenant_tag'],
  ],
  ...SECOND_DOORS.map(([what, Condition, holes]) =>
    hole(
      what,
      [
        { Action: ASSUME, Condition: BOTH },
        { Action: ASSUME, Condition },
      ],
      holes,
    ),
  ),
];

test.each(HOLES)('finds the hole of a role that demands %s', async (_what, statements, holes) => {
  const { report, failed } = await verify(...statements);
  expect(failed.map(({ probe }) => probe)).toEqual(holes);
  expect(report.passed).toBe(false);
  for (const { probe, cure } of failed)
    expect([probe, cure]).toEqual([
      probe,
      expect.stringContaining(
        probe.includes('external_id')
          ? '{"StringEquals": {"sts:ExternalId": "'
          : '{"StringEquals": {"aws:RequestTag/TenantId": "acme"}}',
      ),
    ]);
  // What is closed is said to be closed all the same.
  expect(report.probes.filter(({ outcome }) => outcome === 'undecided')).toEqual([]);
});

const CANARIES: readonly (readonly [string, readonly Trust[], RegExp, RegExp])[] = [
  [
    'the right to tag',
    [{ Action: 'sts:AssumeRole', Condition: BOTH }],
    /^tag_session_denied: .*\(AccessDenied\)$/,
    /add sts:TagSession/,
  ],
  [
    'trust in the vend function',
    [{ Action: ASSUME, Condition: BOTH, Principal: { AWS: `arn:aws:iam::${CUSTOMER}:root` } }],
    /^role_not_assumable/,
    /VendRoleArn/,
  ],
  [
    'the right external id',
    [{ Action: ASSUME, Condition: { StringEquals: { ...TAG, 'sts:ExternalId': 'other' } } }],
    /^role_not_assumable/,
    /external id/,
  ],
];

test.each(CANARIES)(
  'fails the canary of a role that lacks %s, and believes none of its refusals',
  async (_what, statements, detail, cure) => {
    const { report, failed } = await verify(...statements);
    expect(failed.map(({ probe }) => probe)).toEqual(['canary_vend']);
    expect(failed[0]).toMatchObject({
      detail: expect.stringMatching(detail),
      cure: expect.stringMatching(cure),
    });
    expect(report.probes.filter(({ outcome }) => outcome === 'passed')).toEqual([]);
    expect(report.passed).toBe(false);
  },
);

describe('a role', () => {
  test('that does not exist fails the canary', async () => {
    aws.roles.delete(ROLE);
    const answer = await aws.verify({ tenantId: 'acme' });
    expect(answer).toMatchObject({
      value: {
        passed: false,
        probes: [{ probe: 'canary_vend', outcome: 'failed' }, {}, {}, {}, {}, {}, {}, {}],
      },
    });
  });

  test('that lets nothing but a name be set fails the canary, and is told of its holes as well', async () => {
    const { failed } = await verify({ Action: 'sts:AssumeRole' });
    expect(failed.map(({ probe }) => probe)).toEqual([
      'canary_vend',
      'without_external_id',
      'without_tenant_tag',
    ]);
  });

  test('that does not let a source be named fails the canary', async () => {
    aws.addRole({
      arn: ROLE,
      trustPolicy: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: VEND_ROLE_ARN }, Action: ASSUME, Condition: BOTH }],
      },
      policies: {},
    });
    const answer = await aws.verify({ tenantId: 'acme' });
    expect(JSON.stringify(answer)).toContain('source_identity_denied');
  });
});

test('is asked once for several profiles', async () => {
  const asked = async () => {
    const before = aws.refusals.length;
    await verify({ Action: ASSUME, Condition: BOTH });
    return aws.refusals
      .slice(before)
      .filter((line) => line.includes(`: sts:AssumeRole on resource: ${ROLE}`));
  };
  const once = await asked();
  expect(once).toHaveLength(13);
  const roles = { app: { roleArn: ROLE }, 'read-only': { roleArn: ROLE } };
  await aws.putTenant({ profiles: ['app', 'read-only'], roles });
  expect(await asked()).toEqual(once);
  await aws.putTenant({ roles: { app: { roleArn: ROLE } } });
});

test('leaves sessions behind that can do nothing, and says nothing of credentials', async () => {
  const before = new Set(aws.sessions.keys());
  const { report } = await verify({ Action: ASSUME });
  const made = [...aws.sessions].filter(([key]) => !before.has(key)).map(([, session]) => session);
  const byName = Object.groupBy(made, ({ sessionPolicies }) =>
    JSON.stringify(sessionPolicies?.flatMap(({ statements }) => statements.map(({ effect }) => effect))),
  );
  // Every attempt at a role that takes them all.
  expect(byName['["Deny"]']).toHaveLength(13);
  const secrets = [...aws.sessions.values()].flatMap(({ credentials }) => [
    credentials.secretAccessKey,
    credentials.sessionToken ?? '',
    credentials.accessKeyId,
  ]);
  const told = JSON.stringify([report, aws.logged]);
  expect(told.length).toBeGreaterThan(1000);
  expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
});
