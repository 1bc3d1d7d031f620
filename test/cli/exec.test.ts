import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { AS_ACME, finished, SDK_PROGRAM, startTenantMachine, type TenantMachine } from './tenant-machine.ts';

let machine: TenantMachine;
beforeAll(async () => {
  machine = await startTenantMachine();
});
afterAll(() => machine.close());

const NODE = [process.execPath, '--input-type=module', '-e'] as const;
const PRINT_ENVIRONMENT = [...NODE, 'console.log(JSON.stringify(process.env))'];
const SHELL = (script: string) => ['sh', '-c', script];
const vends = () => machine.latchkey.audited.filter(({ operation }) => operation === 'vend').length;

/** What would win over the tenant's credentials, if it reached the program. */
const FOREIGN = {
  AWS_ACCESS_KEY_ID: 'AKIAFOREIGN000000000',
  AWS_SECRET_ACCESS_KEY: 'foreign',
  AWS_SESSION_TOKEN: 'foreign',
  AWS_PROFILE: 'other',
  AWS_WEB_IDENTITY_TOKEN_FILE: '/foreign',
  AWS_ROLE_ARN: 'arn:aws:iam::999999999999:role/foreign',
};

describe.concurrent('latchkey exec: the program', () => {
  test.each([
    ['fetches its credentials', []],
    ['has them as keys', ['--env']],
  ])('is the tenant, whatever else is there: %s', async (_what, options) => {
    const { code, stdout, stderr } = await machine.run(
      ['exec', '--region', 'us-east-1', ...options, '--', ...NODE, SDK_PROGRAM],
      {
        env: FOREIGN,
      },
    );
    expect([code, stderr, stdout]).toEqual([0, '', AS_ACME]);
  });

  it('has an endpoint of its own, and nothing that opens anything else', async () => {
    const { stdout } = await machine.run(['exec', '--', ...PRINT_ENVIRONMENT], { env: FOREIGN });
    const env = JSON.parse(stdout);
    expect(env).toMatchObject({
      AWS_CONTAINER_CREDENTIALS_FULL_URI: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/credentials$/),
      AWS_CONTAINER_AUTHORIZATION_TOKEN: expect.stringMatching(/^[\w-]{43}$/),
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      LATCHKEY_API_URL: machine.latchkey.facts.api,
    });
    for (const name of [...Object.keys(FOREIGN), 'LATCHKEY_TOKEN_FILE']) expect(env).not.toHaveProperty(name);
    // The endpoint is gone with the program.
    await expect(fetch(env.AWS_CONTAINER_CREDENTIALS_FULL_URI)).rejects.toThrow('fetch failed');
  });

  it('has keys and their end with --env, and the files of the user', async () => {
    const { stdout } = await machine.run(['exec', '--env', '--', ...PRINT_ENVIRONMENT], { env: FOREIGN });
    const env = JSON.parse(stdout);
    expect(env).toMatchObject({
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
      AWS_ACCOUNT_ID: '111122223333',
    });
    const left = new Date(env.AWS_CREDENTIAL_EXPIRATION).getTime() - Date.now();
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(3_600_000);
    for (const name of [
      'AWS_PROFILE',
      'AWS_CONTAINER_CREDENTIALS_FULL_URI',
      'AWS_CONFIG_FILE',
      'LATCHKEY_TOKEN_FILE',
    ])
      expect(env).not.toHaveProperty(name);
  });

  test.each([
    ['of the default profile', [], {}, 'us-east-1'],
    ['of the profile', [], { AWS_PROFILE: 'other' }, 'eu-west-3'],
    ['that is given', ['--region', 'eu-west-1'], { AWS_REGION: 'eu-west-2' }, 'eu-west-1'],
  ])('has the Region %s', async (_what, options, env, region) => {
    const print = SHELL('echo $AWS_REGION $AWS_DEFAULT_REGION');
    const { stdout } = await machine.run(['exec', ...options, '--', ...print], { env });
    expect(stdout).toBe(`${region} ${region}\n`);
  });

  it('gets its words as they are, and the input', async () => {
    const words = ['--help', '--json', '--json=1', '', '$HOME; *', '--', 'exec', '1e3', '-'];
    const script = 'process.stdin.pipe(process.stdout); console.log(JSON.stringify(process.argv.slice(1)))';
    const { code, stdout } = await machine.run(['exec', '--', ...NODE, script, '--', ...words], {
      stdin: 'input',
    });
    expect([code, stdout]).toEqual([0, `${JSON.stringify(words)}\ninput`]);
  });
});

describe.concurrent('latchkey exec ends', () => {
  test.each([
    ['with the exit code of the program', SHELL('exit 7'), 7, ''],
    ['with 128 and its signal', SHELL('kill -TERM $$'), 143, ''],
    [
      'with 127 when there is none',
      ['no-such-program'],
      127,
      'no-such-program could not be started (ENOENT)',
    ],
    ['with 126 when it cannot be run', ['NOT-EXECUTABLE'], 126, '(EACCES): expected a program'],
  ])('%s', async (_what, command, code, message) => {
    const file = join(machine.home, 'not-executable');
    await writeFile(file, '#!/bin/sh\n');
    await chmod(file, 0o600);
    const words = command.map((word) => (word === 'NOT-EXECUTABLE' ? file : word));
    const { stderr, ...ran } = await machine.run(['exec', '--', ...words]);
    expect(ran).toEqual({ code, stdout: '' });
    expect(stderr).toContain(message);
  });

  test.each([
    ['refused', ['--profile', 'no-such'], {}, 3, '(profile_not_granted)'],
    ['unreachable', ['--api-url', 'http://127.0.0.1:1'], {}, 4, '127.0.0.1:1'],
    ['without a token', [], { LATCHKEY_TOKEN_FILE: '' }, 2, 'latchkey login'],
  ])('before the program starts when it is %s', async (_what, options, env, code, message) => {
    const { stderr, ...ran } = await machine.run(['exec', ...options, '--', 'echo', 'started'], { env });
    expect(ran).toEqual({ code, stdout: '' });
    expect(stderr).toContain(message);
  });
});

describe.concurrent('signals', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2'] as const)(
    '%s reaches the program, which decides',
    async (signal) => {
      const script = `process.on('${signal}', () => process.exit(9)); console.log('ready'); setInterval(() => {}, 1e6)`;
      const child = machine.start(['exec', '--', ...NODE, script]);
      child.stdout.once('data', () => child.kill(signal));
      expect(await finished(child)).toEqual({ code: 9, stdout: 'ready\n', stderr: '' });
    },
  );

  it('that the program does not heed end nothing', async () => {
    const script = `process.on('SIGINT', () => console.log('no')); console.log('ready'); setTimeout(() => {}, 800)`;
    const child = machine.start(['exec', '--', ...NODE, script]);
    child.stdout.once('data', () => child.kill('SIGINT'));
    expect(await finished(child)).toEqual({ code: 0, stdout: 'ready\nno\n', stderr: '' });
  });
});

it('all of these have vended once for each kind of request: processes share', () => {
  expect(vends()).toBeLessThan(12);
});
