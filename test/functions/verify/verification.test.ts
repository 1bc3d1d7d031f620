import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ProfileDefinition } from '../../../functions/core/profile/profile-definition.ts';
import type { ProbeResult, VerificationReport } from '../../../functions/core/verification/verification.ts';
import { DATA_BUCKET, REGION, RESOURCES, TENANT_ROLE_ARN } from '../../../local/account.ts';
import type { RoleDefinition } from '../../../local/aws/roles.ts';
import type { Session } from '../../../local/aws/session.ts';
import { ROLES } from '../../../local/roles.ts';
import { startVerification, type VerificationTest } from './start-verification.ts';

const statement = (Resource: string) => ({
  Version: '2012-10-17' as const,
  Statement: [{ Effect: 'Allow' as const, Action: 's3:GetObject', Resource }],
});
const OWN = '{{resources.tenantBucketArn}}/{{tenant.id}}/*';
const roleArn = '{{resources.tenantRoleArn}}';
const scoped = (name: string, pattern: string, example?: string): ProfileDefinition => ({
  name,
  description: name,
  roleArn,
  scope: { part: { description: 'a part', pattern, ...(example === undefined ? {} : { example }) } },
  policy: statement('{{resources.tenantBucketArn}}/{{tenant.id}}/{{scope.part}}*'),
});

/** What a managed policy may open beside a session policy, when somebody wrongly says that it is bounded. */
const WIDE = {
  'wide-read': 's3:GetObject',
  'wide-list': 's3:ListBucket',
  'wide-item': 'dynamodb:GetItem',
};
const WIDE_ROLE_ARN = TENANT_ROLE_ARN.replace('latchkey-tenant', 'wide');
const policyArn = (name: string) => `arn:aws:iam::111122223333:policy/${name}`;

const listing = (Condition: object = {}) => ({
  Effect: 'Allow' as const,
  Action: 's3:ListBucket',
  Resource: '{{resources.tenantBucketArn}}',
  Condition: { StringLike: { 's3:prefix': '{{tenant.id}}/*' }, ...Condition },
});
const items = {
  Effect: 'Allow' as const,
  Action: 'dynamodb:GetItem',
  Resource: '{{resources.tenantTableArn}}',
  Condition: {
    'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': '{{tenant.id}}' },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  },
};
const opening = (
  name: string,
  ...Statement: ProfileDefinition['policy']['Statement']
): ProfileDefinition => ({
  name,
  description: name,
  roleArn,
  policy: { Version: '2012-10-17', Statement },
});

const PROFILES: readonly ProfileDefinition[] = [
  opening('listing', listing()),
  opening('items', items),
  opening('from-office', listing({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } })),
  ...Object.keys(WIDE).map((name) => ({
    name,
    description: 'more than it says',
    roleArn: WIDE_ROLE_ARN,
    policyArns: [{ arn: policyArn(name), boundedBecause: 'somebody was wrong' }],
    policy: statement(OWN),
  })),
  {
    name: 'tagged',
    description: 'tags, scopes and less than an hour',
    roleArn,
    tags: { Plan: '{{tenant.attributes.plan}}' },
    transitiveTagKeys: ['TenantId', 'Plan'],
    requiredScopes: ['vend', 'write'],
    durationSeconds: { default: 900, maximum: 900 },
    policy: statement(OWN),
  },
  scoped('foldered', '[a-z]+/'),
  scoped('dated', '\\d{4}-\\d{2}-\\d{2}'),
  scoped('peculiar', 'x[0-9]y'),
  scoped('exemplary', 'x[0-9]y', 'x1y'),
  {
    name: 'elsewhere',
    description: 'a role that does not exist',
    roleArn: 'arn:aws:iam::111122223333:role/nobody',
    policy: statement(OWN),
  },
  {
    ...scoped('elsewhere-peculiar', 'x[0-9]y'),
    roleArn: 'arn:aws:iam::111122223333:role/nobody',
  },
];

const tenantRole = ROLES.find(({ arn }) => arn === TENANT_ROLE_ARN) as RoleDefinition;
const { boundary: _bounded, ...unbounded } = tenantRole;
const wideRole: RoleDefinition = { ...unbounded, arn: WIDE_ROLE_ARN };
const allowing = (...statements: readonly object[]) => ({
  Version: '2012-10-17',
  Statement: statements.map((each) => ({ Effect: 'Allow', ...each })),
});

