import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, test } from 'vitest';
import { createTenantsApp } from '../../functions/tenants/app.ts';
import { sampleAdministration } from '../functions/core/administration/sample-administration.ts';
import { previewOf } from '../functions/core/preview/sample-preview.ts';
import { allow, RESOURCES, sampleDefinition } from '../functions/core/sample.ts';
import { type Ran, type RunOptions, runLatchkey, signedDoor } from './run-latchkey.ts';

const PREVIEW = ['tenant', 'preview', 'acme'];
const OWN = `s3:GetObject ${RESOURCES.tenantBucketArn}/acme/a b.txt`;
const FOREIGN = `s3:GetObject ${RESOURCES.tenantBucketArn}/globex/a.txt`;

const folder = mkdtempSync(join(tmpdir(), 'latchkey-preview-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (content: unknown) => {
  const path = join(folder, 'profile.json');
  writeFileSync(path, JSON.stringify(content));
  return path;
};

let door: RunOptions['api'];
beforeEach(async () => {
  door = signedDoor(createTenantsApp(sampleAdministration().administration));
  await latchkey(['tenant', 'put', 'acme', '--display-name', 'Acme', '--profile', 'app']);
});

function latchkey(argv: readonly string[], options: Partial<RunOptions> = {}): Promise<Ran> {
  return runLatchkey({ argv, api: door, ...options });
}

const bodyOf = ({ requests }: Ran) => JSON.parse(requests[0]?.body ?? 'null');

describe('tenant preview', () => {
  it('shows the grant, its policy and a verdict for each request, and ends with 0 also when one is denied', async () => {
    const { code, stdout, stderr, requests } = await latchkey([
      ...PREVIEW,
      '--request',
      OWN,
      '--request',
      FOREIGN,
    ]);
    expect([code, stderr]).toEqual([0, '']);
    expect(requests[0]).toMatchObject({ method: 'POST', target: '/tenants/acme/preview' });
    expect(stdout).toMatch(/^profile +app \(as deployed\)$/m);
    expect(stdout).toMatch(/^duration +3600 s: the profile's default$/m);
    expect(stdout).toMatch(/^longest +3600 s: the hour that AWS gives/m);
    expect(stdout).toMatch(/^tags +TenantId = acme$/m);
    expect(stdout).toMatch(/^policy size +\d+ of 2048 characters$/m);
    expect(stdout).toMatch(/^packed size +\d+ %, estimated$/m);
    expect(stdout).toMatch(/^external id +none$/m);
    expect(stdout).toContain('"Action": "s3:GetObject"');
    expect(stdout).toContain(`\nallowed    ${OWN}\n           allowed by Objects of the session policy`);
    expect(stdout).toContain(`\nDENIED     ${FOREIGN}\n           implicitly denied: no session policy`);
    expect(stdout).toMatch(/^evaluated: the session policy alone/m);
  });

  it('with --json prints the answer', async () => {
    const { code, stdout } = await latchkey([...PREVIEW, '--json', '--request', OWN]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ tenantId: 'acme', requests: [{ effect: 'allowed' }] });
  });

  test.each<[readonly string[], object]>([
    [[], { requests: [], diff: false }],
    [
      ['--profile', 'app', '--duration', '900', '--subject', 'jo', '--issuer', 'https://i'],
      { profile: 'app', durationSeconds: 900, claims: { subject: 'jo', issuer: 'https://i' } },
    ],
    [['--scope', 'a=x', '--scope', 'b=y=z'], { scope: { a: 'x', b: 'y=z' } }],
    [['--jwt-scope', 'a', '--jwt-scope', 'b'], { claims: { scopes: ['a', 'b'] } }],
    [
      ['--request', OWN],
      { requests: [{ action: 's3:GetObject', resource: OWN.slice('s3:GetObject '.length), context: {} }] },
    ],
    [
      ['--request', 's3:ListAllMyBuckets *'],
      { requests: [{ action: 's3:ListAllMyBuckets', resource: '*' }] },
    ],
    [
      [
        '--request',
        OWN,
        '--context',
        's3:prefix=a=b',
        '--context',
        'aws:CalledVia',
        '--context',
        's3:delimiter=',
        '--context',
        'k:l=1',
        '--context',
        'k:l=2',
      ],
      {
        requests: [
          { context: { 's3:prefix': 'a=b', 'aws:CalledVia': [], 's3:delimiter': '', 'k:l': ['1', '2'] } },
        ],
      },
    ],
  ])('%j sends %j', async (argv, body) => {
    expect(bodyOf(await latchkey([...PREVIEW, ...argv]))).toMatchObject(body);
  });

  test.each<[readonly string[], RegExp]>([
    [['--diff'], /--diff: expected --file/],
    [['--diff=false'], /expected it without a value/],
    [['--duration', 'long'], /--duration: got long/],
    [['--request', 's3:GetObject'], /expected it as '<action> <ARN>'/],
    [['--context', 's3:prefix=a'], /expected a --request/],
    [['--request', OWN, '--context', '=a'], /<condition key>=<value>/],
    [['--request', OWN, '--context', 'a:b', '--context', 'a:b=1'], /with a value and without/],
    [['--scope', 'a'], /--scope: got a/],
    [['--profile', 'app', '--profile', 'other'], /expected it once/],
    [['--duration', '900', '--duration', '901'], /expected it once/],
    [['--file', '/nowhere.json'], /--file \/nowhere.json/],
  ])('%j is wrong usage', async (argv, told) => {
    const { code, stderr, requests } = await latchkey([...PREVIEW, ...argv]);
    expect([code, requests]).toEqual([2, []]);
    expect(stderr).toMatch(told);
  });

  it('says what the API refuses', async () => {
    const { code, stderr } = await latchkey([...PREVIEW, '--profile', 'nope']);
    expect([code, stderr]).toEqual([3, expect.stringContaining('(profile_not_granted)')]);
  });

  it('says whose status it passes over, and what the evaluator does not know', async () => {
    await latchkey(['tenant', 'suspend', 'acme']);
    const argv = [
      ...PREVIEW,
      '--file',
      file(
        sampleDefinition({
          name: 'fresh',
          policy: allow({ Condition: { StringEquals: { 's3:versionid': '1' } } }),
        }),
      ),
      '--request',
      OWN,
    ];
    const { stdout } = await latchkey(argv);
    expect(stdout).toMatch(/^status +suspended; previewed as if active$/m);
    expect(stdout).toMatch(/^profile +fresh \(from --file; not deployed; NOT granted to the tenant\)$/m);
    expect(stdout).toMatch(/^UNDECIDED {2}s3:GetObject/m);
    const known = await latchkey([...argv, '--context', 's3:versionid=1']);
    expect(known.stdout).toMatch(/^allowed +s3:GetObject .+ \[s3:versionid=1\]$/m);
  });

  it('keeps what others wrote away from the terminal itself', async () => {
    const preview = {
      ...previewOf({}),
      policyArns: ['\u001b[2J'],
      evaluation: { rolePolicy: false, note: '\u001b[2J' },
    };
    const { stdout } = await latchkey(PREVIEW, { api: () => Response.json(preview) });
    expect(stdout).not.toContain('\u001b');
  });

  it('warns of a session that STS would refuse', async () => {
    const preview = { ...previewOf({}), packedPolicyPercent: 101 };
    const { stdout } = await latchkey(PREVIEW, { api: () => Response.json(preview) });
    expect(stdout).toMatch(/^packed size +101 %, estimated; STS would REFUSE it$/m);
  });
});

describe('tenant preview --diff', () => {
  const changed = sampleDefinition({
    durationSeconds: { default: 900 },
    policy: allow({ Action: 's3:PutObject' }),
  });

  it('shows what a changed profile newly allows and denies', async () => {
    const { code, stdout, requests } = await latchkey([
      ...PREVIEW,
      '--file',
      file(changed),
      '--diff',
      '--request',
      OWN,
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({ diff: true, profileDefinition: changed });
    expect(stdout).toMatch(/^~ durationSeconds: \{"default":3600.+ → \{"default":900/m);
    expect(stdout).toMatch(/^- \{.*"s3:GetObject"/m);
    expect(stdout).toMatch(/^\+ \{.*"s3:PutObject"/m);
    expect(stdout).toContain(`newly denied   ${OWN}\n               before: allowed by Objects`);
    expect(stdout).toMatch(/^NEWLY ALLOWED {2}s3:PutObject .+\/acme\/Sample$/m);
    expect(stdout).toMatch(/^5 changed of \d+ requests tried, which is no proof$/m);
  });

  it('takes the profile from stdin', async () => {
    const { code, stdout } = await latchkey([...PREVIEW, '--file', '-', '--diff'], {
      stdin: JSON.stringify(sampleDefinition()),
    });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^nothing changed of \d+ requests tried/m)]);
  });

  it('names what is another tenant’s, and how much more there is', async () => {
    const change = {
      change: 'newly_allowed',
      of: 'foreign',
      action: 'a:B',
      resource: '*',
      context: { 'k:l': ['1', '2'] },
      absentKeys: ['m:n'],
      before: 'x',
      after: 'y',
      alike: 3,
    } as const;
    const diff = {
      settings: [],
      statementsAdded: [],
      statementsRemoved: [],
      changes: [change],
      tried: 9,
      complete: false,
      rolePolicy: true,
    };
    const { stdout } = await latchkey(PREVIEW, { api: () => Response.json({ ...previewOf({}), diff }) });
    expect(stdout).toContain(
      'NEWLY ALLOWED  a:B * [k:l=1 and 2, without m:n] (ANOTHER TENANT), and in 3 other contexts\n',
    );
    expect(stdout).toContain(
      '1 changed of 9 requests tried, which is no proof; there is MORE than could be tried or shown\n',
    );
  });
});
