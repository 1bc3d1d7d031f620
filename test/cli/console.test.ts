import { mkdtemp, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { openOnce } from '../../cli/apps/open-once.ts';
import { startTenantCli, type TenantCli, type TenantRunOptions } from './tenant-cli.ts';

let cli: TenantCli;
beforeAll(async () => {
  cli = await startTenantCli();
  await cli.loginPerson('acme');
});
afterAll(() => cli.close());

const run = (argv: readonly string[] = [], options: TenantRunOptions = {}) =>
  cli.run(['console', ...argv], options);

describe('latchkey console', () => {
  it('prints a link that signs in as the tenant', async () => {
    const { code, stdout, stderr } = await run();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^http:\S+\/federation\?Action=login&\S+\n$/);
    const page = await (await fetch(stdout.trim())).text();
    expect(page).toMatch(/assumed-role\/latchkey-tenant\/acme\./);
    expect(page).toContain('<code id="tenant">acme</code>');
    expect(page).toContain('href="https://console.aws.amazon.com/"');
  });

  it('leads to a page of the console, with a profile', async () => {
    const destination = 'https://eu-central-1.console.aws.amazon.com/s3/home?region=eu-central-1';
    const { stdout } = await run(['--destination', destination, '--profile', 'read-only', '--json']);
    expect(await (await fetch(JSON.parse(stdout).url)).text()).toContain(`href="${destination}"`);
  });

  it('opens it, and shows the link to nobody else', async () => {
    let page = '';
    const opened: string[] = [];
    const browser = async (url: string) => {
      opened.push(url);
      page = await (await fetch(await addressIn(url))).text();
    };
    const { code, stdout, stderr } = await run(['--open'], { browser });
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/^opened: the AWS console as arn:\S+\n$/);
    expect(page).toContain('<code id="tenant">acme</code>');
    expect(opened[0]).toMatch(/^file:\/\/\S+\/open-[0-9a-f-]{36}\.html$/);
    await expect(stat(new URL(opened[0] ?? ''))).rejects.toThrow('ENOENT');
  });

  it('asks the API for it, and AWS for nothing', async () => {
    const scope = ['--scope', 'folder=reports/'];
    const issuer = ['--issuer', 'https://app.acme.example/'];
    const { stdout, requests } = await run([...scope, ...issuer, '--duration', '900', '--json']);
    const asked = requests.filter(({ target }) => !target.startsWith('/pool'));
    expect(asked.map(({ method, target }) => [method, target])).toEqual([['POST', '/console-session']]);
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
      scope: { folder: 'reports/' },
      durationSeconds: 900,
      issuer: 'https://app.acme.example/',
    });
    expect(JSON.parse(stdout)).toMatchObject({
      tenantId: 'acme',
      profile: 'app',
      expiration: expect.any(String),
      credentialsExpiration: expect.any(String),
    });
  });

  it('says that role chaining excludes a session duration', async () => {
    const { code, stdout, stderr } = await run(['--session-duration', '3600']);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(
      /role chaining.*\(duration_out_of_range\)\n {2}cure: .*leave out --session-duration/,
    );
  });

  test.each([
    ['another host', 'https://example.com/'],
    ['a host that ends alike', 'https://xconsole.aws.amazon.com/'],
    ['the console in the clear', 'http://console.aws.amazon.com/'],
    ['a user in it', 'https://a@console.aws.amazon.com/'],
    ["another partition's console", 'https://console.amazonaws.cn/'],
  ])('refuses %s', async (_what, destination) => {
    const { code, stdout, stderr } = await run(['--destination', destination]);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/a page of https:\/\/console\.aws\.amazon\.com\/.*\(destination_invalid\)/);
  });

  test.each([
    ['a duration that is none', ['--session-duration', '1h'], '--session-duration'],
    ['a device of MFA', ['--mfa-serial', 'GAHT12345678'], 'got mfa-serial'],
    ['a code of MFA', ['--mfa-code', '123456'], 'got mfa-code'],
    ['a command that prints one', ['--mfa-command', 'true'], 'got mfa-command'],
    ['an IAM user', ['--iam-user'], 'got iam-user'],
  ])('refuses %s, and asks nobody', async (_what, argv, message) => {
    const { code, stdout, stderr, requests } = await run(argv);
    expect([code, stdout, requests]).toEqual([2, '', []]);
    expect(stderr).toContain(message);
  });

  test.each([
    [
      'cannot reach AWS Sign-In',
      Response.json(
        { code: 'sign_in_refused', detail: 'AWS Sign-In refuses the credentials' },
        { status: 502 },
      ),
      4,
      /refuses the credentials \(sign_in_refused\)\n {2}cure: run it again/,
    ],
    ['answers with no link', Response.json({ vendId: 'v', url: 'nowhere' }), 4, /answer_invalid/],
    ['answers with something else', new Response('hello'), 4, /answer_invalid/],
  ])('tells when the API %s', async (_what, answer, expected, message) => {
    const api = (request: Request) =>
      request.url.endsWith('/console-session') ? answer.clone() : fetch(request);
    const { code, stdout, stderr } = await run([], { api });
    expect([code, stdout]).toEqual([expected, '']);
    expect(stderr).toMatch(message);
  });
});

/** Where the page leads that a browser is given. */
async function addressIn(file: string): Promise<string> {
  const [, url = ''] = /url=(http:[^"]+)"/.exec(await readFile(new URL(file), 'utf8')) ?? [];
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}$/);
  return url;
}

describe('a link that is opened once', () => {
  const ownFolder = () => mkdtemp(join(tmpdir(), 'latchkey-open-'));

  it('is for the first who comes, by its own name', async () => {
    const seen: (number | string | null)[] = [];
    const openBrowser = async (file: string) => {
      seen.push((await stat(new URL(file))).mode & 0o777);
      const url = await addressIn(file);
      const get = (target: string, headers = {}) => fetch(target, { redirect: 'manual', headers });
      seen.push((await get(new URL('/favicon.ico', url).href)).status);
      seen.push((await get(url.replace('127.0.0.1', 'localhost')).catch(() => ({ status: 404 }))).status);
      const first = await get(url);
      seen.push(first.status, first.headers.get('location'), first.headers.get('referrer-policy'));
      seen.push((await get(url).catch(() => ({ status: 404 }))).status);
    };
    await openOnce('https://console.example/?secret', { folder: await ownFolder(), openBrowser });
    expect(seen).toEqual([0o600, 404, 404, 303, 'https://console.example/?secret', 'no-referrer', 404]);
  });

  it('tells when there is no browser', async () => {
    const openBrowser = () => Promise.reject(new Error('ENOENT'));
    const opening = openOnce('https://x.example', { folder: await ownFolder(), openBrowser });
    await expect(opening).rejects.toThrow('without --open');
  });
});
