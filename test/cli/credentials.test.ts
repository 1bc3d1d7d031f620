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
    [
      ['--mfa-code', '123456', '--mfa-serial', 'arn:aws:iam::1:mfa/x'],
      { serialNumber: 'arn:aws:iam::1:mfa/x', tokenCode: '123456' },
    ],
    [['--mfa-command', `${process.execPath} -p 654321`], { tokenCode: '654321' }],
  ])('sends a code: %j', async (argv, mfa) => {
    const { code, requests, stderr } = await credentials(...argv);
    expect(vendsIn(requests)[0]).toMatchObject({ mfa });
    // Until the API takes one.
    expect([code, stderr]).toEqual([3, expect.stringContaining('no profile of Latchkey demands MFA yet')]);
  });

  it('asks for a code at a terminal', async () => {
    const { requests, stderr } = await cli.run(['credentials', '--mfa-code', '-'], {
      stdin: '112233\n',
      terminal: true,
    });
    expect(vendsIn(requests)[0]).toMatchObject({ mfa: { tokenCode: '112233' } });
    expect(stderr).toContain('MFA code: ');
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
    ['a code that is none', ['--mfa-code', '12345'], 2, 'expected 6 digits'],
    ['a program that prints none', ['--mfa-command', `${process.execPath} -p 1`], 2, 'expected 6 digits'],
    ['a serial number without a code', ['--mfa-serial', 'x'], 2, 'expected --mfa-code'],
  ])('%s', async (_what, argv, code, message) => {
    const ran = await credentials(...argv);
    expect([ran.code, ran.stdout]).toEqual([code, '']);
    expect(ran.stderr).toContain(message);
  });
});
