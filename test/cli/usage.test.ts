import { describe, expect, it, test } from 'vitest';
import { runLatchkey } from './run-latchkey.ts';

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
    [['--help'], [...NOUNS, 'completion', 'LATCHKEY_ENDPOINT', 'Exit codes:', '  4  not reachable']],
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
    [['latchkey', ''], NOUNS],
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
    [['tenant', 'get', 'acme', '--frob'], 'got frob'],
    [['tenant', 'get', 'acme', '--no-json'], 'got no-json'],
    [['tenant', 'get', 'acme', '--yes'], 'got yes'],
    [['tenant', 'get', 'acme', '--tenantId', 'globex'], 'expected it without its name'],
    [['tenant', 'get', 'acme', '--tenant-id=globex'], 'expected it without its name'],
    [['issuer', 'get', 'https://a.example', '--url', 'https://b.example'], 'expected it without its name'],
    [['tenant', 'put', 'acme', '--file', '-', '--create=1'], 'expected it without a value'],
    [['tenant', 'offboard', 'acme', '--yes=no'], 'expected it without a value'],
    [['tenant', 'get', 'acme', '--', 'globex'], 'expected no --'],
    [['tenant', 'get', 'acme', '--region'], 'region'],
    [['tenant', 'get', 'acme', '--region', 'a', '--region', 'b'], '--region: got it 2 times'],
    [['issuer', 'put', 'https://idp.example', '--algorithm'], 'algorithm'],
  ])('%j ends with 2', async (argv, message) => {
    const { code, stdout, stderr, requests } = await run(...argv);
    expect([code, stdout, requests]).toEqual([2, '', []]);
    expect(stderr).toMatch(/^latchkey: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });
});
