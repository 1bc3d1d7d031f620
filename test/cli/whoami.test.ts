import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { fetchToken } from '../../local/fetch-token.ts';
import { startTenantCli, type TenantCli } from './tenant-cli.ts';

let cli: TenantCli;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  cli = await startTenantCli();
  for (const tenantId of ['acme', 'globex', 'initech'])
    tokens[tenantId] = await fetchToken(cli.local.facts, tenantId);
});
afterAll(() => cli.close());
beforeEach(() => cli.moveHome());

const fileWith = (tenantId: string, form = (token = '') => token) => {
  const path = join(cli.home(), `${tenantId}.jwt`);
  writeFileSync(path, form(tokens[tenantId]));
  return path;
};

describe('latchkey whoami', () => {
  it('shows tenant, issuer, subject, scopes and profiles', async () => {
    await cli.loginPerson('acme');
    const { code, stdout, stderr } = await cli.run(['whoami']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^tenant +acme \(Acme Ltd\)\nsubject +dev@acme\.example\nissuer +http:\S+\/pool\nscopes +vend\n/,
    );
    expect(stdout).toMatch(/^accepted until +\S+:\d\dZ, the issuer's clock skew included$/m);
    expect(stdout).toMatch(/^app \(default\) +yes +\/credentials +3600, at most 3600 +\[folder\] /m);
    expect(stdout).toMatch(/^read-only +yes /m);
  });

  it('shows which scopes are missing', async () => {
    const { issuer, clientId, resource } = cli.tenant('acme');
    const argv = ['login', '--issuer', issuer, '--client-id', clientId, '--resource', resource];
    await cli.run(argv, { env: { LATCHKEY_CLIENT_SECRET: cli.tenant('acme').clientSecret } });
    const { stdout } = await cli.run(['whoami']);
    expect(stdout).toMatch(/^app \(default\) +no: the token lacks vend /m);
    const refused = await cli.run(['credentials']);
    expect([refused.code, refused.stdout]).toEqual([3, '']);
    expect(refused.stderr).toMatch(
      /\(insufficient_scope\)\n {2}cure: .*latchkey whoami.*\n {2}vend id: \S+\n$/,
    );
  });

  it('asks AWS with credentials of a profile whose they are', async () => {
    const env = { LATCHKEY_TOKEN: tokens['acme'] ?? '' };
    const { code, stdout, requests } = await cli.run(['whoami', '--verify', '--profile', 'read-only'], {
      env,
    });
    expect([code, requests.map(({ target }) => target)]).toEqual([
      0,
      ['/whoami?verify=true&profile=read-only'],
    ]);
    expect(stdout).toMatch(/^verified profile +read-only$/m);
    expect(stdout).toMatch(/^AWS account +111122223333$/m);
    expect(stdout).toMatch(
      /^AWS session +arn:aws:sts::111122223333:assumed-role\/latchkey-tenant\/acme\.[\w-]{15}$/m,
    );
    expect(stdout).toMatch(/^AWS user id +AROA\w+:acme\.[\w-]{15}$/m);
  });

  it('verifies the default profile if none is named, and none if it is not told to', async () => {
    const env = { LATCHKEY_TOKEN: tokens['acme'] ?? '' };
    const { stdout } = await cli.run(['whoami', '--verify', '--json'], { env });
    expect(JSON.parse(stdout).verified.profile).toBe('app');
    const { code, stderr, requests } = await cli.run(['whoami', '--profile', 'app'], { env });
    expect([code, requests]).toEqual([2, []]);
    expect(stderr).toContain('--verify');
  });

  it("as JSON: the API's own answer", async () => {
    const env = { LATCHKEY_TOKEN: tokens['acme'] ?? '' };
    const { stdout } = await cli.run(['whoami', '--json'], { env });
    const headers = { Authorization: `Bearer ${env.LATCHKEY_TOKEN}` };
    const answer = await fetch(`${cli.local.facts.api}/whoami`, { headers });
    expect(JSON.parse(stdout)).toEqual(await answer.json());
  });
});

describe('the token', () => {
  const whose = async (argv: readonly string[], env: Readonly<Record<string, string>>) => {
    const { stdout, stderr } = await cli.run(['whoami', ...argv], { env });
    return /^tenant +(\w+)/.exec(stdout)?.[1] ?? stderr;
  };
  it('comes from option, file, variable, login, in this order', async () => {
    await cli.loginPerson('acme');
    await cli.loginPerson('globex', {}, ['--login', 'other']);
    const raw = { LATCHKEY_TOKEN: tokens['globex'] ?? '' };
    const all = { ...raw, LATCHKEY_TOKEN_FILE: fileWith('initech') };
    expect(await whose([], {})).toBe('acme');
    expect(await whose([], raw)).toBe('globex');
    expect(await whose([], all)).toBe('initech');
    expect(await whose(['--token-file', fileWith('acme')], all)).toBe('acme');
    expect(await whose(['--login', 'other'], { ...all, LATCHKEY_TOKEN: tokens['acme'] ?? '' })).toBe(
      'globex',
    );
  });

  it('may stand in a file as AWS SDKs read it', async () => {
    const path = fileWith('acme', (token) => `Bearer ${token}\n`);
    expect(await whose(['--token-file', path], {})).toBe('acme');
  });

  it('is sent to an API that was named, not to the one of a login', async () => {
    await cli.loginPerson('acme');
    const { code, requests, stderr } = await cli.run(['whoami'], {
      env: { LATCHKEY_API_URL: '', LATCHKEY_TOKEN: tokens['globex'] ?? '' },
    });
    expect([code, requests]).toEqual([2, []]);
    expect(stderr).toContain('no API');
  });

  it('of the only login needs no API to be named, of two it does', async () => {
    const env = { LATCHKEY_API_URL: '' };
    await cli.loginPerson('acme');
    expect(await whose([], env)).toBe('acme');
    await cli.loginPerson('globex', {}, ['--login', 'other']);
    expect(await whose([], env)).toMatch(
      /which of the logins\? give --api-url or --login: http\S+, other \(/,
    );
  });

  test.each([
    ['none at all', [], {}, 2, 'run: latchkey login --api-url http'],
    ['none of that name', ['--login', 'x'], {}, 2, 'no login named x; run: latchkey login --api-url http'],
    [
      'a file that is not there',
      ['--token-file', '/nowhere'],
      {},
      2,
      '(token_unreadable)\n  cure: give a file with the JWT as --token-file or LATCHKEY_TOKEN_FILE',
    ],
    ['no token in the variable', [], { LATCHKEY_TOKEN: 'not a token' }, 2, 'expected a JWT'],
    ['a token that is none', [], { LATCHKEY_TOKEN: 'abc.def.ghi' }, 3, 'cure: '],
    [
      'a file and a login',
      ['--token-file', 'x', '--login', 'y'],
      {},
      2,
      'got --token-file and --login, expected one of them',
    ],
  ])('missing or wrong, %s: says what to do', async (_what, argv, env, code, message) => {
    const ran = await cli.run(['whoami', ...argv], { env });
    expect([ran.code, ran.stdout]).toEqual([code, '']);
    expect(ran.stderr).toContain(message);
    expect(ran.stderr).not.toMatch(/not a token|abc\.def|the option/);
  });
});

test.each<[string, () => Promise<Response>, number, string]>([
  ['nobody there', () => Promise.reject(new TypeError('fetch failed')), 4, 'got no answer'],
  ['somebody else', async () => Response.json({ hello: 'world' }), 4, "not Latchkey's"],
  ...[200, 301, 404, 503].map((status): [string, () => Promise<Response>, number, string] => [
    `a page with status ${status}`,
    async () => new Response('<html>', { status }),
    4,
    "(answer_invalid)\n  cure: --api-url or LATCHKEY_API_URL must be the stack's output ApiUrl",
  ]),
  [
    'another API',
    async () => Response.json({ code: 'not_found' }, { status: 404 }),
    3,
    'cure: check the URL of the API',
  ],
])('with %s at the URL, says so', async (_what, api, code, message) => {
  const ran = await cli.run(['whoami'], { api, env: { LATCHKEY_TOKEN: tokens['acme'] ?? '' } });
  expect([ran.code, ran.stdout]).toEqual([code, '']);
  expect(ran.stderr).toContain(message);
});

it('a failure with --json is JSON for programs', async () => {
  const { stderr } = await cli.run(['whoami', '--json'], { env: { LATCHKEY_TOKEN: 'abc.def.ghi' } });
  expect(JSON.parse(stderr)).toMatchObject({
    status: 401,
    code: expect.stringMatching(/^token_/),
    vendId: expect.any(String),
  });
});