let aheadOf = () => 0;
let aws: VerificationTest;
beforeAll(async () => {
  aws = await startVerification({
    profiles: PROFILES,
    managedPolicies: Object.fromEntries(
      Object.entries(WIDE).map(([name, Action]) => [policyArn(name), allowing({ Action, Resource: '*' })]),
    ),
    clock: () => new Date(Date.now() + aheadOf() * 1000),
  });
  const everything = { all: allowing({ Action: '*', Resource: '*' }) };
  aws.addRole({ ...wideRole, policies: everything });
});
afterAll(() => aws.close());
beforeEach(async () => {
  aheadOf = () => 0;
  aws.logged.length = 0;
  aws.addRole(tenantRole);
  await aws.putTenant();
});

async function verify(
  profiles: readonly string[] = ['app'],
  {
    run = aws.verify,
    attributes = {},
    state = {},
  }: { run?: typeof aws.verify; attributes?: Record<string, string>; state?: object } = {},
): Promise<VerificationReport> {
  await aws.putTenant({ profiles: [...profiles], attributes }, state);
  const answer = await run({ tenantId: 'acme' });
  if ('failure' in answer) throw new Error(answer.failure.code);
  return answer.value;
}
const outcomes = ({ probes }: VerificationReport, profile = 'app') =>
  Object.fromEntries(
    probes.filter((each) => each.profile === profile).map(({ probe, outcome }) => [probe, outcome]),
  );
const probeOf = ({ probes }: VerificationReport, probe: ProbeResult['probe']) =>
  probes.find((each) => each.probe === probe);

const ALL_PASSED = {
  canary_vend: 'passed',
  without_external_id: 'not_applicable',
  with_wrong_external_id: 'not_applicable',
  with_foreign_tenant_tag: 'not_applicable',
  without_tenant_tag: 'passed',
  foreign_object_read: 'passed',
  foreign_object_list: 'passed',
  foreign_item_read: 'passed',
};

const DATA_PROBES = ['foreign_object_read', 'foreign_object_list', 'foreign_item_read'] as const;
const dataOutcomes = (outcome: ProbeResult['outcome']) =>
  Object.fromEntries(DATA_PROBES.map((probe) => [probe, outcome]));

