import { describe, expect, it, test } from 'vitest';
import type { ProfileDefinition } from '../../../../functions/core/profile/profile-definition.ts';
import { RESOURCES, sampleDefinition } from '../sample.ts';
import { type PreviewWorld, previewOf, ROLE_POLICY } from './sample-preview.ts';

type Statement = ProfileDefinition['policy']['Statement'][number];

const OBJECTS = '{{resources.tenantBucketArn}}/{{tenant.id}}/';
const BUCKET = RESOURCES.tenantBucketArn;
const get: Statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: `${OBJECTS}*` };
const items = (Condition: NonNullable<Statement['Condition']>): Statement => ({
  Effect: 'Allow',
  Action: 'dynamodb:GetItem',
  Resource: '{{resources.tenantTableArn}}',
  Condition,
});
const leading = {
  'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': '{{tenant.id}}' },
  Null: { 'dynamodb:LeadingKeys': 'false' },
};
const when = (Condition: NonNullable<Statement['Condition']>): Statement => ({ ...get, Condition });
const deny = (changes: Partial<Statement>): Statement => ({ ...get, Effect: 'Deny', ...changes });

function diffOf(
  before: readonly Statement[],
  after: readonly Statement[],
  world: PreviewWorld = { rolePolicy: undefined },
) {
  const profile = (Statement: readonly Statement[]) =>
    sampleDefinition({ policy: { Version: '2012-10-17', Statement: [...Statement] } });
  const { diff } = previewOf(
    { profileDefinition: profile(after), diff: true },
    { deployed: [profile(before)], ...world },
  );
  if (diff === undefined) throw new Error('got no diff');
  return diff;
}

/** `+ s3:GetObject acme/Sample [s3:prefix=…]`, with the bucket left out. */
function tell({ changes }: ReturnType<typeof diffOf>): readonly string[] {
  const MARKS = { newly_allowed: '+', newly_denied: '-', denied_by_role_alone: 'r', undecided: '?' };
  return changes.map(({ change, action, resource, context, absentKeys }) => {
    const said = [
      ...Object.entries(context).map(([key, value]) => `${key}=${value}`),
      ...absentKeys.map((key) => `!${key}`),
    ];
    const place = resource.replace(`${BUCKET}/`, '').replace(RESOURCES.tenantTableArn, 'table');
    return [MARKS[change], action, place, ...said].join(' ');
  });
}

