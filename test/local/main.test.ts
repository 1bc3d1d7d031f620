import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
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
    while (!output.includes(text)) await new Promise((resolve) => setTimeout(resolve, 20));
    return output;
  };
  return { child, ended, shows };
}

describe('npm run dev', () => {
  it('says what runs where, serves it as JSON, and ends on Ctrl-C', async () => {
    const { child, ended, shows } = dev('--port', '0');
    const output = await shows('3. Open');
    const api = /API +(http:\S+)/.exec(output)?.[1] ?? '';
    const facts = await (await fetch(`${api}/local`)).json();
    expect(facts).toEqual({
      api,
      issuer: expect.stringContaining('/pool'),
      sts: expect.any(String),
      s3: expect.any(String),
      dynamodb: expect.any(String),
      region: 'us-east-1',
      bucket: 'latchkey-data',
      table: 'latchkey-data',
      tenants: ['acme', 'globex', 'initech'].map((tenantId) => ({
        tenantId,
        clientId: `${tenantId}-app`,
        clientSecret: expect.any(String),
        tokenEndpoint: expect.stringMatching(/\/token$/),
        scope: 'vend',
        resource: 'https://latchkey.local',
      })),
    });
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
    expect([code, output]).toEqual([
      1,
      `latchkey: port ${port} for STS is taken; --port moves all of them\n`,
    ]);
  });
});
