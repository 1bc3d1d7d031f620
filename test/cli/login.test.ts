import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { type Login, loginId } from '../../cli/apps/token-store.ts';
import { startTenantCli, type TenantCli } from './tenant-cli.ts';

let cli: TenantCli;
beforeAll(async () => {
  cli = await startTenantCli();
});
afterAll(() => cli.close());
beforeEach(() => cli.moveHome());

const files = () => readdirSync(cli.logins()).filter((name) => name.endsWith('.json'));
const stored = (index = 0): Login =>
  JSON.parse(readFileSync(join(cli.logins(), files()[index] ?? ''), 'utf8'));
const store = (login: Partial<Login>) =>
  writeFileSync(join(cli.logins(), files()[0] ?? ''), JSON.stringify({ ...stored(), ...login }));
const tokensTo = (requests: readonly { readonly target: string; readonly body: string }[]) =>
  requests
    .filter(({ target }) => target.endsWith('/token'))
    .map(({ body }) => new URLSearchParams(body).get('grant_type'));

describe('latchkey login as a person', () => {
  it('shows page and code, waits, and keeps the tokens', async () => {
    const { code, stdout, stderr } = await cli.loginPerson('acme');
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(
        /^to sign in, open\n {2}http:\S+\/pool\/device\?user_code=(\S+)\nand check that it shows the code \1\n$/,
      ),
    ]);
    expect(stdout).toMatch(/^signed in {2}dev@acme\.example\n/);
    expect(stdout).toContain('refreshed by itself\nnext: latchkey whoami\n');
    const { accessToken, refreshToken, apiUrl } = stored();
    expect(decodeJwt(accessToken)).toMatchObject({ tenant: 'acme', scope: 'vend' });
    expect([refreshToken === undefined, apiUrl]).toEqual([false, `${cli.local.facts.api}/`]);
    for (const secret of [accessToken, refreshToken ?? '']) expect(stdout + stderr).not.toContain(secret);
  });

  it('opens the page in a browser, and goes on without one', async () => {
    const opened: string[] = [];
    const browser = async (url: string) => void opened.push(url);
    expect((await cli.loginPerson('acme', { browser }, ['--open'])).code).toBe(0);
    expect(opened).toEqual([expect.stringContaining('/pool/device?user_code=')]);
    const none = () => Promise.reject(new Error('no browser'));
    const { code, stderr } = await cli.loginPerson('acme', { browser: none }, ['--open']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('open it by hand')]);
  });

  it('ends with 3 when it is denied, and keeps nothing', async () => {
    const { code, stdout, stderr } = await cli.loginPerson('acme', { signsIn: { deny: 'yes' } });
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain(
      'refuses: the sign-in was denied on its page (oauth_access_denied)\n  cure: run latchkey login again, and approve it\n',
    );
    expect(readdirSync(cli.home())).toEqual([]);
  });

  it('as JSON, without a token', async () => {
    const { stdout } = await cli.loginPerson('acme', {}, ['--json']);
    expect(JSON.parse(stdout)).toMatchObject({ clientId: 'latchkey-cli', refreshes: true });
    expect(stdout).not.toMatch(/token/i);
  });

  it('can be done twice for an API, with a name', async () => {
    await cli.loginPerson('acme');
    await cli.loginPerson('globex', {}, ['--login', 'globex']);
    expect(files()).toHaveLength(2);
    const whose = async (...argv: string[]) =>
      /^tenant +(\w+)/.exec((await cli.run(['whoami', ...argv])).stdout)?.[1];
    expect([await whose(), await whose('--login', 'globex')]).toEqual(['acme', 'globex']);
  });
});

it('ends at Ctrl-C with nothing said and nothing kept', async () => {
  const { issuer, deviceClientId } = cli.tenant('acme');
  const argv = ['login', '--issuer', issuer, '--client-id', deviceClientId, '--api-url', cli.local.facts.api];
  const child = spawn(process.execPath, ['cli/main.ts', ...argv], {
    env: { PATH: process.env['PATH'], LATCHKEY_HOME: cli.home() },
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
    if (said.includes('it shows the code')) child.kill('SIGINT');
  });
  const [code, signal] = await once(child, 'close');
  expect([code, signal]).toEqual([null, 'SIGINT']);
  expect(said).toMatch(/^to sign in, open\n.+\nand check .+\n$/);
  expect(readdirSync(cli.home())).toEqual([]);
});

