import { execFileSync, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSharedConfigFiles } from '@smithy/shared-ini-file-loader';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { runLatchkey } from './run-latchkey.ts';
import { AS_ACME, finished, SDK_PROGRAM, startTenantMachine, type TenantMachine } from './tenant-machine.ts';

const API_URL = 'https://a1.execute-api.eu-central-1.amazonaws.com/v1/';
const OTHERS =
  '# mine\n[default]\nregion=us-east-1   # near\n\n[profile b]\naws_secret_access_key = secret-of-b\n';

let home: string;
let config: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'latchkey configure '));
  config = join(home, '.aws', 'config');
  await mkdir(join(home, '.aws'));
});
afterEach(() => rm(home, { recursive: true }));

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly terminal?: boolean;
}

const run = (argv: readonly string[], { env, ...options }: Options = {}) =>
  runLatchkey({
    argv: ['configure', ...argv],
    env: { HOME: home, LATCHKEY_HOME: join(home, 'latchkey'), LATCHKEY_API_URL: API_URL, ...env },
    api: () => Promise.reject(new Error('configure asks nobody')),
    ...options,
  });

const written = () => readFile(config, 'utf8');

/** The words of the profile's credential_process, as a shell reads them: those behind node and main.ts. */
async function wordsOf(name = 'latchkey'): Promise<readonly string[]> {
  const { configFile } = await loadSharedConfigFiles({
    configFilepath: config,
    filepath: '/dev/null',
    ignoreCache: true,
  });
  const script = `printf '%s\\0' ${configFile[name]?.['credential_process']}`;
  const words = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
  expect(words.slice(0, 2)).toEqual([process.execPath, join(process.cwd(), 'cli/main.ts')]);
  return words.slice(2);
}

describe('latchkey configure', () => {
  it('writes a profile, shows what changes, and says what is next', async () => {
    await writeFile(config, OTHERS);
    await chmod(config, 0o640);
    const { code, stdout, stderr } = await run(['--yes', '--region', 'eu-central-1']);
    expect([code, stdout]).toEqual([
      0,
      `${config} has the profile latchkey\nnext: latchkey login --api-url ${API_URL} --issuer <url> --client-id <id>\n`,
    ]);
    const text = await written();
    expect(text.startsWith(`${OTHERS}\n[profile latchkey]\n`)).toBe(true);
    expect(text.endsWith('\nregion = eu-central-1\n')).toBe(true);
    expect(stderr).toContain(`+++ ${config}\n@@ -6,0 +7,5 @@\n+\n+[profile latchkey]\n`);
    expect(stderr).not.toContain('secret-of-b');
    expect(await wordsOf()).toEqual(['credentials', '--api-url', API_URL, '--format', 'process']);
    expect([(await stat(config)).mode & 0o777, await readdir(join(home, '.aws'))]).toEqual([
      0o640,
      ['config'],
    ]);
  });

  it('with a token says that it can be used', async () => {
    for (const [argv, env] of [
      [['--token-file', 'a'], {}],
      [[], { LATCHKEY_TOKEN: 'a.b.c' }],
    ] as const) {
      const { stdout } = await run(['--yes', ...argv], { env });
      expect(stdout).toContain(
        '\nnext: aws sts get-caller-identity --profile latchkey, or export AWS_PROFILE=latchkey\n',
      );
    }
  });

  it('with a login that is not there names it, whatever token there is', async () => {
    const { stdout } = await run(['--yes', '--login', 'job'], { env: { LATCHKEY_TOKEN: 'a.b.c' } });
    expect(stdout).toContain(`\nnext: latchkey login --api-url ${API_URL} --login job --issuer`);
  });

  it('does nothing the second time, and replaces its own', async () => {
    await run(['--yes']);
    const first = await written();
    expect(await run(['--yes'])).toMatchObject({ code: 0, stderr: '' });
    expect(await written()).toBe(first);
    const { code, stderr } = await run(['--yes', '--profile', 'read-only']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('\n-credential_process = ')]);
    expect(await wordsOf()).toContain('read-only');
    expect((await written()).match(/\[profile latchkey\]/g)).toHaveLength(1);
  });

  it('asks', async () => {
    for (const [answer, code] of [
      ['y\n', 0],
      ['yes\n', 0],
      ['\n', 2],
      ['n\n', 2],
      ['', 2],
    ] as const) {
      await rm(config, { force: true });
      const ran = await run([], { terminal: true, stdin: answer });
      expect([answer, ran.code, await readdir(join(home, '.aws'))]).toEqual([
        answer,
        code,
        code === 0 ? ['config'] : [],
      ]);
      expect(ran.stderr).toContain('+[profile latchkey]\n');
      expect(ran.stderr).toContain('Write this? [y/N] ');
    }
  });

  it('writes down all that was given, wherever it is run later', async () => {
    const given = [
      '--profile',
      'demanding',
      '--duration',
      '900',
      '--scope',
      "folder=it's a/",
      '--scope',
      'b=#c',
    ];
    const mfa = ['--mfa-serial', 'arn:x', '--mfa-command', 'oathtool --totp', '--iam-user'];
    await run(['--yes', '--aws-profile', 'x.y', '--token-file', 'a token', ...given, ...mfa]);
    expect(await wordsOf('x.y')).toEqual([
      'credentials',
      '--api-url',
      API_URL,
      '--token-file',
      join(process.cwd(), 'a token'),
      '--profile',
      'demanding',
      '--duration',
      '900',
      ...mfa,
      '--scope',
      "folder=it's a/",
      '--scope',
      'b=#c',
      '--format',
      'process',
    ]);
  });

  it.each<[string, string[], Record<string, string>, string[]]>([
    ['of the environment', [], { LATCHKEY_TOKEN_FILE: '/run/token' }, ['--token-file', '/run/token']],
    ['of a login', ['--login', 'job'], { LATCHKEY_TOKEN_FILE: '/run/token' }, ['--login', 'job']],
    ['that only the environment has', [], { LATCHKEY_TOKEN: 'not-to-be-written' }, []],
  ])('writes down where the token is: %s', async (_what, argv, env, words) => {
    await run(['--yes', ...argv], { env });
    expect(await wordsOf()).toEqual(['credentials', '--api-url', API_URL, ...words, '--format', 'process']);
    expect(await written()).not.toContain('not-to-be-written');
  });

  it('shows a profile, and touches nothing, with --print', async () => {
    const { code, stdout, stderr } = await run(['--print', '--region', 'eu-west-1']);
    expect([code, stderr, await readdir(join(home, '.aws'))]).toEqual([0, '', []]);
    expect(stdout).toMatch(
      /^\[profile latchkey\]\n# written by .*\ncredential_process = \/.* process\nregion = eu-west-1\n$/,
    );
  });

  it('follows a link, and AWS_CONFIG_FILE, and before that --config-file', async () => {
    const real = join(home, 'real');
    await writeFile(real, OTHERS);
    await symlink(real, config);
    expect((await run(['--yes'])).stdout).toContain(`${real} has`);
    expect(await readFile(real, 'utf8')).toContain('[profile latchkey]');
    await run(['--yes'], { env: { AWS_CONFIG_FILE: '~/new/a' } });
    await run(['--yes', '--config-file', join(home, 'b')], { env: { AWS_CONFIG_FILE: '~/new/c' } });
    expect([await readdir(join(home, 'new')), (await stat(join(home, 'b'))).mode & 0o777]).toEqual([
      ['a'],
      0o600,
    ]);
  });
});

