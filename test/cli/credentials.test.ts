import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { startTenantCli, type TenantCli } from './tenant-cli.ts';

let cli: TenantCli;
beforeAll(async () => {
  cli = await startTenantCli();
});
afterAll(() => cli.close());
beforeEach(async () => {
  cli.moveHome();
  await cli.loginMachine('acme');
});

const credentials = (...argv: readonly string[]) => cli.run(['credentials', ...argv]);
const vendsIn = (requests: readonly { readonly target: string; readonly body: string }[]) =>
  requests.filter(({ target }) => target === '/credentials').map(({ body }) => JSON.parse(body || '{}'));

const DEVICE = 'arn:aws:iam::111122223333:mfa/acme';
const SERIAL = ['--mfa-serial', DEVICE];
const VENDED = {
  vendId: 'vend-1',
  tenantId: 'acme',
  profile: 'session',
  credentials: {
    accessKeyId: 'ASIAEXAMPLEEXAMPLE00',
    secretAccessKey: 'secret',
    sessionToken: 'token',
    expiration: '2099-01-01T00:00:00Z',
  },
  user: { arn: 'arn:aws:iam::111122223333:user/latchkey/tenants/acme', userId: 'AIDAEXAMPLE' },
};
/** The route of IAM users, and everything else as it is. */
const api = async (request: Request) =>
  new URL(request.url).pathname === '/credentials/iam-user' ? Response.json(VENDED) : fetch(request);
const asked = (requests: readonly { readonly target: string; readonly body: string }[]) =>
  requests.filter(({ target }) => target === '/credentials/iam-user').map(({ body }) => JSON.parse(body));

/** What a program does with credentials. */
async function open(
  tenantId: string,
  keys: { accessKeyId: string; secretAccessKey: string; sessionToken: string },
) {
  const { region, s3, bucket: Bucket } = cli.local.facts;
  const client = new S3Client({ region, endpoint: s3, credentials: keys });
  const Key = `${tenantId}/credentials.test`;
  return client
    .send(new PutObjectCommand({ Bucket, Key, Body: 'x' }))
    .then(() => client.send(new GetObjectCommand({ Bucket, Key })))
    .then(
      () => 'opened',
      ({ name }: Error) => name,
    );
}

describe('latchkey credentials', () => {
  it('prints what a credential_process prints, and nothing else', async () => {
    const { code, stdout, stderr } = await credentials();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(stdout)).toEqual({
      Version: 1,
      AccessKeyId: expect.stringMatching(/^ASIA/),
      SecretAccessKey: expect.any(String),
      SessionToken: expect.any(String),
      Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      AccountId: '111122223333',
    });
    const { AccessKeyId, SecretAccessKey, SessionToken } = JSON.parse(stdout);
    const keys = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    expect([await open('acme', keys), await open('globex', keys)]).toEqual(['opened', 'AccessDenied']);
  });

  it('prints the container form, variables and JSON of the very same ones', async () => {
    const process = JSON.parse((await credentials()).stdout);
    const container = JSON.parse((await credentials('--format', 'container')).stdout);
    const json = JSON.parse((await credentials('--json')).stdout);
    const env = (await credentials('--format', 'env')).stdout;
    const { Version: _, SessionToken, ...rest } = process;
    expect(container).toEqual({ ...rest, Token: SessionToken });
    expect(env.split('\n')).toEqual([
      `export AWS_ACCESS_KEY_ID='${process.AccessKeyId}'`,
      `export AWS_SECRET_ACCESS_KEY='${process.SecretAccessKey}'`,
      `export AWS_SESSION_TOKEN='${process.SessionToken}'`,
      `export AWS_CREDENTIAL_EXPIRATION='${process.Expiration}'`,
      '',
    ]);
    expect(json).toMatchObject({
      tenantId: 'acme',
      profile: 'app',
      vendId: expect.any(String),
      accountId: '111122223333',
      credentials: { accessKeyId: process.AccessKeyId, expiration: process.Expiration },
    });
    expect(JSON.parse((await credentials('--format', 'json')).stdout)).toEqual(json);
  });

  it('asks for what was typed', async () => {
    const { code, requests } = await credentials(
      ...['--profile', 'app', '--duration', '1800', '--scope', 'folder=reports/'],
    );
    expect([code, vendsIn(requests)]).toEqual([
      0,
      [{ profile: 'app', durationSeconds: 1800, scope: { folder: 'reports/' } }],
    ]);
  });

  test.each([
    [[...SERIAL, '--mfa-code', '123456'], { mfa: { serialNumber: DEVICE, tokenCode: '123456' } }],
    [
      [...SERIAL, '--mfa-command', `${process.execPath} -p 654321`],
      { mfa: { serialNumber: DEVICE, tokenCode: '654321' } },
    ],
    [['--iam-user'], {}],
  ])('asks the route of IAM users: %j', async (argv, body) => {
    const { code, stdout, requests } = await cli.run(['credentials', '--json', ...argv], { api });
    expect(asked(requests)).toEqual([body]);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { sessionArn: VENDED.user.arn }]);
    expect(JSON.parse(stdout)).not.toHaveProperty('assumedRoleArn');
  });

  it('asks for a code at a terminal', async () => {
    const { requests, stderr } = await cli.run(['credentials', ...SERIAL, '--mfa-code', '-'], {
      api,
      stdin: '112233\n',
      terminal: true,
    });
    expect(asked(requests)).toMatchObject([{ mfa: { tokenCode: '112233' } }]);
    expect(stderr).toContain('MFA code: ');
  });

  test.each([
    ['mfa_required', 'cure: give --mfa-serial'],
    ['mfa_refused', 'cure: a code counts once'],
  ])('says what helps: %s', async (code, cure) => {
    const refuse = async () => Response.json({ code, detail: code, vendId: 'v' }, { status: 403 });
    const ran = await cli.run(['credentials', ...SERIAL, '--mfa-code', '123456'], { api: refuse });
    expect([ran.code, ran.stderr]).toEqual([3, expect.stringContaining(cure)]);
  });
});

