import { beforeEach, describe, expect, it, test } from 'vitest';
import { createTenantsApp } from '../../functions/tenants/app.ts';
import { sampleAdministration } from '../functions/core/administration/sample-administration.ts';
import { type Ran, type RunOptions, runLatchkey, signedDoor } from './run-latchkey.ts';

/** With everything in it that a signature could go wrong over. */
const URL_OF_ISSUER = "https://idp.example.com/a+b/(c)!*'~%C3%BC/";
const TARGET = `/issuers?url=https%3A%2F%2Fidp.example.com%2Fa%2Bb%2F%28c%29%21%2A%27~%25C3%25BC%2F`;
const BY_OPTIONS = ['issuer', 'put', URL_OF_ISSUER, '--audience', 'latchkey', '--claim', 'org_id'];
BY_OPTIONS.push('--jwks-uri', 'https://idp.example.com/jwks');

let door: RunOptions['api'];
beforeEach(() => {
  door = signedDoor(createTenantsApp(sampleAdministration().administration));
});

function latchkey(argv: readonly string[], options: Partial<RunOptions> = {}): Promise<Ran> {
  return runLatchkey({ argv, api: door, ...options });
}

describe('issuer', () => {
  it('is put by options', async () => {
    const { code, stdout, requests } = await latchkey([...BY_OPTIONS, '--algorithm', 'ES256']);
    expect(code).toBe(0);
    expect(stdout).toContain(`created: issuer ${URL_OF_ISSUER}, version 1\n`);
    expect(requests[0]).toMatchObject({ method: 'PUT', target: TARGET });
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      url: URL_OF_ISSUER,
      audience: 'latchkey',
      jwksUri: 'https://idp.example.com/jwks',
      claim: 'org_id',
      algorithms: ['ES256'],
    });
  });

  it('is put back from what get gave', async () => {
    await latchkey([...BY_OPTIONS, '--create']);
    const { stdout } = await latchkey(['issuer', 'get', URL_OF_ISSUER, '--json']);
    const stdin = JSON.stringify({ ...JSON.parse(stdout), audience: 'other' });
    const put = await latchkey(['issuer', 'put', URL_OF_ISSUER, '--file', '-', '--if-match', '1'], { stdin });
    expect([put.code, put.stderr]).toEqual([0, '']);
    expect(put.stdout).toContain(`replaced: issuer ${URL_OF_ISSUER}, version 2\n`);
    const got = await latchkey(['issuer', 'get', URL_OF_ISSUER]);
    expect(got.requests[0]).toMatchObject({ method: 'GET', target: TARGET });
    expect(got.stdout).toMatch(/^audience +other$/m);
    expect(got.stdout).toMatch(/^algorithms +RS256, ES256$/m);
    expect(got.stdout).toMatch(/^keys +https:\/\/idp.example.com\/jwks$/m);
  });

  test.each([
    ['takes its URL from the line', { url: undefined }, 0, { url: URL_OF_ISSUER }],
    ['keeps the URL that it has', { url: 'https://other.example' }, 3, { url: 'https://other.example' }],
  ])('from a file %s', async (_what, change, code, sent) => {
    const keys = { jwksUri: 'https://idp.example.com/jwks' };
    const stdin = JSON.stringify({ audience: 'a', claim: 'b', ...keys, ...change }, null, 2);
    const put = await latchkey(['issuer', 'put', URL_OF_ISSUER, '--file', '-'], { stdin });
    expect([put.code, JSON.parse(put.requests[0]?.body ?? '')]).toMatchObject([code, sent]);
  });

  test.each([
    ['{}', `{"url":${JSON.stringify(URL_OF_ISSUER)}}`],
    [' {"a":1,"a":2}', ` {"url":${JSON.stringify(URL_OF_ISSUER)},"a":1,"a":2}`],
    ['[]', '[]'],
  ])('from a file is not written anew: %s', async (stdin, body) => {
    const put = await latchkey(['issuer', 'put', URL_OF_ISSUER, '--file', '-'], { stdin });
    expect([put.code, put.requests[0]?.body]).toEqual([3, body]);
  });

  it('is listed and deleted', async () => {
    await latchkey(BY_OPTIONS);
    const list = await latchkey(['issuer', 'list']);
    expect(list.stdout).toContain('ISSUER');
    expect(list.stdout).toContain(URL_OF_ISSUER);
    expect(list.requests[0]?.target).toBe('/issuers?limit=100');
    const deleted = await latchkey(['issuer', 'delete', URL_OF_ISSUER, '--if-match', '1']);
    expect(deleted).toMatchObject({ code: 0, stdout: `deleted: issuer ${URL_OF_ISSUER}\n` });
    expect(deleted.requests[0]).toMatchObject({ method: 'DELETE', target: TARGET });
    expect(deleted.requests[0]?.headers).toMatchObject({ 'if-match': '"1"' });
    const again = await latchkey(['issuer', 'delete', URL_OF_ISSUER]);
    expect(again.code).toBe(3);
    expect(again.stderr).toContain('(issuer_not_found)\n  cure: ');
  });

  it('with --json says nothing when there is nothing to say', async () => {
    await latchkey(BY_OPTIONS);
    expect(await latchkey(['issuer', 'delete', URL_OF_ISSUER, '--json'])).toMatchObject({
      code: 0,
      stdout: '',
    });
  });

  test.each([
    ['no key set', ['issuer', 'put', URL_OF_ISSUER, '--audience', 'x', '--claim', 'y']],
    ['file and options', [...BY_OPTIONS, '--file', '-']],
    ['an algorithm without a value', [...BY_OPTIONS, '--algorithm']],
  ])('is not sent with %s', async (_what, argv) => {
    const { code, requests } = await latchkey(argv, { stdin: '{}' });
    expect([code, requests]).toEqual([2, []]);
  });
});