describe('latchkey configure refuses', () => {
  const FOREIGN = '[profile latchkey]\nrole_arn = x\n';
  test.each<[string, string[], string, Options & { files?: Record<string, string> }]>([
    ['to write where there is nobody to ask', [], 'expected --yes, or a terminal', {}],
    ['a profile of somebody else', ['--yes'], 'give --replace', { files: { config: FOREIGN } }],
    [
      'a profile that would not count',
      ['--yes'],
      'which comes before any',
      { files: { credentials: '[latchkey]\naws_access_key_id=x\n' } },
    ],
    [
      'a profile that is there twice',
      ['--yes', '--replace'],
      '2 times',
      { files: { config: FOREIGN + FOREIGN } },
    ],
    ['a name for a profile', ['--yes', '--aws-profile', 'a b'], '--aws-profile: got a b', {}],
    ['a Region', ['--yes', '--region', 'a b'], '--region: got a b', {}],
    ['a duration', ['--yes', '--duration', '1h'], '--duration: got 1h', {}],
    ['a scope', ['--yes', '--scope', 'a'], '--scope: got a', {}],
    ['a line break', ['--yes', '--profile', 'a\nregion = x'], 'control character', {}],
    ['a code that counts once', ['--yes', '--mfa-code', '123456'], '--mfa-command', {}],
    ['an API', ['--yes', '--api-url', 'http://example.com'], '--api-url or LATCHKEY_API_URL', {}],
    ['no API', ['--yes'], 'latchkey login first', { env: { LATCHKEY_API_URL: '' } }],
    ['a folder', ['--yes', '--config-file', '/'], 'EISDIR', {}],
  ])('%s', async (_what, argv, message, { files = {}, ...options }) => {
    for (const [name, text] of Object.entries(files)) await writeFile(join(home, '.aws', name), text);
    const { code, stdout, stderr } = await run(argv, options);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    const left = await Promise.all(
      (await readdir(join(home, '.aws'))).map(async (name) => [
        name,
        await readFile(join(home, '.aws', name), 'utf8'),
      ]),
    );
    expect(Object.fromEntries(left)).toEqual(files);
  });

  it('to write into a file that an SDK cannot read', async () => {
    const unreadable = '[profile __proto__]\na = b\n';
    await writeFile(config, unreadable);
    const { code, stderr } = await run(['--yes']);
    expect([code, await written()]).toEqual([2, unreadable]);
    expect(stderr).toContain('an AWS SDK would not read it as it was meant: nothing was changed');
  });

  it('nothing of it with --replace', async () => {
    await writeFile(config, FOREIGN);
    expect((await run(['--yes', '--replace'])).stderr).toContain('\n-role_arn = x\n');
    expect(await written()).not.toContain('role_arn');
  });
});

describe('the profile', () => {
  let machine: TenantMachine;
  beforeAll(async () => {
    machine = await startTenantMachine();
  });
  afterAll(() => machine.close());

  it('makes the AWS SDK the tenant', async () => {
    await rm(join(machine.home, '.aws'), { recursive: true });
    const { code, stderr } = await machine.run(['configure', '--yes', '--region', 'us-east-1']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('+[profile latchkey]')]);
    const { PATH, AWS_ENDPOINT_URL_S3, BUCKET, HOME } = machine.env;
    const env = { PATH, AWS_ENDPOINT_URL_S3, BUCKET, HOME, AWS_PROFILE: 'latchkey' };
    const tool = spawn(process.execPath, ['--input-type=module', '-e', SDK_PROGRAM], { env });
    expect(await finished(tool)).toEqual({ code: 0, stdout: AS_ACME, stderr: '' });
  });
});