describe('the cache that processes share', () => {
  it('saves vends, for this user alone', async () => {
    const first = await credentials();
    const second = await credentials();
    expect([vendsIn(first.requests).length, vendsIn(second.requests).length]).toEqual([1, 0]);
    expect(second.stdout).toBe(first.stdout);
    const folder = join(cli.home(), 'cache');
    const modes = readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777);
    expect([statSync(folder).mode & 0o777, modes]).toEqual([0o700, [0o600]]);
  });

  it('keeps apart what was asked for, and who asks', async () => {
    await credentials();
    expect(vendsIn((await credentials('--profile', 'read-only')).requests)).toHaveLength(1);
    await cli.loginMachine('globex', {}, ['--login', 'globex']);
    const globex = await credentials('--login', 'globex', '--format', 'json');
    expect(JSON.parse(globex.stdout).tenantId).toBe('globex');
  });

  it('is passed over with --fresh', async () => {
    const first = await credentials();
    const fresh = await credentials('--fresh');
    expect(vendsIn(fresh.requests)).toHaveLength(1);
    expect((await credentials()).stdout).toBe(fresh.stdout);
    expect(fresh.stdout).not.toBe(first.stdout);
  });

  it('is refused where others can read it', async () => {
    await credentials();
    const folder = join(cli.home(), 'cache');
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o644);
    const { code, stdout, stderr } = await credentials();
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('chmod 600');
  });
});

describe('a failure prints nothing on stdout, and what to do on stderr:', () => {
  test.each([
    [
      'a profile that is not granted',
      ['--profile', 'other'],
      3,
      '(profile_not_granted)\n  cure: `latchkey whoami`',
    ],
    ['a duration out of range', ['--duration', '60'], 3, '(duration_out_of_range)\n  cure: '],
    ['a scope that the profile has not', ['--scope', 'x=y'], 3, '(scope_invalid)\n  cure: '],
    ['a duration that is none', ['--duration', 'long'], 2, '--duration: got long'],
    ['a scope without a value', ['--scope', 'folder'], 2, '--scope: got folder'],
    ['a format that there is not', ['--format', 'yaml'], 2, 'yaml'],
    ['a code that is none', [...SERIAL, '--mfa-code', '12345'], 2, 'expected 6 digits'],
    [
      'a program that prints none',
      [...SERIAL, '--mfa-command', `${process.execPath} -p 1`],
      2,
      'expected 6 digits',
    ],
    ['a serial number without a code', SERIAL, 2, 'expected --mfa-code'],
    ['a code without a serial number', ['--mfa-code', '123456'], 2, 'expected --mfa-serial'],
  ])('%s', async (_what, argv, code, message) => {
    const ran = await credentials(...argv);
    expect([ran.code, ran.stdout]).toEqual([code, '']);
    expect(ran.stderr).toContain(message);
  });
});