describe("the deployment's role", () => {
  test('passes for every profile of a tenant that waits for it', async () => {
    const before = aws.sessions.size;
    const report = await verify(['app', 'read-only', 'tagged', 'foldered', 'dated'], {
      attributes: { plan: 'gold' },
    });
    for (const profile of ['app', 'read-only'])
      expect([profile, outcomes(report, profile)]).toEqual([profile, ALL_PASSED]);
    // They open objects that need not be there, and nothing else by which to see that the session works.
    for (const profile of ['tagged', 'foldered', 'dated'])
      expect([profile, outcomes(report, profile)]).toEqual([
        profile,
        { ...ALL_PASSED, ...dataOutcomes('not_applicable') },
      ]);
    expect(report.passed).toBe(true);
    // Five canaries, and the one that puts the object.
    expect(aws.sessions.size - before).toBe(6);
    expect(aws.logged).toEqual([
      ['verification', { verification: expect.objectContaining({ passed: true, notPassed: [] }) }],
    ]);
  });

  test('puts the object that is to be refused, with a session that can do nothing else', async () => {
    const before = new Set(aws.sessions.keys());
    await verify();
    const [putting] = [...aws.sessions].flatMap(([key, session]) =>
      !before.has(key) && session.tags['TenantId'] === 'latchkey-probe' ? [session] : [],
    );
    const client = ({ credentials }: Pick<Session, 'credentials'> = aws.everything) =>
      new S3Client({ region: REGION, endpoint: aws.s3, credentials });
    const Bucket = DATA_BUCKET;
    await client().send(new GetObjectCommand({ Bucket, Key: 'latchkey-probe/probe.txt' }));
    for (const command of [
      new GetObjectCommand({ Bucket, Key: 'latchkey-probe/probe.txt' }),
      new PutObjectCommand({ Bucket, Key: 'latchkey-probe/other.txt', Body: 'x' }),
    ])
      await expect(client(putting).send(command as never)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('passes with the object there already', async () => {
    expect((await verify()).passed).toBe(true);
    expect((await verify()).passed).toBe(true);
  });

  test.each([
    ['wide-read', 'foreign_object_read'],
    ['wide-list', 'foreign_object_list'],
    ['wide-item', 'foreign_item_read'],
  ] as const)(
    'that opens everything, with a profile that does as well, is found out: %s',
    async (name, probe) => {
      const report = await verify([name]);
      expect(report.probes.filter(({ outcome }) => outcome === 'failed')).toEqual([
        expect.objectContaining({ probe, cure: expect.stringContaining('aws:PrincipalTag/TenantId') }),
      ]);
      expect(report.passed).toBe(false);
    },
  );

  test('that takes sessions without a tag fails, with the cure', async () => {
    const trust = { ...(tenantRole.trustPolicy as object) } as { Statement: object[] };
    const [first = {}, ...rest] = trust.Statement;
    const { Condition: _, ...open } = first as { Condition?: object };
    aws.addRole({ ...tenantRole, trustPolicy: { Version: '2012-10-17', Statement: [open, ...rest] } });
    const report = await verify();
    expect(outcomes(report)).toEqual({ ...ALL_PASSED, without_tenant_tag: 'failed' });
    expect(probeOf(report, 'without_tenant_tag')).toMatchObject({
      detail: 'AWS let it through without any tag',
      cure: expect.stringContaining('{"Null": {"aws:RequestTag/TenantId": "false"}'),
    });
  });

  test('that takes a session of nobody fails', async () => {
    const { Statement } = tenantRole.trustPolicy as { readonly Statement: readonly object[] };
    const nobodys = {
      Action: 'sts:AssumeRole',
      Principal: principalOf(tenantRole),
      Condition: { Null: { 'sts:SourceIdentity': 'true' } },
    };
    aws.addRole({ ...tenantRole, trustPolicy: allowing(...Statement, nobodys) });
    const report = await verify();
    expect(probeOf(report, 'without_tenant_tag')).toMatchObject({
      outcome: 'failed',
      detail: 'AWS let it through without a tag or a source identity',
    });
  });

  test('that takes a session with other tags alone fails', async () => {
    const naming = { Action: 'sts:SetSourceIdentity', Principal: principalOf(tenantRole) };
    const tagging = {
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Principal: principalOf(tenantRole),
      Condition: { StringEquals: { 'aws:RequestTag/Plan': 'gold' } },
    };
    aws.addRole({ ...tenantRole, trustPolicy: allowing(naming, tagging) });
    const report = await verify(['tagged'], { attributes: { plan: 'gold' } });
    expect(probeOf(report, 'without_tenant_tag')).toMatchObject({
      outcome: 'failed',
      detail: "AWS let it through with the profile's other tags and no TenantId",
    });
  });

  test('that does not let the object be put leaves its read untried, and says so', async () => {
    const readers = Object.entries(tenantRole.policies).map(([name, document]) => [
      name,
      JSON.parse(JSON.stringify(document).replace('s3:PutObject', 's3:GetObjectTagging')),
    ]);
    aws.addRole({ ...tenantRole, policies: Object.fromEntries(readers) });
    const report = await verify();
    expect(outcomes(report)).toEqual({ ...ALL_PASSED, foreign_object_read: 'not_applicable' });
    expect(probeOf(report, 'foreign_object_read')?.detail).toContain('latchkey-probe/probe.txt');
    expect(report.passed).toBe(true);
  });
});

describe('a profile', () => {
  test('whose scope cannot be made up is not taken for verified, but its role is tried', async () => {
    const report = await verify(['peculiar']);
    expect(outcomes(report, 'peculiar')).toEqual({
      ...ALL_PASSED,
      ...dataOutcomes('undecided'),
      canary_vend: 'undecided',
    });
    expect(probeOf(report, 'canary_vend')).toMatchObject({
      detail: expect.stringMatching(/scope parameter part.*can be assumed/),
      cure: expect.stringContaining('example'),
    });
    expect(report.passed).toBe(false);
  });

  test('that gives an example of its scope is vended with it', async () => {
    const report = await verify(['exemplary']);
    expect(outcomes(report, 'exemplary')).toEqual({ ...ALL_PASSED, ...dataOutcomes('not_applicable') });
    expect(report.passed).toBe(true);
  });

  test.each(['elsewhere', 'elsewhere-peculiar'])('whose role is not there fails: %s', async (name) => {
    const report = await verify([name]);
    expect(probeOf(report, 'canary_vend')).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining('role_not_assumable'),
    });
    // Refusals of a role that is not there prove nothing.
    expect(report.probes.filter(({ outcome }) => outcome === 'passed')).toEqual([]);
    expect(report.passed).toBe(false);
  });

  test('that names an attribute which the tenant lacks fails, and says which', async () => {
    const report = await verify(['tagged']);
    expect(probeOf(report, 'canary_vend')).toMatchObject({
      outcome: 'failed',
      detail: expect.stringMatching(/^policy_unrenderable.*plan/),
      cure: expect.stringContaining('attributes'),
    });
    expect(report.passed).toBe(false);
  });

  test('that is not there fails', async () => {
    const report = await verify(['app', 'withdrawn']);
    expect(outcomes(report, 'withdrawn')).toEqual({ canary_vend: 'failed' });
    expect(outcomes(report)).toEqual(ALL_PASSED);
    expect(report.passed).toBe(false);
  });
});

const { tenantRoleArn, tenantBucketArn, tenantTableArn } = RESOURCES;
const OBJECTS_UNTRIED = { foreign_object_read: 'not_applicable', foreign_object_list: 'not_applicable' };
const TABLE_UNTRIED = { foreign_item_read: 'not_applicable' };
test.each([
  ['no bucket', { tenantRoleArn, tenantTableArn }, OBJECTS_UNTRIED],
  ['no table', { tenantRoleArn, tenantBucketArn }, TABLE_UNTRIED],
  ['no role of its own', { tenantBucketArn, tenantTableArn }, { foreign_object_read: 'not_applicable' }],
])('a deployment with %s has nothing to try there', async (_what, resources, untried) => {
  const definition = {
    name: 'app',
    description: 'names what it means',
    roleArn: TENANT_ROLE_ARN,
    policy: {
      Version: '2012-10-17',
      Statement: [
        { ...listing(), Resource: tenantBucketArn },
        { ...items, Resource: tenantTableArn },
      ],
    },
  };
  const report = await verify(['app'], { run: aws.wire({ resources, definitions: [definition] }) });
  expect(outcomes(report)).toEqual({ ...ALL_PASSED, ...untried });
  expect(report.passed).toBe(true);
});

describe('a session that is refused everything', () => {
  /** What stands in the way of everything: a revocation, or a policy of the organisation. */
  const closed = {
    closed: { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] },
  };
  const everything = { all: allowing({ Action: '*', Resource: '*' }) };
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
  afterAll(() => aws.addRole({ ...wideRole, policies: everything }));

  test.each([
    ['ahead', 20, 'undecided'],
    ['past', -20, 'not_applicable'],
  ] as const)(
    'proves nothing of a role that opens everything, with a revocation %s',
    async (_when, seconds, outcome) => {
      aws.addRole({ ...wideRole, policies: { ...everything, ...closed } });
      const report = await verify(['wide-read'], { state: { revokedBefore: inSeconds(seconds) } });
      expect(outcomes(report, 'wide-read')).toEqual({ ...ALL_PASSED, ...dataOutcomes(outcome) });
      for (const probe of DATA_PROBES)
        expect(probeOf(report, probe)?.detail).toContain(
          seconds > 0 ? 'cut off' : "opens nothing of its own tenant's",
        );
    },
  );

  test.each([20, -20])(
    'and yet opens what it must not fails, revoked before %i s from now',
    async (seconds) => {
      aws.addRole({ ...wideRole, policies: everything });
      const report = await verify(['wide-read'], { state: { revokedBefore: inSeconds(seconds) } });
      expect(probeOf(report, 'foreign_object_read')).toMatchObject({ outcome: 'failed' });
    },
  );

  test('after a revocation that is past is as good as any', async () => {
    const report = await verify(['app'], { state: { revokedBefore: inSeconds(-5) } });
    expect(outcomes(report)).toEqual(ALL_PASSED);
    expect(report.passed).toBe(true);
  });

  test("of the deployment's own role, whose profile opens what is refused, leaves its probes undecided", async () => {
    aws.addRole({ ...tenantRole, policies: { ...tenantRole.policies, ...closed } });
    for (const profile of ['app', 'read-only', 'listing', 'items']) {
      const report = await verify([profile]);
      expect(outcomes(report, profile)).toEqual({
        ...ALL_PASSED,
        ...dataOutcomes('undecided'),
        // Nobody can put it, not even the tenant that verifications stand in for.
        foreign_object_read: 'not_applicable',
      });
      expect(probeOf(report, 'foreign_item_read')?.cure).toContain('what denies it');
      expect(report.passed).toBe(false);
    }
  });

  test('because its profile opens it to some callers alone proves nothing', async () => {
    const report = await verify(['from-office']);
    expect(outcomes(report, 'from-office')).toEqual({ ...ALL_PASSED, ...dataOutcomes('not_applicable') });
  });

  test('but of its own items is alive', async () => {
    const noObjects = allowing(
      { Action: 's3:PutObject', Resource: '*' },
      { Action: 'dynamodb:*', Resource: '*' },
    );
    aws.addRole({ ...tenantRole, policies: { noObjects } });
    expect(outcomes(await verify())).toEqual(ALL_PASSED);
  });
});

