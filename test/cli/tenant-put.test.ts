import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, test } from 'vitest';
import { createTenantsApp } from '../../functions/tenants/app.ts';
import { sampleAdministration } from '../functions/core/administration/sample-administration.ts';
import { renderIdpMetadata } from '../local/sign-assertion.ts';
import { type Ran, type RunOptions, runLatchkey, signedDoor } from './run-latchkey.ts';

const ROLE = 'arn:aws:iam::444455556666:role/latchkey';
const BY_OPTIONS = ['tenant', 'put', 'acme', '--display-name', 'Acme', '--profile', 'app'];

let door: RunOptions['api'];
beforeEach(() => {
  door = signedDoor(createTenantsApp(sampleAdministration().administration));
});

function latchkey(argv: readonly string[], options: Partial<RunOptions> = {}): Promise<Ran> {
  return runLatchkey({ argv, api: door, ...options });
}

const folder = mkdtempSync(join(tmpdir(), 'latchkey-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('tenant put', () => {
  it('writes what options say, the first profile being the default', async () => {
    const issuer = [
      'https://idp.example',
      '--audience',
      'x',
      '--claim',
      'y',
      '--jwks-uri',
      'https://idp.example',
    ];
    await latchkey(['issuer', 'put', ...issuer]);
    const argv = [...BY_OPTIONS, '--profile', 'other', '--claim', 'https://idp.example=org=1'];
    argv.push('--claim', 'https://idp.example=org-2', '--attribute', 'plan=pro', '--role', `other=${ROLE}`);
    const { code, stdout, stderr, requests } = await latchkey(argv);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe('created: tenant acme is active, version 1\nnext: latchkey tenant verify acme\n');
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: 'PUT', target: '/tenants/acme' });
    expect(requests[0]?.headers).toMatchObject({ 'content-type': 'application/json' });
    expect(requests[0]?.headers).not.toHaveProperty('if-match');
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      displayName: 'Acme',
      profiles: ['app', 'other'],
      defaultProfile: 'app',
      claims: [
        { issuer: 'https://idp.example', value: 'org=1' },
        { issuer: 'https://idp.example', value: 'org-2' },
      ],
      attributes: { plan: 'pro' },
      roles: { other: { roleArn: ROLE } },
    });
  });

  it('reads the metadata of SAML identity providers', async () => {
    const metadata = renderIdpMetadata();
    const providerArn = 'arn:aws:iam::111122223333:saml-provider/acme';
    const file = join(folder, 'idp.xml');
    writeFileSync(file, metadata);
    const { code, requests } = await latchkey([...BY_OPTIONS, '--saml-provider', `${providerArn}=${file}`]);
    expect(code).toBe(0);
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({ samlProviders: [{ providerArn, metadata }] });
    const without = await latchkey([...BY_OPTIONS, '--saml-provider', `${providerArn}=${file}.not`]);
    expect([without.code, without.requests]).toEqual([2, []]);
    expect(without.stderr).toContain('--saml-provider: got ENOENT');
  });

  it('takes another default profile', async () => {
    const argv = [...BY_OPTIONS, '--profile', 'other', '--default-profile', 'other'];
    const { requests } = await latchkey(argv);
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({ defaultProfile: 'other' });
  });

  it.each(['file', 'stdin'])('puts back what get gave, from a %s', async (from) => {
    await latchkey(BY_OPTIONS);
    const { stdout } = await latchkey(['tenant', 'get', 'acme', '--json']);
    const edited = JSON.stringify({ ...JSON.parse(stdout), displayName: 'Acme Ltd' });
    const file = from === 'stdin' ? '-' : join(folder, 'acme.json');
    if (from === 'file') writeFileSync(file, edited);
    const put = await latchkey(['tenant', 'put', 'acme', '--file', file], { stdin: edited });
    expect([put.code, put.stderr]).toEqual([0, '']);
    expect(put.stdout).toContain('replaced: tenant acme is active, version 2\n');
    expect(put.requests[0]?.body).toBe(edited);
    expect((await latchkey(['tenant', 'get', 'acme'])).stdout).toMatch(/^name +Acme Ltd$/m);
  });

  it('with --create leaves a tenant alone that is there', async () => {
    expect((await latchkey([...BY_OPTIONS, '--create'])).code).toBe(0);
    const again = await latchkey([...BY_OPTIONS, '--create']);
    expect(again.requests[0]?.headers).toMatchObject({ 'if-none-match': '*' });
    expect(again.code).toBe(3);
    expect(again.stderr).toContain('(precondition_failed)');
  });

  it('with --if-match writes over that version alone', async () => {
    await latchkey(BY_OPTIONS);
    const other = await latchkey([...BY_OPTIONS, '--if-match', '2']);
    expect(other.requests[0]?.headers).toMatchObject({ 'if-match': '"2"' });
    expect([other.code, other.stdout]).toEqual([3, '']);
    expect((await latchkey([...BY_OPTIONS, '--if-match', '1'])).code).toBe(0);
  });

  it('names every member that is wrong', async () => {
    const stdin = JSON.stringify({ displayName: '', profiles: ['app'], defaultProfile: 'app' });
    const { code, stdout, stderr } = await latchkey(['tenant', 'put', 'acme', '--file', '-'], { stdin });
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^latchkey: .+ \(request_invalid\)\n/);
    expect(stderr).toMatch(/^ {2}\/displayName: .+$/m);
    expect(stderr).toMatch(/^ {2}vend id: .+$/m);
  });

  it('with --json prints the very answer, and the very problem', async () => {
    const good = await latchkey([...BY_OPTIONS, '--json']);
    expect(JSON.parse(good.stdout)).toMatchObject({
      tenantId: 'acme',
      version: 1,
      externalId: expect.any(String),
    });
    expect(good.stderr).toBe('');
    const bad = await latchkey([...BY_OPTIONS, '--json', '--create']);
    expect([bad.code, bad.stdout]).toEqual([3, '']);
    expect(JSON.parse(bad.stderr)).toMatchObject({ status: 412, code: 'precondition_failed' });
  });

  test.each([
    ['neither file nor options', ['tenant', 'put', 'acme'], 'expected --file, or at least --display-name'],
    ['no profile', ['tenant', 'put', 'acme', '--display-name', 'Acme'], 'expected --file'],
    ['file and options', [...BY_OPTIONS, '--file', '-'], 'expected one of them'],
    ['two preconditions', [...BY_OPTIONS, '--create', '--if-match', '1'], 'expected one of them'],
    ['a version that is none', [...BY_OPTIONS, '--if-match', '"1"'], '--if-match: got "1", expected'],
    ['a claim without a value', [...BY_OPTIONS, '--claim', 'https://idp.example='], '--claim: got'],
    ['an attribute without a name', [...BY_OPTIONS, '--attribute', '=1'], '--attribute: got =1'],
    [
      'an attribute twice',
      [...BY_OPTIONS, '--attribute', 'a=1', '--attribute', 'a=2'],
      '--attribute: got a twice',
    ],
    ['a name twice', [...BY_OPTIONS, '--display-name', 'Other'], '--display-name: got it 2 times'],
    ['an empty name', ['tenant', 'put', 'acme', '--display-name='], 'expected a value'],
    ['a file that is not there', ['tenant', 'put', 'acme', '--file', join(folder, 'none')], 'ENOENT'],
    ['a file that is not JSON', ['tenant', 'put', 'acme', '--file', '-'], '--file -: '],
  ])('sends nothing for %s', async (_what, argv, message) => {
    const { code, stdout, stderr, requests } = await latchkey(argv, { stdin: '{' });
    expect([code, stdout, requests]).toEqual([2, '', []]);
    expect(stderr).toContain(message);
  });
});