describe('latchkey login as a machine', () => {
  it('takes the secret from the environment, and keeps it nowhere', async () => {
    const { code, stdout, stderr, requests } = await cli.loginMachine('acme');
    expect([code, stderr, tokensTo(requests)]).toEqual([0, '', ['client_credentials']]);
    expect(stdout).toMatch(/^until .*; refreshed with LATCHKEY_CLIENT_SECRET$/m);
    expect(JSON.stringify(stored())).not.toContain(cli.tenant('acme').clientSecret);
  });

  it('remembers the path of a file with the secret', async () => {
    const { clientSecret } = cli.tenant('acme');
    const path = join(cli.home(), 'secret');
    writeFileSync(path, `${clientSecret}\n`);
    await cli.loginMachine('acme', { env: { LATCHKEY_CLIENT_SECRET: '' } }, ['--client-secret-file', path]);
    expect(stored()).toMatchObject({ clientSecretFile: path, clientAuth: 'post' });
    expect(JSON.stringify(stored())).not.toContain(clientSecret);
  });

  it('sends it with HTTP Basic when told to', async () => {
    const { code, requests } = await cli.loginMachine('acme', {}, ['--client-auth', 'basic']);
    expect([code, requests.at(-1)?.headers['authorization']]).toEqual([0, expect.stringMatching(/^Basic /)]);
    expect(stored()).toMatchObject({ clientAuth: 'basic' });
  });

  test.each([
    ['a wrong secret', { LATCHKEY_CLIENT_SECRET: 'wrong' }, [], 3, '(oauth_invalid_client)'],
    ['no such file', {}, ['--client-secret-file', '/nowhere'], 2, '/nowhere: got ENOENT'],
    [
      'a wrong secret, the other way',
      { LATCHKEY_CLIENT_SECRET: 'wrong' },
      ['--client-auth', 'basic'],
      3,
      '(oauth_invalid_client)',
    ],
  ])('with %s: says what is wrong', async (_what, env, more, code, message) => {
    const ran = await cli.loginMachine('acme', { env }, more);
    expect([ran.code, ran.stdout]).toEqual([code, '']);
    expect(ran.stderr).toContain(message);
    expect(ran.stderr).not.toContain('wrong\n');
    expect(readdirSync(cli.home())).toEqual([]);
  });
});

describe('latchkey login refuses', () => {
  const login = (...argv: string[]) =>
    cli.run(['login', '--client-id', 'x', ...argv], { env: { LATCHKEY_API_URL: '' } });
  test.each([
    [
      'an issuer without https',
      ['--issuer', 'http://idp.example', '--api-url', 'https://a.example'],
      '--issuer: got',
    ],
    ['no issuer URL', ['--issuer', 'idp', '--api-url', 'https://a.example'], '--issuer: got idp'],
    [
      'an API without https',
      ['--issuer', 'https://idp.example', '--api-url', 'http://a.example'],
      '--api-url',
    ],
    ['no API', ['--issuer', 'https://idp.example'], 'expected --api-url or LATCHKEY_API_URL'],
  ])('%s', async (_what, argv, message) => {
    const { code, stderr, requests } = await login(...argv);
    expect([code, requests]).toEqual([2, []]);
    expect(stderr).toContain(message);
  });

  const METADATA = {
    issuer: 'http://127.0.0.1:1',
    token_endpoint: 'http://127.0.0.1:1/token',
    device_authorization_endpoint: 'http://127.0.0.1:1/device',
  };
  const DEVICE = {
    device_code: 'd',
    user_code: 'U',
    verification_uri: 'https://idp.example/',
    expires_in: 60,
  };
  test.each([
    [
      'an endpoint in the clear elsewhere',
      { device_authorization_endpoint: 'http://idp.example/device' },
      {},
      2,
      'expected https',
    ],
    [
      'an issuer without the device flow',
      { device_authorization_endpoint: undefined },
      {},
      2,
      'no device authorization endpoint',
    ],
    ['a page that is a file', {}, { verification_uri: 'file:///etc/passwd' }, 2, 'not https'],
    [
      'a page that is a file, with the code',
      {},
      { verification_uri_complete: 'file:///etc' },
      2,
      'not https',
    ],
    ['metadata of another issuer', { issuer: 'http://127.0.0.1:2' }, {}, 4, "is it the issuer's URL"],
  ])('%s', async (_what, metadata, device, code, message) => {
    const asked: string[] = [];
    const api = async ({ url }: Request) => {
      asked.push(new URL(url).host);
      return Response.json(url.endsWith('/device') ? { ...DEVICE, ...device } : { ...METADATA, ...metadata });
    };
    const argv = ['login', '--client-id', 'x', '--issuer', METADATA.issuer];
    const ran = await cli.run(argv, { api });
    expect([ran.code, ran.stderr]).toEqual([code, expect.stringContaining(message)]);
    expect(asked).not.toContain('idp.example');
  });
});

