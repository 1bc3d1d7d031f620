import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it, test } from 'vitest';

const children: ChildProcess[] = [];
const servers: Server[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const server of servers.splice(0)) server.close();
});

/** `npm run dev` without npm. */
function dev(...args: string[]) {
  const child = spawn(process.execPath, ['local/main.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
    child.once('exit', (code) => resolve({ code, output })),
  );
  const shows = async (text: string) => {
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    while (!output.includes(text)) {
      if (isOver) throw new Error(`got ${JSON.stringify(output)}, expected ${JSON.stringify(text)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return output;
  };
  return { child, ended, shows };
}

const run = (args: readonly string[], env = process.env) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  return { status, output: stdout + stderr };
};

const LOOPBACK = /^http:\/\/127\.0\.0\.1:\d+$/;

const tenantFacts = (tenantId: string) => ({
  tenantId,
  issuer: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\w+$/),
  user: `dev@${tenantId}.example`,
  deviceClientId: 'latchkey-cli',
  clientId: `${tenantId}-app`,
  clientSecret: expect.any(String),
  tokenEndpoint: expect.stringMatching(/\/token$/),
  scope: 'vend',
  resource: 'https://latchkey.local',
});

it('a Node version that is too old is one clear line', () => {
  const old = "Object.defineProperty(process, 'versions', { value: { node: '20.1.0' } });";
  const { status, output } = run([
    '--import',
    `data:text/javascript,${encodeURIComponent(old)}`,
    'local/require-node.mjs',
  ]);
  expect([status, output.trim().split('\n').length]).toEqual([1, 1]);
  expect(output).toMatch(/^latchkey: Node 24 is required, got 20\.1\.0/);
  expect(run(['local/require-node.mjs'])).toEqual({ status: 0, output: '' });
});

it('a profile that is no TypeScript is one clear line, which names the file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-'));
  mkdirSync(join(folder, 'profiles'));
  writeFileSync(
    join(folder, 'profiles/index.ts'),
    "import './broken.ts';\nexport const profileDefinitions = [];\n",
  );
  writeFileSync(join(folder, 'profiles/broken.ts'), 'export const broken = {\n  name: {{,\n};\n');
  const index = pathToFileURL(join(folder, 'profiles/index.ts')).href;
  const script = `import { loadProfileDefinitions } from './profiles/load.ts';
    await loadProfileDefinitions(new URL(${JSON.stringify(index)})).catch((error) => console.log(error.name, error.message));`;
  const { output } = run(['--input-type=module', '-e', script]);
  rmSync(folder, { recursive: true });
  expect(output).toMatch(/^ConfigurationError profiles\/broken\.ts:2: \S.*\n$/);
});

describe('npm run dev', () => {
  it('says what runs where, serves it as JSON, and ends on Ctrl-C', async () => {
    const { child, ended, shows } = dev('--port', '0');
    const output = await shows('3. Open');
    const api = /API +(http:\S+)/.exec(output)?.[1] ?? '';
    const facts = await (await fetch(`${api}/local`)).json();
    expect(facts).toEqual({
      api,
      operatorApi: expect.stringMatching(LOOPBACK),
      issuer: expect.stringContaining('/pool'),
      sts: expect.stringMatching(LOOPBACK),
      s3: expect.stringMatching(LOOPBACK),
      dynamodb: expect.stringMatching(LOOPBACK),
      iam: expect.stringMatching(LOOPBACK),
      lambda: expect.stringMatching(LOOPBACK),
      events: expect.stringMatching(LOOPBACK),
      sqs: expect.stringMatching(LOOPBACK),
      signin: expect.stringMatching(LOOPBACK),
      kms: expect.stringMatching(LOOPBACK),
      secretsmanager: expect.stringMatching(LOOPBACK),
      region: 'us-east-1',
      bucket: 'latchkey-data',
      table: 'latchkey-data',
      eventBus: 'latchkey',
      deadLetterQueueArn: 'arn:aws:sqs:us-east-1:111122223333:latchkey-dead-letters',
      tenants: [
        {
          ...tenantFacts('acme'),
          mfaDevice: {
            serialNumber: 'arn:aws:iam::111122223333:mfa/latchkey-local-acme',
            secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
          },
        },
        ...['globex', 'initech'].map(tenantFacts),
      ],
      newcomer: tenantFacts('umbrella'),
    });
    // What it says to a tenant leads the program here.
    const tenant = await (await fetch(`${api}/local/tenant`)).text();
    expect(tenant).toContain(`export LATCHKEY_API_URL='${api}'\n`);
    expect(tenant).toContain(`export AWS_ENDPOINT_URL_SIGNIN='${(facts as { signin: string }).signin}'\n`);
    const sts = `export AWS_ENDPOINT_URL_STS='${(facts as { sts: string }).sts}'\n`;
    expect(tenant).toContain(sts);
    expect(tenant).not.toMatch(/SECRET|TOKEN/);
    // What it says of the operator makes the program work.
    const operator = await (await fetch(`${api}/local/operator`)).text();
    expect(operator).toContain(sts);
    const pairs = [...operator.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name, value]) => [name, value]);
    const env = { ...process.env, ...Object.fromEntries(pairs) };
    const list = run(['cli/main.ts', 'tenant', 'list'], env);
    expect(list.output).toMatch(/^acme +active/m);
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
  });

  test.each([
    ['a port that is none', ['--port', 'abc'], /^latchkey: --port: got abc, expected a whole number/],
    ['an option that is none', ['--prot', '1'], /^latchkey: Unknown option '--prot'/],
  ])('refuses %s in one line', async (_what, args, message) => {
    const { code, output } = await dev(...args).ended;
    expect([code, output.trim().split('\n').length]).toEqual([1, 1]);
    expect(output).toMatch(message);
  });

  it('names a port that somebody else has, in one line', async () => {
    const server = createServer();
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { code, output } = await dev('--port', String(port - 1)).ended;
    // Whoever else works on this machine may have one of the others.
    expect(output).toMatch(/^latchkey: port \d+ for [\w ]+ is taken; --port moves all of them\n$/);
    expect(code).toBe(1);
  });
});
