import { describe, expect, it, test } from 'vitest';
import { runLatchkey } from './run-latchkey.ts';

const APP_COMMANDS = ['login', 'logout', 'whoami', 'credentials', 'exec', 'configure', 'serve', 'console'];
const NOUNS = ['tenant', 'issuer'];
const TENANT_VERBS = [
  'put',
  'get',
  'list',
  'suspend',
  'resume',
  'revoke',
  'offboard',
  'verify',
  'preview',
  'role-template',
];

const run = (...argv: readonly string[]) =>
  runLatchkey({ argv, env: {}, api: () => Promise.reject(new Error('help asks nobody')) });

describe('help', () => {
  test.each([
    [['--help'], ['LATCHKEY_API_URL', 'LATCHKEY_ENDPOINT', 'Exit codes:', '  4  not reachable', 'exec ends']],
    ...APP_COMMANDS.map((command): [string[], string[]] => [
      [command, '--help'],
      [`latchkey ${command}`, 'Example', '--api-url', 'LATCHKEY_'],
    ]),
    [
      ['exec', '--help'],
      ['latchkey exec [options] -- <program>', '--env', '--region', '--profile', '127'],
    ],
    [
      ['configure', '--help'],
      ['--aws-profile', '--config-file', '--print', '--replace', '--yes', 'AWS_CONFIG_FILE'],
    ],
    [
      ['serve', '--help'],
      ['--port', '--duration', '--scope', '--token-file'],
    ],
    [['tenant', '--help'], TENANT_VERBS.map((verb) => `latchkey tenant ${verb}`)],
    [['issuer', '--help'], ['put', 'get', 'list', 'delete'].map((verb) => `latchkey issuer ${verb}`)],
    [
      ['tenant', 'put', '--help'],
      ['--file', '--create', '--if-match', '--claim', '--role', '--json'],
    ],
    [
      ['tenant', 'preview', '--help'],
      ['--profile', '--scope', '--request', '--context', '--file', '--diff'],
    ],
    [
      ['tenant', 'offboard', '--help'],
      ['--yes', '--if-match', '--region', '--endpoint'],
    ],
  ])('%j', async (argv, parts) => {
    const { code, stdout, stderr } = await run(...argv);
    expect([code, stderr]).toEqual([0, '']);
    for (const part of parts) expect(stdout).toContain(part);
  });

  it('has the commands of apps first, those of operators after', async () => {
    const { stdout } = await run('--help');
    const names = [...stdout.matchAll(/^ {2}latchkey ([a-z]+) .*$|^(\S.*):$/gm)].map(
      ([, name, title]) => name ?? title,
    );
    expect(names.slice(0, 14)).toEqual([
      "For tenants' apps and developers",
      ...APP_COMMANDS,
      'For operators',
      ...NOUNS,
      'prove',
      'For the shell',
    ]);
  });

  it.each(APP_COMMANDS)('of %s has nothing of the operators', async (command) => {
    const { stdout } = await run(command, '--help');
    expect(stdout).not.toMatch(/--endpoint|LATCHKEY_ENDPOINT/);
    expect(stdout).not.toContain('For operators');
  });

  it('tells the version', async () => {
    expect(await run('--version')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });
});

describe('completion', () => {
  it('has a script', async () => {
    const { code, stdout } = await run('completion');
    expect(code).toBe(0);
    expect(stdout).toContain('latchkey --get-yargs-completions');
  });

  test.each([
    [
      ['latchkey', ''],
      [...APP_COMMANDS, ...NOUNS, 'prove'],
    ],
    [
      ['latchkey', 'exec', '--'],
      ['--env', '--region', '--api-url', '--login', '--token-file', '--profile', '--scope', '--duration'],
    ],
    [
      ['latchkey', 'configure', '--'],
      ['--aws-profile', '--region', '--config-file', '--print', '--yes', '--replace'],
    ],
    [
      ['latchkey', 'serve', '--'],
      ['--port', '--profile', '--json'],
    ],
    [
      ['latchkey', 'credentials', '--'],
      ['--format', '--profile'],
    ],
    [['latchkey', 'tenant', ''], TENANT_VERBS],
    [
      ['latchkey', 'tenant', 'offboard', '--'],
      ['--yes', '--if-match'],
    ],
  ])('of %j', async (words, parts) => {
    const { stdout } = await run('--get-yargs-completions', ...words);
    // In zsh, each has its description behind a colon.
    const offered = stdout.split('\n').map((line) => line.replace(/(?<=\w)[:\t].*/, ''));
    expect(offered).toEqual(expect.arrayContaining(parts));
  });
});

describe('wrong usage', () => {
  test.each([
    [[], 'expected a command'],
    [['tenant'], 'expected a verb'],
    [['tennant', 'list'], 'did you mean tenant?'],
    [['tenant', 'gett', 'acme'], 'did you mean get?'],
    [['frobnicate'], 'got frobnicate'],
    [['tenant', 'get'], 'got 0 arguments, expected 1'],
    [['tenant', 'get', 'acme', 'globex'], 'got globex'],
    [['tenant', 'get', 'acme', '--frob'], 'got frob, expected only'],
    [['tenant', 'get', 'acme', '--foo-bar', '--x'], 'latchkey: got foo-bar, x, expected only'],
    [['login'], 'got no --issuer, --client-id, expected these options'],
    [['login', '--client-id', 'x'], 'got no --issuer, expected this option'],
    [['login', '--client-auth'], '--client-auth: got nothing, expected a value'],
    [['credentials', '--format', 'x'], '--format: got "x", expected one of "process", "env", '],
    [['issuer', 'put', 'https://a.example', '--discovery=no'], 'got --discovery=no, expected it without'],
    [
      ['issuer', 'put', 'https://a.example', '--file', '/nowhere'],
      'got ENOENT, expected a definition as JSON',
    ],
    [['issuer', 'put', 'https://a.example', '--file', 'LICENSE'], 'got text that is not JSON, expected'],
    [['issuer', 'put', 'https://a.example', '--file', '-'], 'got nothing, expected a definition'],
    [
      ['tenant', 'put', 'a', '--create', '--if-match', '1'],
      'got --create and --if-match, expected one of them',
    ],
    [['tenant', 'get', 'acme', '--no-json'], 'got no-json'],
    [['tenant', 'get', 'acme', '--yes'], 'got yes'],
    [['tenant', 'get', 'acme', '--tenantId', 'globex'], 'expected it without its name'],
    [['tenant', 'get', 'acme', '--tenant-id=globex'], 'expected it without its name'],
    [['issuer', 'get', 'https://a.example', '--url', 'https://b.example'], 'expected it without its name'],
    [['tenant', 'put', 'acme', '--file', '-', '--create=1'], 'expected it without a value'],
    [['tenant', 'offboard', 'acme', '--yes=no'], 'expected it without a value'],
    [['tenant', 'get', 'acme', '--', 'globex'], 'expected no --'],
    [['tenant', 'get', 'acme', '--'], 'expected no --'],
    [['whoami', '--', 'exec'], 'expected no --'],
    [['--json', 'exec', '--', 'true'], 'expected no --'],
    [['exec'], 'expected it before the program: latchkey exec [options] --'],
    [['exec', 'aws', 's3', 'ls'], 'expected it before the program'],
    [['exec', '--'], 'got no program'],
    [['exec', '--', '', 'x'], 'got no program'],
    [['exec', 'aws', '--', 'true'], 'got aws'],
    [['exec', '--frob', '--', 'true'], 'got frob'],
    [['exec', '--endpoint', 'https://a.example', '--', 'true'], 'got endpoint'],
    [['exec', '--env=no', '--', 'true'], 'got --env=no, expected it without a value'],
    [['exec', '--profile', 'a', '--profile', 'b', '--', 'true'], '--profile: got it 2 times'],
    [['exec', '--token-file', 'a', '--token-file', 'b', '--', 'true'], 'token-file: got it 2 times'],
    [['tenant', 'preview', 'acme', '--profile', 'a', '--profile', 'b'], '--profile: got it 2 times'],
    [['serve', '--port', '65536'], '--port: got 65536'],
    [['serve', '--port', '1e3'], '--port: got 1e3'],
    [['serve', '--port', ''], 'port: got nothing'],
    [['exec', '--profile', '', '--', 'true'], 'profile: got nothing'],
    [['configure', '--print', '--yes'], 'got --print and --yes, expected one of them'],
    [['tenant', 'get', 'acme', '--region'], 'region'],
    [['tenant', 'get', 'acme', '--region', 'a', '--region', 'b'], '--region: got it 2 times'],
    [['issuer', 'put', 'https://idp.example', '--algorithm'], 'algorithm'],
  ])('%j ends with 2', async (argv, message) => {
    const { code, stdout, stderr, requests } = await run(...argv);
    expect([code, stdout, requests]).toEqual([2, '', []]);
    expect(stderr).toMatch(/^latchkey: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\p{Cc}(?!$)|\u{FFFD}|camelCase|[Aa]rguments? (?!.*expected)/u);
  });
});
