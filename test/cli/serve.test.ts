import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rename, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest';
import { runProgram } from '../../cli/program.ts';
import { AS_ACME, finished, SDK_PROGRAM, startTenantMachine, type TenantMachine } from './tenant-machine.ts';

let machine: TenantMachine;
beforeAll(async () => {
  machine = await startTenantMachine();
});
afterAll(() => machine.close());

interface Serving {
  /** Moves the clock of this machine on. */
  pass(minutes: number): void;
  ask(): Promise<Response>;
  readonly said: { stdout: string; stderr: string };
  /** Ends it by a signal; its exit code. */
  end(signal?: NodeJS.Signals): Promise<number>;
}

const running: Serving[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each.end();
});

/** `latchkey serve` in this process, where its clock can be moved. */
async function serve(...options: readonly string[]): Promise<Serving> {
  const said = { stdout: '', stderr: '' };
  const listeners = new Set<(signal: NodeJS.Signals) => void>();
  const { promise: printed, resolve } = Promise.withResolvers<void>();
  let passed = 0;
  const output = (name: keyof typeof said) => ({
    write: (text: string) => {
      said[name] += text;
      if (said.stdout !== '' && said.stderr !== '') resolve();
    },
  });
  const ended = runProgram({
    argv: ['serve', '--json', ...options],
    env: { ...machine.env, LATCHKEY_HOME: `${machine.home}/home-${Math.random()}` },
    stdin: Readable.from([]),
    stdout: output('stdout'),
    stderr: output('stderr'),
    fetch,
    credentials: () => Promise.reject(new Error('got a demand for the caller’s own AWS credentials')),
    sleep: (milliseconds) => setTimeout(Math.min(milliseconds, 1)),
    now: () => Date.now() + passed,
    openBrowser: () => Promise.reject(new Error('got a link to open')),
    onSignal: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  });
  await Promise.race([printed, ended]);
  const variables = JSON.parse(said.stdout || '{}');
  const serving: Serving = {
    said,
    pass: (minutes) => {
      passed += minutes * 60_000;
    },
    ask: () =>
      fetch(variables.AWS_CONTAINER_CREDENTIALS_FULL_URI, {
        headers: { authorization: variables.AWS_CONTAINER_AUTHORIZATION_TOKEN },
      }),
    end: (signal = 'SIGTERM') => {
      for (const listener of listeners) listener(signal);
      return ended;
    },
  };
  running.push(serving);
  return serving;
}

/** With a token that Latchkey refuses in the place of the good one. */
async function withoutToken(work: () => Promise<void>): Promise<void> {
  await rename(machine.tokenFile, `${machine.tokenFile}.good`);
  await writeFile(machine.tokenFile, await machine.latchkey.issuer.sign({ claims: { tenant: 'nobody' } }));
  await work().finally(() => rename(`${machine.tokenFile}.good`, machine.tokenFile));
}

const keyOf = async (answer: Response) => ((await answer.json()) as { AccessKeyId: string }).AccessKeyId;

describe('latchkey serve, as time passes', () => {
  it('vends once, and again when the credentials near their end', async () => {
    const { ask, pass } = await serve();
    const first = await keyOf(await ask());
    pass(40);
    expect(await keyOf(await ask())).toBe(first);
    pass(16);
    // 4 minutes are left: this one waits.
    const second = await keyOf(await ask());
    expect(second).toMatch(/^ASIA/);
    expect(second).not.toBe(first);
  });

  it('serves those that are valid while there are no newer ones, and then an error, never blank ones', async () => {
    const { ask, pass, said } = await serve();
    const first = await ask();
    const credentials = (await first.json()) as { Expiration: string };
    await withoutToken(async () => {
      pass(56);
      const still = await ask();
      expect([still.status, await still.json()]).toEqual([200, credentials]);
      expect(said.stderr).toContain('(tenant_unknown)');
      pass(5);
      const over = await ask();
      const problem = await over.json();
      expect([over.status, over.headers.get('cache-control')]).toEqual([502, 'no-store']);
      expect(problem).toMatchObject({ code: 'tenant_unknown', Code: 'tenant_unknown' });
      expect(problem).toMatchObject({
        message: expect.any(String),
        Message: expect.any(String),
        vendId: expect.any(String),
      });
      expect(problem).not.toHaveProperty('AccessKeyId');
    });
    expect(said.stderr).not.toMatch(/eyJ/);
  });

  it('ends well at a signal, with what it listened on', async () => {
    const { ask, end } = await serve();
    expect(await end('SIGINT')).toBe(0);
    await expect(ask()).rejects.toThrow('fetch failed');
  });

  it('is not ended by a signal that asks for no end', async () => {
    const { ask, end } = await serve();
    void end('SIGUSR2');
    expect((await ask()).status).toBe(200);
  });
});

describe('latchkey serve does not start', () => {
  test.each([
    ['for a profile that the tenant has not', ['--profile', 'no-such'], 3, '"code":"profile_not_granted"'],
    ['for an API that is none', ['--api-url', 'ftp://x'], 2, '--api-url or LATCHKEY_API_URL'],
  ])('%s', async (_what, options, code, message) => {
    const { said, end } = await serve(...options);
    expect([await end(), said.stdout]).toEqual([code, '']);
    expect(said.stderr).toContain(message);
  });
});

describe('latchkey serve as a process', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('gives the AWS SDK all it needs, until %s', async (signal) => {
    const child = machine.start(['serve', '--port', '0']);
    const [printed] = (await once(child.stdout, 'data')) as [Buffer];
    const lines = printed.toString();
    const variables = Object.fromEntries(
      [...lines.matchAll(/^export (\w+)='([^']+)'$/gm)].map(([, name = '', value]) => [name, value]),
    );
    expect(Object.keys(variables)).toEqual([
      'AWS_CONTAINER_CREDENTIALS_FULL_URI',
      'AWS_CONTAINER_AUTHORIZATION_TOKEN',
    ]);
    const { PATH, AWS_ENDPOINT_URL_S3, BUCKET } = machine.env;
    const env = {
      PATH,
      AWS_ENDPOINT_URL_S3,
      BUCKET,
      AWS_REGION: 'us-east-1',
      HOME: '/nonexistent',
      ...variables,
    };
    const tool = spawn(process.execPath, ['--input-type=module', '-e', SDK_PROGRAM], { env });
    expect(await finished(tool)).toEqual({ code: 0, stdout: AS_ACME, stderr: '' });
    const ended = finished(child);
    child.kill(signal);
    expect((await ended).code).toBe(0);
  });
});