test('what has not begun in time is undecided', async () => {
  let calls = 0;
  aheadOf = () => (calls++ === 0 ? 0 : 7);
  const report = await verify(['app', 'read-only']);
  expect(report.probes).toEqual(
    ['app', 'read-only'].map((profile) =>
      expect.objectContaining({
        profile,
        outcome: 'undecided',
        detail: expect.stringContaining('was not begun'),
      }),
    ),
  );
  expect(report.passed).toBe(false);
});

describe('an AWS that gives no decision', () => {
  const broken: Server[] = [];
  afterAll(() => {
    for (const server of broken) server.close();
  });

  async function answering(status: number | ((url: string) => number), body: string): Promise<string> {
    const server = createServer((request, response) => {
      request.resume();
      const code = typeof status === 'number' ? status : status(request.url ?? '');
      response.writeHead(code, { 'content-type': 'text/xml' }).end(code === 500 ? '' : body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    broken.push(server);
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const THROTTLED =
    '<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>';

  test.each<[string, string, () => Promise<string>, ProbeResult['probe'][]]>([
    ['STS throttles', 'STS', () => answering(400, THROTTLED), ['canary_vend', 'without_tenant_tag']],
    ['STS is not there', 'STS', async () => 'http://127.0.0.1:9', ['canary_vend', 'without_tenant_tag']],
    ['STS fails', 'STS', () => answering(503, ''), ['canary_vend', 'without_tenant_tag']],
    [
      'S3 is not there',
      'S3',
      async () => 'http://127.0.0.1:9',
      ['foreign_object_read', 'foreign_object_list'],
    ],
    ['S3 fails', 'S3', () => answering(500, ''), ['foreign_object_read', 'foreign_object_list']],
  ])('%s: undecided, never passed', async (_what, service, endpoint, probes) => {
    const run = aws.wire({ variables: { [`AWS_ENDPOINT_URL_${service}`]: await endpoint() } });
    const report = await verify(['app'], { run });
    expect(report.passed).toBe(false);
    for (const probe of probes)
      expect(probeOf(report, probe)).toMatchObject({
        outcome: 'undecided',
        cure: expect.stringContaining('run the verification again'),
      });
    expect(report.probes.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  });

  test("S3 refuses foreign data and does not answer for the tenant's own: undecided", async () => {
    const DENIED = '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
    const endpoint = await answering((url) => (url.includes('prefix=acme') ? 500 : 403), DENIED);
    const run = aws.wire({ variables: { AWS_ENDPOINT_URL_S3: endpoint } });
    const report = await verify(['foldered'], { run });
    expect(outcomes(report, 'foldered')).toMatchObject({
      foreign_object_list: 'undecided',
      foreign_item_read: 'undecided',
    });
    expect(report.passed).toBe(false);
  });
});

describe('refused', () => {
  test.each<[string, unknown, string]>([
    ['a tenant that is not there', { tenantId: 'nobody' }, 'tenant_not_found'],
    ['no tenant', {}, 'request_invalid'],
    ['the probe', { tenantId: 'latchkey-probe' }, 'request_invalid'],
    ['more than a tenant', { tenantId: 'acme', profile: 'app' }, 'request_invalid'],
    ['nothing', undefined, 'request_invalid'],
  ])('%s', async (_what, payload, code) => {
    expect(await aws.verify(payload)).toMatchObject({ failure: { code } });
  });

  test('a tenant that nobody has defined', async () => {
    await aws.putTenant({}, { tenantId: 'unheard', definition: undefined } as never);
    expect(await aws.verify({ tenantId: 'unheard' })).toMatchObject({
      failure: { code: 'tenant_not_found' },
    });
  });

  test('one that has been offboarded, without asking STS', async () => {
    const before = aws.sessions.size;
    await aws.putTenant({}, { offboardedAt: '2026-11-22T10:00:00.000Z' });
    expect(await aws.verify({ tenantId: 'acme' })).toMatchObject({ failure: { code: 'tenant_offboarded' } });
    expect(aws.sessions.size).toBe(before);
  });

  test('one with a profile of its own that must not be served', async () => {
    const own = { name: 'own', description: 'wide', roleArn, policy: statement('*') };
    await aws.putTenant({ profiles: ['app', 'own'], ownProfiles: [own] });
    expect(await aws.verify({ tenantId: 'acme' })).toMatchObject({ failure: { code: 'record_invalid' } });
    expect(JSON.stringify(aws.logged)).toContain('profile own');
  });
});

function principalOf({ trustPolicy }: RoleDefinition): object {
  const [first] = (trustPolicy as { Statement: { Principal: object }[] }).Statement;
  return first?.Principal ?? {};
}