describe('a changed policy', () => {
  const VPCE = { StringEquals: { 'aws:SourceVpce': 'vpce-1' } };
  test.each<[string, readonly Statement[], readonly Statement[], readonly string[]]>([
    ['that is the same', [get], [{ ...get, Sid: 'Renamed' }], []],
    [
      'an action more',
      [get],
      [{ ...get, Action: ['s3:GetObject', 's3:PutObject'] }],
      ['+ s3:PutObject acme/Sample', '+ s3:PutObject acme/'],
    ],
    [
      'an action less',
      [{ ...get, Action: ['s3:GetObject', 's3:PutObject'] }],
      [get],
      ['- s3:PutObject acme/Sample', '- s3:PutObject acme/'],
    ],
    ['a wider action', [get], [{ ...get, Action: 's3:*' }], ['+ s3:Sample acme/Sample', '+ s3:Sample acme/']],
    ['an action in another case', [get], [{ ...get, Action: 's3:getobject' }], []],
    [
      'every action',
      [get],
      [{ ...get, Action: '*' }],
      ['+ s3:Sample acme/Sample', '+ s3:Sample acme/', '+ iam:Sample acme/Sample', '+ iam:Sample acme/'],
    ],
    [
      'a narrower resource',
      [get],
      [{ ...get, Resource: `${OBJECTS}reports/*` }],
      ['- s3:GetObject acme/Sample', '- s3:GetObject acme/'],
    ],
    [
      'a wildcard that grows',
      [{ ...get, Resource: `${OBJECTS}a*.txt` }],
      [{ ...get, Resource: `${OBJECTS}a*` }],
      ['+ s3:GetObject acme/aSample', '+ s3:GetObject acme/a'],
    ],
    [
      'a Deny in the middle of patterns',
      [{ ...get, Action: 's3:Get*' }],
      [{ ...get, Action: 's3:Get*' }, deny({ Action: 's3:*Acl' })],
      ['- s3:GetAcl acme/Sample', '- s3:GetAcl acme/'],
    ],
    [
      'a Deny that goes',
      [get, deny({ Resource: `${OBJECTS}secret/*` })],
      [get],
      ['+ s3:GetObject acme/secret/Sample', '+ s3:GetObject acme/secret/'],
    ],
    [
      'a condition that goes',
      [when(VPCE)],
      [get],
      [
        '+ s3:GetObject acme/Sample aws:SourceVpce=Otherwise',
        '+ s3:GetObject acme/ aws:SourceVpce=Otherwise',
      ],
    ],
    [
      'a condition that comes',
      [get],
      [when(VPCE)],
      [
        '- s3:GetObject acme/Sample aws:SourceVpce=Otherwise',
        '- s3:GetObject acme/ aws:SourceVpce=Otherwise',
      ],
    ],
    [
      'IfExists that comes',
      [when(VPCE)],
      [when({ StringEqualsIfExists: VPCE.StringEquals })],
      ['+ s3:GetObject acme/Sample !aws:SourceVpce', '+ s3:GetObject acme/ !aws:SourceVpce'],
    ],
    [
      'a value less',
      [when({ StringEquals: { 's3:versionid': ['1', '2'] } })],
      [when({ StringEquals: { 's3:versionid': '1' } })],
      ['- s3:GetObject acme/Sample s3:versionid=2', '- s3:GetObject acme/ s3:versionid=2'],
    ],
    [
      'an order that turns',
      [when({ NumericLessThan: { 's3:signatureAge': '10' } })],
      [when({ NumericLessThanEquals: { 's3:signatureAge': '10' } })],
      ['+ s3:GetObject acme/Sample s3:signatureAge=10', '+ s3:GetObject acme/ s3:signatureAge=10'],
    ],
    [
      'a bound that was open',
      [when({ NumericLessThan: { 's3:signatureAge': '10' } })],
      [when({ NumericEquals: { 's3:signatureAge': '10' } })],
      [
        '- s3:GetObject acme/Sample s3:signatureAge=9',
        '+ s3:GetObject acme/Sample s3:signatureAge=10',
        '- s3:GetObject acme/ s3:signatureAge=9',
        '+ s3:GetObject acme/ s3:signatureAge=10',
      ],
    ],
    [
      'all values, where any is enough',
      [when({ 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' }, Null: { 'aws:TagKeys': 'false' } })],
      [when({ 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'a' } })],
      ['+ s3:GetObject acme/Sample aws:TagKeys=a,Otherwise', '+ s3:GetObject acme/ aws:TagKeys=a,Otherwise'],
    ],
    [
      'a negation',
      [when({ Bool: { 'aws:SecureTransport': 'true' } })],
      [when({ Bool: { 'aws:SecureTransport': 'false' } })],
      [
        '- s3:GetObject acme/Sample aws:SecureTransport=true',
        '+ s3:GetObject acme/Sample aws:SecureTransport=false',
        '- s3:GetObject acme/ aws:SecureTransport=true',
        '+ s3:GetObject acme/ aws:SecureTransport=false',
      ],
    ],
    [
      'an address range that widens',
      [when({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })],
      [when({ IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } })],
      ['+ s3:GetObject acme/Sample aws:SourceIp=192.0.2.1', '+ s3:GetObject acme/ aws:SourceIp=192.0.2.1'],
    ],
    [
      'items by another bound',
      [items(leading)],
      [items({ StringEquals: { 'aws:ResourceTag/tenant': '{{tenant.id}}' } })],
      ['- dynamodb:GetItem table dynamodb:LeadingKeys=acme aws:ResourceTag/tenant=Otherwise'],
    ],
  ])('%s', (_what, before, after, told) => {
    const diff = diffOf(before, after);
    const seen = tell(diff);
    if (told.length === 0) expect(seen).toEqual([]);
    for (const one of told) expect(seen).toContain(one);
    if (!told.some((one) => one.includes('aws:ResourceTag'))) expect(seen).toHaveLength(told.length);
    expect(diff).toMatchObject({ complete: true, rolePolicy: false });
    // Turned round, what was allowed is denied and the other way round; which context stands for others may differ.
    const placed = (one: string) => one.split(' ').slice(0, 3).join(' ');
    const turned = tell(diffOf(after, before)).map((one) =>
      placed((one[0] === '+' ? '-' : '+') + one.slice(1)),
    );
    expect(turned.toSorted()).toEqual(seen.map(placed).toSorted());
  });

  it('that opens what is another tenant’s is told as that', () => {
    const loose = items({
      ...leading,
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': '{{tenant.id}}' },
      StringEquals: { 'aws:ResourceTag/x': 'a' },
    });
    const onTag = items({ StringEquals: { 'aws:ResourceTag/tenant': '{{tenant.id}}' } });
    const { changes } = diffOf([loose], [onTag]);
    const opened = changes.filter(({ of, change }) => of === 'foreign' && change === 'newly_allowed');
    expect(opened.length).toBeGreaterThan(0);
    expect(JSON.stringify(opened[0])).toContain('latchkey-probe');
  });

  it('that only the role still holds is told as that', () => {
    const changes = tell(diffOf([get], [{ ...get, Action: ['s3:GetObject', 's3:DeleteObject'] }], {}));
    expect(changes).toEqual(['r s3:DeleteObject acme/Sample', 'r s3:DeleteObject acme/']);
    expect(tell(diffOf([get], [{ ...get, Action: ['s3:GetObject', 's3:PutObject'] }], {}))).toEqual([
      '+ s3:PutObject acme/Sample',
      '+ s3:PutObject acme/',
    ]);
  });

  it('is compared with the role’s conditions in mind', () => {
    const list: Statement = {
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: '{{resources.tenantBucketArn}}',
      Condition: { StringLike: { 's3:prefix': '{{tenant.id}}/*' } },
    };
    const seen = tell(diffOf([get], [get, list], {}));
    expect(seen).toEqual([`+ s3:ListBucket ${BUCKET} s3:prefix=acme/Sample`]);
  });

  it('is tried with the keys that the role alone asks for', () => {
    const { Statement } = ROLE_POLICY;
    const rolePolicy = {
      ...ROLE_POLICY,
      Statement: Statement.map((one) => ({
        ...one,
        Condition: { StringEquals: { 's3:x-amz-acl': 'private' } },
      })),
    };
    expect(tell(diffOf([get], [get, { ...get, Action: 's3:PutObject' }], { rolePolicy }))).toEqual(
      expect.arrayContaining(['+ s3:PutObject acme/Sample s3:x-amz-acl=private']),
    );
  });

  it('that cannot be evaluated is undecided, before or after, and on both sides', () => {
    const twice = [
      { ...get, Sid: 'Same' },
      { ...get, Sid: 'Same', Resource: `${OBJECTS}a` },
    ];
    for (const [before, after] of [
      [[get], twice],
      [twice, [get]],
      [twice, twice],
    ] as const)
      expect(tell(diffOf(before, after))).toContain('? s3:GetObject acme/Sample');
  });
});

describe('what else changes', () => {
  const changed = (changes: Partial<ProfileDefinition>, world: PreviewWorld = {}) =>
    previewOf({ profileDefinition: sampleDefinition(changes), diff: true }, world).diff;

  test.each<[string, Partial<ProfileDefinition>, unknown]>([
    ['nothing', {}, []],
    [
      'duration',
      { durationSeconds: { default: 900, maximum: 1800 } },
      [
        {
          member: 'durationSeconds',
          before: { default: 3600, maximum: 3600, granted: 3600 },
          after: { default: 900, maximum: 1800, granted: 900 },
        },
      ],
    ],
    [
      'tags',
      { tags: { Team: 'x' } },
      [{ member: 'tags', before: { TenantId: 'acme' }, after: { TenantId: 'acme', Team: 'x' } }],
    ],
    [
      'source identity',
      { sourceIdentity: false },
      [{ member: 'sourceIdentity', before: true, after: false }],
    ],
    ['scopes', { requiredScopes: ['a'] }, [{ member: 'requiredScopes', before: [], after: ['a'] }]],
    [
      'transitive keys',
      { transitiveTagKeys: ['TenantId'] },
      [{ member: 'transitiveTagKeys', before: [], after: ['TenantId'] }],
    ],
  ])('%s', (_what, changes, settings) => {
    expect(changed(changes)).toMatchObject({
      settings,
      changes: [],
      statementsAdded: [],
      statementsRemoved: [],
    });
  });

  it('is the role: then session policies alone are compared', () => {
    const diff = changed({ roleArn: 'arn:aws:iam::111122223333:role/x' });
    expect(diff).toMatchObject({ rolePolicy: false, changes: [], settings: [{ member: 'roleArn' }] });
  });

  it('is a scope parameter, which each takes that has it, and neither where none has', () => {
    const folder = { folder: { description: 'x', pattern: '[a-z]+/' } };
    const foldered = {
      scope: folder,
      policy: {
        Version: '2012-10-17' as const,
        Statement: [{ ...get, Resource: `${OBJECTS}{{scope.folder}}*` }],
      },
    };
    const request = { scope: { folder: 'a/' }, diff: true };
    const there = previewOf({ ...request, profileDefinition: sampleDefinition(foldered) });
    expect(there.diff?.changes.map(({ change }) => change)).toContain('newly_denied');
    const back = previewOf(
      { ...request, profileDefinition: sampleDefinition() },
      { deployed: [sampleDefinition(foldered)] },
    );
    expect(back.diff?.changes.map(({ change }) => change)).toContain('newly_allowed');
    expect(() => previewOf({ ...request, profileDefinition: sampleDefinition() })).toThrow(
      expect.objectContaining({ code: 'scope_invalid' }),
    );
  });

  it('are the requests that were asked about, each by itself', () => {
    const requests = [
      { action: 's3:GetObject', resource: `${BUCKET}/acme/x` },
      { action: 's3:GetObject', resource: `${BUCKET}/acme/reports/x` },
      { action: 's3:GetObject', resource: `${BUCKET}/globex/x` },
    ];
    const profileDefinition = sampleDefinition({
      policy: { Version: '2012-10-17', Statement: [{ ...get, Resource: `${OBJECTS}reports/*` }] },
    });
    const { changes } = previewOf({ profileDefinition, diff: true, requests }).diff ?? { changes: [] };
    expect(changes.filter(({ of }) => of === 'request')).toMatchObject([
      {
        change: 'newly_denied',
        resource: `${BUCKET}/acme/x`,
        before: expect.stringMatching(/^allowed/),
        after: expect.stringMatching(/^implicitly/),
      },
    ]);
  });

  it('is undecided where nothing can be told', () => {
    const policyArns = [{ arn: 'arn:aws:iam::111122223333:policy/extra', boundedBecause: 'x' }];
    const { changes } = previewOf(
      {
        profileDefinition: sampleDefinition({
          policyArns,
          policy: { Version: '2012-10-17', Statement: [get, deny({ Action: 's3:PutObject' })] },
        }),
        diff: true,
      },
      { deployed: [sampleDefinition({ policyArns })], rolePolicy: undefined },
    ).diff ?? { changes: [] };
    // What the managed policy may allow is now denied.
    expect(changes).toMatchObject([
      { change: 'undecided', action: 's3:PutObject' },
      { change: 'undecided', action: 's3:PutObject' },
    ]);
  });
});

describe('a large policy', () => {
  it('is compared within bounds, and the answer says that there was more', () => {
    const many = (letter: string): Statement => ({
      Effect: 'Allow',
      Action: Array.from(
        { length: 40 },
        (_, index) => `s3:${letter}${'abcdefghij'[index % 10]}${'klmn'[index % 4]}${index}*`,
      ),
      Resource: Array.from({ length: 8 }, (_, index) => `${OBJECTS}${index}/*`),
    });
    const startedAt = performance.now();
    const diff = diffOf([many('G')], [many('P')]);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(diff.tried).toBeLessThanOrEqual(5000);
    expect(diff.changes).toHaveLength(200);
    expect(diff.complete).toBe(false);
  });
});
