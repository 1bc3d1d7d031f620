import { mkdtemp, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { requestConsoleLink } from '../../cli/apps/console-link.ts';
import { openOnce } from '../../cli/apps/open-once.ts';
import { RefusedError, UsageError } from '../../cli/failure.ts';
import type { LatchkeyCredentials } from '../../client/src/index.ts';
import { startTenantCli, type TenantCli, type TenantRunOptions } from './tenant-cli.ts';

let cli: TenantCli;
beforeAll(async () => {
  cli = await startTenantCli();
  await cli.loginPerson('acme');
});
afterAll(() => cli.close());

const run = (argv: readonly string[] = [], { env = {}, ...options }: TenantRunOptions = {}) =>
  cli.run(['console', ...argv], {
    ...options,
    env: { AWS_ENDPOINT_URL_SIGNIN: cli.local.facts.signin, ...env },
  });

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

  it('says that role chaining excludes a session duration, when AWS refuses it', async () => {
    const { code, stdout, stderr } = await run(['--session-duration', '3600']);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/role chaining.*\(signin_refused\)\n {2}cure: leave out --session-duration/);
  });

  test.each([
    ['another host', ['--destination', 'https://example.com/'], {}, '--destination'],
    ['a host that ends alike', ['--destination', 'https://xconsole.aws.amazon.com/'], {}, '--destination'],
    ['the console in the clear', ['--destination', 'http://console.aws.amazon.com/'], {}, '--destination'],
    ['a user in it', ['--destination', 'https://a@console.aws.amazon.com/'], {}, '--destination'],
    ["another partition's console", ['--destination', 'https://console.amazonaws.cn/'], {}, '--destination'],
    [
      'a sign-in elsewhere',
      [],
      { AWS_ENDPOINT_URL_SIGNIN: 'https://evil.example' },
      'AWS_ENDPOINT_URL_SIGNIN',
    ],
    ['a duration that is none', ['--session-duration', '1h'], {}, '--session-duration'],
  ])('refuses %s, and sends no credentials', async (_what, argv, env, message) => {
    const { code, stdout, stderr, requests } = await run(argv, { env });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(requests.filter(({ target }) => target === '/federation')).toEqual([]);
  });

  test.each([
    ['answers with something else', async () => new Response('hello'), 'not as AWS Sign-In does'],
    ['is down', async () => new Response('', { status: 503 }), 'HTTP status 503'],
    ['redirects', async () => Response.redirect('https://example.com/', 302), 'refuses'],
    ['is not there', () => Promise.reject(new TypeError('fetch failed')), 'TypeError'],
  ])('tells when the sign-in %s', async (_what, answer, message) => {
    const api = (request: Request) => (request.url.endsWith('/federation') ? answer() : fetch(request));
    const { code, stdout, stderr } = await run([], { api });
    expect([code >= 3, stdout]).toEqual([true, '']);
    expect(stderr).toContain(message);
  });
});

describe('the sign-in of a partition', () => {
  const credentialsIn = (partition: string): LatchkeyCredentials => ({
    accessKeyId: 'ASIAEXAMPLE',
    secretAccessKey: 'very-secret',
    sessionToken: 'session/token+',
    expiration: new Date(0),
    accountId: '111122223333',
    vendId: 'v',
    tenantId: 'acme',
    profile: 'app',
    assumedRoleArn: `arn:${partition}:sts::111122223333:assumed-role/r/s`,
  });
  const link = async (partition: string, answer: Response, destination?: string) => {
    const sent: Request[] = [];
    const request = {
      credentials: credentialsIn(partition),
      destination,
      sessionDurationSeconds: undefined,
      signInUrl: undefined,
    };
    const send = async (input: string | URL | Request, init?: RequestInit) => {
      sent.push(new Request(input, init));
      return answer;
    };
    return { url: new URL(await requestConsoleLink(request, send as typeof fetch)), sent };
  };

  test.each([
    ['aws', 'signin.aws.amazon.com', 'https://console.aws.amazon.com/'],
    ['aws-us-gov', 'signin.amazonaws-us-gov.com', 'https://console.amazonaws-us-gov.com/'],
    ['aws-cn', 'signin.amazonaws.cn', 'https://console.amazonaws.cn/'],
  ])('%s is %s', async (partition, host, destination) => {
    const { url, sent } = await link(partition, Response.json({ SigninToken: 'to/ken+' }));
    expect([url.protocol, url.host, url.pathname]).toEqual(['https:', host, '/federation']);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      Action: 'login',
      Destination: destination,
      SigninToken: 'to/ken+',
    });
    const [request] = sent;
    expect([request?.method, request?.url, request?.redirect]).toEqual([
      'POST',
      `https://${host}/federation`,
      'manual',
    ]);
    expect(Object.fromEntries(new URLSearchParams(await request?.text()))).toEqual({
      Action: 'getSigninToken',
      Session: '{"sessionId":"ASIAEXAMPLE","sessionKey":"very-secret","sessionToken":"session/token+"}',
    });
  });

  it('is not guessed for others', async () => {
    await expect(link('aws-eusc', Response.json({}))).rejects.toBeInstanceOf(UsageError);
  });

  it('that refuses says nothing of the credentials', async () => {
    const error = await link('aws', new Response('very-secret', { status: 400 })).catch((each) => each);
    expect(error).toBeInstanceOf(RefusedError);
    expect(JSON.stringify([error, error.message, error.text])).not.toMatch(/very-secret|session\/token/);
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
