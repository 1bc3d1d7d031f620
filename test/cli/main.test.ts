import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { createTenantsApp } from '../../functions/tenants/app.ts';
import { createOperatorsDoor } from '../../local/operators-door.ts';
import { sampleAdministration } from '../functions/core/administration/sample-administration.ts';
import { type ServedDoor, serveDoor } from '../local/serve-door.ts';
import { ACCOUNT, createSession, REGION } from '../local/tenant-session.ts';

const session = createSession({
  rolePolicy: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }],
  },
});
const { accessKeyId, secretAccessKey, sessionToken } = session.credentials;

let served: ServedDoor;
beforeAll(async () => {
  served = await serveDoor(
    createOperatorsDoor({
      app: createTenantsApp(sampleAdministration().administration),
      account: ACCOUNT,
      region: REGION,
      sessions: new Map([[session.credentials.accessKeyId, session]]),
      clock: () => new Date(),
      log: () => {},
    }),
  );
});
afterAll(() => served.close());

const SIGNED_IN = {
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_SESSION_TOKEN: sessionToken,
};
/** Nothing of this machine's own AWS configuration, and no question to an instance's metadata. */
const SIGNED_OUT = {
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
};

/** The program as its users start it. */
async function latchkey(argv: readonly string[], env: Readonly<Record<string, string>> = {}, stdin = '') {
  const child = spawn(process.execPath, ['cli/main.ts', ...argv], {
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      ...SIGNED_OUT,
      ...env,
    },
  });
  child.stdin.end(stdin);
  const ended = new Promise((resolve) => child.once('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

describe('latchkey as a process', () => {
  it('has help', async () => {
    const { code, stdout, stderr } = await latchkey(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('latchkey tenant');
  });

  const NOWHERE = { LATCHKEY_ENDPOINT: 'http://127.0.0.1:1', AWS_REGION: REGION };
  test.each([
    [['tenant', 'frobnicate'], 2, 'latchkey: got frobnicate', {}],
    [['tenant', 'list'], 2, 'latchkey: no endpoint', {}],
    [['tenant', 'list'], 2, 'no AWS credentials', NOWHERE],
    [['tenant', 'suspend', 'acme', '--if-match', '1'], 4, '127.0.0.1:1: ', { ...NOWHERE, ...SIGNED_IN }],
  ])('%j ends with %i, saying %s', async (argv, code, message, env) => {
    const ran = await latchkey(argv, env);
    expect([ran.code, ran.stdout]).toEqual([code, '']);
    expect(ran.stderr).toContain(message);
  });

  it("signs with the caller's AWS credentials, over the wire", async () => {
    const env = { LATCHKEY_ENDPOINT: served.endpoint, AWS_REGION: REGION, ...SIGNED_IN };
    const definition = { displayName: 'Acmé', profiles: ['app'], defaultProfile: 'app' };
    const put = await latchkey(['tenant', 'put', 'acme', '--file', '-'], env, JSON.stringify(definition));
    expect(put).toEqual({ code: 0, stdout: expect.stringContaining('created: tenant acme'), stderr: '' });
    const got = await latchkey(['tenant', 'get', 'acme', '--json'], env);
    expect(JSON.parse(got.stdout)).toMatchObject({ tenantId: 'acme', displayName: 'Acmé' });
    const none = await latchkey(['issuer', 'get', "https://idp.example/a+b/(c)!*'~ü/"], env);
    expect([none.code, none.stderr]).toEqual([3, expect.stringContaining('(issuer_not_found)')]);
    const wrong = await latchkey(['tenant', 'get', 'acme'], { ...env, AWS_SECRET_ACCESS_KEY: 'other' });
    expect([wrong.code, wrong.stderr]).toEqual([3, expect.stringContaining('signature')]);
  });

  it('follows no redirect: what it sends is for the endpoint alone', async () => {
    const asked: string[] = [];
    const elsewhere = await serveDoor(async ({ url }) => {
      asked.push(new URL(url).pathname);
      return new Response(null, { status: 307, headers: { location: '/elsewhere' } });
    });
    const env = { LATCHKEY_ENDPOINT: elsewhere.endpoint, AWS_REGION: REGION, ...SIGNED_IN };
    const { code, stderr } = await latchkey(['tenant', 'get', 'acme'], env);
    await elsewhere.close();
    expect([code, asked]).toEqual([4, ['/tenants/acme']]);
    expect(stderr).toContain('HTTP status 307');
  });
});