test.each([
  [
    'nobody',
    () =>
      Promise.reject(
        new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) }),
      ),
    'latchkey: got no answer from 127.0.0.1:1: ECONNREFUSED\n',
  ],
  [
    'no metadata',
    async () => new Response('no', { status: 404 }),
    "latchkey: got status 404 from http://127.0.0.1:1/, expected the issuer's metadata; is it the issuer's URL, as in the iss of its tokens?\n",
  ],
  [
    'a page',
    async () => new Response('<html>'),
    "latchkey: got an answer that is not JSON from http://127.0.0.1:1/, expected the issuer's metadata; is it the issuer's URL, as in the iss of its tokens?\n",
  ],
])('latchkey login says that there is %s at the issuer', async (_what, api, stderr) => {
  const argv = ['login', '--client-id', 'x', '--issuer', 'http://127.0.0.1:1'];
  expect(await cli.run(argv, { api })).toMatchObject({ code: 4, stdout: '', stderr });
});

describe('what the token looks like', () => {
  const sign = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
  test.each([
    ['no JWT', 'opaque', 'no JWT'],
    ['no audience', sign({ sub: 'a' }), 'says not what it is for'],
    ['another audience', sign({ aud: ['b', 'c'] }), 'a token for b, c, expected https://latchkey.local'],
  ])('%s: warns with the cure', async (_what, token, message) => {
    const api = async (request: Request) =>
      request.url.endsWith('/token')
        ? Response.json({ access_token: token, token_type: 'bearer' })
        : fetch(request);
    const { code, stderr } = await cli.loginMachine('acme', { api });
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^warning: .*--resource/)]);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain(token);
  });
});

it('polls as the issuer says, and slower when told to', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const polled: number[] = [];
  let elapsed = 0;
  const answers = ['authorization_pending', 'slow_down', 'authorization_pending', undefined];
  const api = async (request: Request) => {
    if (!request.url.endsWith('/token')) {
      const response = await fetch(request);
      if (!request.url.endsWith('/device/auth')) return response;
      return Response.json({ ...((await response.json()) as object), interval: 7 });
    }
    polled.push(elapsed);
    const error = answers[polled.length - 1];
    return error === undefined
      ? Response.json({ access_token: 'opaque', token_type: 'bearer' })
      : Response.json({ error }, { status: 400 });
  };
  let ended = false;
  const running = cli.loginPerson('acme', { api, signsIn: { deny: 'yes' } }).finally(() => {
    ended = true;
  });
  while (!ended) {
    if (vi.getTimerCount() > 0) elapsed += 1;
    await vi.advanceTimersByTimeAsync(vi.getTimerCount() > 0 ? 1000 : 0);
    await new Promise((resolve) => setImmediate(resolve));
  }
  vi.useRealTimers();
  expect((await running).code).toBe(0);
  const gaps = polled.map((at, index) => at - (polled[index - 1] ?? 0));
  expect(gaps.slice(1)).toEqual([7, 12, 12]);
});

describe('a token near its end', () => {
  const whoami = (options = {}) => cli.run(['whoami'], options);

  it('is refreshed with the refresh token, which is then replaced', async () => {
    await cli.loginPerson('acme');
    const before = stored();
    store({ expiresAt: Date.now() + 59_000 });
    const { code, requests, stderr } = await whoami();
    expect([code, tokensTo(requests), stderr]).toEqual([0, ['refresh_token'], '']);
    const after = stored();
    expect(after.refreshToken).not.toBe(before.refreshToken);
    expect(after.expiresAt).toBeGreaterThan(Date.now() + 3_500_000);
    expect(tokensTo((await whoami()).requests)).toEqual([]);
  });

  it('is used as long as it is good for more than a minute', async () => {
    await cli.loginPerson('acme');
    store({ expiresAt: Date.now() + 65_000 });
    expect(tokensTo((await whoami()).requests)).toEqual([]);
  });

  it('is refreshed by one of many processes', async () => {
    await cli.loginPerson('acme');
    store({ expiresAt: 0 });
    const ran = await Promise.all(Array.from({ length: 5 }, () => whoami()));
    expect(ran.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    expect(ran.flatMap(({ requests }) => tokensTo(requests))).toEqual(['refresh_token']);
  });

  it('is fetched anew for a machine, with the secret read again', async () => {
    const path = join(cli.home(), 'secret');
    writeFileSync(path, cli.tenant('acme').clientSecret);
    await cli.loginMachine('acme', { env: { LATCHKEY_CLIENT_SECRET: '' } }, ['--client-secret-file', path]);
    store({ expiresAt: 0 });
    const { code, requests } = await whoami();
    expect([code, tokensTo(requests)]).toEqual([0, ['client_credentials']]);
  });

  test.each([
    ['a machine without its secret', 'machine', {}, 2, 'LATCHKEY_CLIENT_SECRET'],
    [
      'nothing to refresh it with',
      'person',
      { refreshToken: undefined },
      2,
      'the login has ended; run: latchkey login --api-url',
    ],
    ['a refresh token that is used up', 'person', { refreshToken: 'used-up' }, 3, '(oauth_invalid_grant)'],
  ] as const)('and %s: says what to do', async (_what, who, change, code, message) => {
    await (who === 'machine' ? cli.loginMachine('acme') : cli.loginPerson('acme'));
    store({ expiresAt: 0, ...change });
    const ran = await whoami();
    expect([ran.code, ran.stdout]).toEqual([code, '']);
    expect(ran.stderr).toContain(message);
    expect(ran.stderr).not.toContain('used-up');
  });

  it('is used to its end while it cannot be refreshed', async () => {
    await cli.loginPerson('acme');
    store({ expiresAt: Date.now() + 30_000, refreshToken: 'used-up' });
    expect((await whoami()).code).toBe(0);
  });
});

describe('latchkey logout', () => {
  it('forgets the login, and ends the refresh token at the issuer', async () => {
    await cli.loginPerson('acme');
    const { refreshToken = '', issuer, clientId } = stored();
    const { code, stdout } = await cli.run(['logout']);
    expect([code, stdout]).toEqual([0, `forgotten: the login for ${cli.local.facts.api}/\n`]);
    expect(files()).toEqual([]);
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: clientId,
      refresh_token: refreshToken,
    });
    expect((await fetch(`${issuer}/token`, { method: 'POST', body })).status).toBe(400);
  });

  it('forgets it here when the issuer is not there', async () => {
    await cli.loginPerson('acme');
    const { code, stderr } = await cli.run(['logout'], {
      api: () => Promise.reject(new TypeError('fetch failed')),
    });
    expect([code, files()]).toEqual([0, []]);
    expect(stderr).toContain('not ended at the issuer');
  });

  it('forgets one by its name, or all', async () => {
    await cli.loginMachine('acme');
    await cli.loginMachine('globex', {}, ['--login', 'globex']);
    await cli.loginMachine('initech', {}, ['--login', 'initech']);
    await cli.run(['logout', '--login', 'globex']);
    expect(files()).toHaveLength(2);
    const api = `${cli.local.facts.api}/`;
    for (const [argv, named] of [
      [['--login', 'globex'], 'globex'],
      [['--api-url', 'https://a.example'], 'for https://a.example/'],
    ] as const)
      expect(await cli.run(['logout', ...argv])).toMatchObject({
        code: 2,
        stderr: `latchkey: got no login ${named}, expected one of: ${api}, initech (${api})\n`,
      });
    expect(files()).toHaveLength(2);
    await cli.run(['logout', '--all'], { env: { LATCHKEY_API_URL: '' } });
    expect(files()).toEqual([]);
    expect(await cli.run(['logout'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is none'),
    });
  });
});

it('a login is for one API: its token goes to no other', async () => {
  await cli.loginMachine('acme', {}, ['--login', 'acme']);
  const ran = await cli.run(['whoami', '--login', 'acme', '--api-url', 'https://other.example']);
  expect([ran.code, ran.requests, ran.stderr]).toEqual([2, [], expect.stringContaining('for nobody else')]);
  expect(loginId({ apiUrl: 'a', name: 'b' })).not.toBe(loginId({ apiUrl: 'b' }));
});
