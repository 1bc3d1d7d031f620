import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleWithSAMLCommand, AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { AuditEvent } from '../../functions/core/audit-event.ts';
import { FEDERATED_ROLE_ARN } from '../../local/account.ts';
import { fetchToken } from '../../local/fetch-token.ts';
import { SAML_PROVIDER } from '../../local/saml-provider.ts';
import { type LocalLatchkey, startLocal } from '../../local/start.ts';
import { profileDefinitions } from '../../profiles/index.ts';
import { jsonOf } from '../latchkey.ts';
import { signRequest } from './sign-request.ts';

const HOUR = 3600;
let passedSeconds = 0;
let latchkey: LocalLatchkey;
let acme: string;
let globex: string;
const audited: AuditEvent[] = [];

beforeAll(async () => {
  latchkey = await startLocal({
    port: 0,
    profileDefinitions,
    auditLog: { record: (event) => void audited.push(event) },
    clock: () => new Date(Date.now() + passedSeconds * 1000),
    log: () => {},
  });
  [acme, globex] = (await Promise.all(['acme', 'globex'].map((tenantId) => token(tenantId)))) as [
    string,
    string,
  ];
});
afterAll(() => latchkey.close());

const token = (tenantId: string) => fetchToken(latchkey.facts, tenantId);

function post(path: string, bearer: string, body: object): Promise<Response> {
  return fetch(latchkey.facts.api + path, {
    method: 'POST',
    headers: { Authorization: `Bearer ${bearer}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

const get = (path: string) => fetch(latchkey.facts.api + path);

/** Of acme's device, which shows another one every half minute. */
async function mfa(): Promise<object> {
  passedSeconds += 30;
  return jsonOf(await get('/local/mfa?tenant=acme'));
}

const samlResponse = async () => (await get('/local/saml-response?tenant=acme')).text();

/** Each method, as acme asks for it: by which profile, where, for how long it lasts, and as whom it signs. */
const METHODS = [
  ['assumeRole', 'app', HOUR, /:assumed-role\/latchkey-tenant\/acme\.[\w-]{15}$/],
  ['webIdentity, by Latchkey', 'app-long', 12 * HOUR, /:assumed-role\/latchkey-federated\/acme\.[\w-]{15}$/],
  ['webIdentity, by the caller', 'app-token', HOUR, /:assumed-role\/latchkey-federated\/acme\.[\w-]{15}$/],
  ['saml', 'app-saml', HOUR, /:assumed-role\/latchkey-federated\/acme\.dev@acme\.example$/],
  ['federationToken', 'app-federated', HOUR, /:federated-user\/[\w-]{15}\.[\w-]{15}$/],
  ['sessionToken, with MFA', 'app-session', HOUR, /:user\/.*acme$/],
  ['assumeRole, with MFA', 'app-mfa', 12 * HOUR, /:assumed-role\/latchkey-mfa\/acme\.[\w-]{15}$/],
] as const;

async function ask(profile: string): Promise<Response> {
  switch (profile) {
    case 'app-saml': {
      const body = new URLSearchParams({ SAMLResponse: await samlResponse(), profile });
      return fetch(`${latchkey.facts.api}/credentials/saml`, { method: 'POST', body });
    }
    case 'app-session':
    case 'app-mfa':
      return post('/credentials/iam-user', acme, { profile, mfa: await mfa() });
    case 'app-federated':
      return post('/credentials/iam-user', acme, { profile });
    default:
      return post('/credentials', acme, { profile });
  }
}

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

async function vend(profile: string) {
  const response = await ask(profile);
  const answer = await jsonOf(response);
  expect([profile, response.status, answer.code]).toEqual([profile, 200, undefined]);
  const { expiration, ...keys } = answer.credentials;
  return { answer, keys: keys as Keys, expiration: new Date(expiration) };
}

/** The name of what AWS answers instead; `done`. */
const outcomeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    ({ name }: Error) => name,
  );

function clientsOf(credentials: Keys) {
  const { region, s3, dynamodb, bucket: Bucket, table: TableName } = latchkey.facts;
  const config = { region, credentials, maxAttempts: 1, systemClockOffset: passedSeconds * 1000 };
  const objects = new S3Client({ ...config, endpoint: s3 });
  const items = new DynamoDBClient({ ...config, endpoint: dynamodb });
  return {
    put: (tenantId: string) =>
      objects.send(new PutObjectCommand({ Bucket, Key: `${tenantId}/methods.txt`, Body: 'hello' })),
    get: (tenantId: string) => objects.send(new GetObjectCommand({ Bucket, Key: `${tenantId}/welcome.txt` })),
    getItem: (tenantId: string) =>
      items.send(new GetItemCommand({ TableName, Key: { pk: { S: tenantId }, sk: { S: 'welcome' } } })),
  };
}

/** What credentials open of a tenant's, in S3 and in DynamoDB. */
async function opens(keys: Keys, tenantId: string): Promise<readonly string[]> {
  const { put, get: read, getItem } = clientsOf(keys);
  return Promise.all([put(tenantId), read(tenantId), getItem(tenantId)].map(outcomeOf));
}

const OPEN = ['done', 'done', 'done'];
const CLOSED = ['AccessDenied', 'AccessDenied', 'AccessDeniedException'];

describe.each(METHODS)('%s (%s)', (_method, profile, seconds, arn) => {
  it("vends what opens the tenant's own data and nobody else's", async () => {
    const { answer, keys, expiration } = await vend(profile);
    const now = Date.now() + passedSeconds * 1000;
    expect(expiration.getTime() - now).toBeGreaterThan((seconds - 60) * 1000);
    expect(expiration.getTime() - now).toBeLessThanOrEqual(seconds * 1000);
    const { assumedRoleUser, federatedUser, user } = answer;
    expect((assumedRoleUser ?? federatedUser ?? user).arn).toMatch(arn);
    expect(await opens(keys, 'acme')).toEqual(OPEN);
    expect(await opens(keys, 'globex')).toEqual(CLOSED);
  });
});

test('a profile is vended by its own function alone, and to whom it is granted', async () => {
  const code = async (response: Promise<Response>) => (await jsonOf(await response)).code;
  expect(await code(post('/credentials', acme, { profile: 'app-federated' }))).toBe('profile_elsewhere');
  expect(await code(post('/credentials/iam-user', acme, { profile: 'app-long' }))).toBe('profile_elsewhere');
  expect(await code(post('/credentials/iam-user', globex, { profile: 'app-session' }))).toBe(
    'profile_not_granted',
  );
  expect(await code(post('/credentials/iam-user', acme, { profile: 'app-session' }))).toBe('mfa_required');
});

test.each([
  ['/credentials', 'app-saml', '/credentials/saml'],
  ['/credentials', 'app-mfa', '/credentials/iam-user'],
  ['/credentials', 'app-federated', '/credentials/iam-user'],
  ['/credentials/iam-user', 'app', '/credentials'],
  ['/credentials/iam-user', 'app-saml', '/credentials/saml'],
  ['/console-session', 'app-mfa', '/credentials/iam-user'],
])('by POST %s, %s is refused with its own route', async (path, profile, route) => {
  const { code, detail } = await jsonOf(await post(path, acme, { profile }));
  expect([code, detail]).toEqual(['profile_elsewhere', `this profile is vended by POST ${route}`]);
});

test.each(['/credentials/container?profile=', '/whoami?verify=true&profile='])(
  'by GET %s, app-mfa is refused with its own route',
  async (path) => {
    const headers = { Authorization: `Bearer ${acme}` };
    const { detail } = await jsonOf(await fetch(`${latchkey.facts.api}${path}app-mfa`, { headers }));
    expect(detail).toBe('this profile is vended by POST /credentials/iam-user');
  },
);

test.each(['saml-response', 'mfa'])('GET /local/%s has nothing of any other tenant', async (what) => {
  for (const query of ['?tenant=globex', '']) expect((await get(`/local/${what}${query}`)).status).toBe(404);
});

test('an assertion is good once', async () => {
  const SAMLResponse = await samlResponse();
  const present = () => {
    const body = new URLSearchParams({ SAMLResponse, profile: 'app-saml' });
    return fetch(`${latchkey.facts.api}/credentials/saml`, { method: 'POST', body });
  };
  expect((await present()).status).toBe(200);
  expect((await jsonOf(await present())).code).toBe('assertion_replayed');
});

test.each([
  ['app', 'latchkey-tenant'],
  ['app-long', 'latchkey-federated'],
])('whoami asks STS who the credentials of %s are', async (profile, role) => {
  const headers = { Authorization: `Bearer ${acme}` };
  const response = await fetch(`${latchkey.facts.api}/whoami?verify=true&profile=${profile}`, { headers });
  expect((await jsonOf(response)).verified).toEqual({
    profile,
    account: '111122223333',
    arn: expect.stringContaining(`:assumed-role/${role}/acme.`),
    userId: expect.stringMatching(/^AROA\w+:acme\./),
  });
});

test('a console session is a link that signs in as the tenant', async () => {
  const body = { profile: 'app-long', sessionDurationSeconds: 12 * HOUR };
  const { url } = await jsonOf(await post('/console-session', acme, body));
  expect(new URL(url).origin).toBe(latchkey.facts.signin);
  const page = await (await fetch(url)).text();
  expect(page).toContain(':assumed-role/latchkey-federated/acme.');
  expect(page).toContain('tenant <code id="tenant">acme</code>');
});

describe('a denial of AWS', () => {
  const messageOf = async (profile: string): Promise<string> => {
    const { keys } = await vend(profile);
    const refusal = await clientsOf(keys)
      .get('globex')
      .catch((error: { readonly EncodedAuthorizationMessage: string }) => error);
    return (refusal as { readonly EncodedAuthorizationMessage: string }).EncodedAuthorizationMessage;
  };
  const decode = (bearer: string, encodedMessage: string) =>
    post('/authorization-messages/decode', bearer, { encodedMessage });

  it.each(['app', 'app-federated', 'app-session', 'app-mfa'])(
    'of a session of %s is decoded for its tenant, and for no other',
    async (profile) => {
      const encoded = await messageOf(profile);
      const own = await decode(acme, encoded);
      expect([own.status, (await jsonOf(own)).decodedMessage?.context.action]).toEqual([200, 's3:GetObject']);
      const foreign = await decode(globex, encoded);
      expect([foreign.status, (await jsonOf(foreign)).code]).toEqual([403, 'message_foreign']);
    },
  );

  it('of a session that a tenant could have named itself is decoded for nobody', async () => {
    expect((await jsonOf(await decode(acme, await messageOf('app-long')))).code).toBe('message_foreign');
  });
});

describe('taken straight to STS, without Latchkey and without a session policy', () => {
  const sts = () => {
    const { region, sts: endpoint } = latchkey.facts;
    const credentials = () => Promise.reject(new Error('these calls are not signed'));
    return new STSClient({ region, endpoint, credentials, maxAttempts: 1 });
  };
  const keysIn = ({ AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = {}): Keys => ({
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  });
  const withToken = async (WebIdentityToken: string) => {
    const input = { RoleArn: FEDERATED_ROLE_ARN, RoleSessionName: 'anybody', WebIdentityToken };
    return keysIn((await sts().send(new AssumeRoleWithWebIdentityCommand(input))).Credentials);
  };

  it.each(['acme', 'initech'])("a token of %s opens that tenant's data alone", async (tenantId) => {
    const keys = await withToken(await token(tenantId));
    expect(await opens(keys, tenantId)).toEqual(OPEN);
    expect(await opens(keys, 'globex')).toEqual(CLOSED);
  });

  it("an assertion opens its tenant's data alone", async () => {
    const input = { RoleArn: FEDERATED_ROLE_ARN, PrincipalArn: SAML_PROVIDER.providerArn };
    const SAMLAssertion = await samlResponse();
    const { Credentials } = await sts().send(new AssumeRoleWithSAMLCommand({ ...input, SAMLAssertion }));
    expect(await opens(keysIn(Credentials), 'acme')).toEqual(OPEN);
    expect(await opens(keysIn(Credentials), 'globex')).toEqual(CLOSED);
  });
});

test('what Latchkey signs for STS is in no answer and no audit event', async () => {
  const { answer } = await vend('app-long');
  const event = audited.at(-1);
  expect(event).toMatchObject({ operation: 'vend', code: 'granted', profile: 'app-long' });
  expect(JSON.stringify([answer, event])).not.toMatch(/eyJ[\w-]+\.eyJ/);
});

// Last: it cuts off what was vended before.
test('a revocation cuts off the sessions of every method, and those of one tenant alone', async () => {
  const vended = await METHODS.reduce(
    async (before, [, profile]) => [...(await before), (await vend(profile)).keys],
    Promise.resolve<Keys[]>([]),
  );
  const { credentials } = await jsonOf(await post('/credentials', globex, { profile: 'app-long' }));
  // As JSON has it, the expiration is a text, and the SDK wants a Date.
  const { expiration: _, ...others } = credentials;
  for (const keys of vended) expect(await opens(keys, 'acme')).toEqual(OPEN);

  const path = '/tenants/acme/revoke';
  const { region, operatorApi } = latchkey.facts;
  const now = new Date(Date.now() + passedSeconds * 1000);
  const { headers } = await signRequest(
    { credentials: latchkey.aws.operatorCredentials },
    { path, region, service: 'execute-api', now, headers: { host: new URL(operatorApi).host } },
  );
  const response = await fetch(operatorApi + path, { method: 'POST', headers });
  expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('acme')]);

  const outcomes = await Promise.all(vended.map((keys) => opens(keys, 'acme')));
  expect(outcomes).toEqual(METHODS.map(() => CLOSED));
  expect(await opens(others, 'globex')).toEqual(OPEN);
  // AWS tells issue times in whole seconds.
  passedSeconds += 1;
  for (const [, profile] of METHODS) expect(await opens((await vend(profile)).keys, 'acme')).toEqual(OPEN);
});

// The last of all: for a while, no code of the user is good.
test("wrong codes of a tenant's user are tried ten times in a while, and then no code is", async () => {
  const good = await mfa();
  const tryOne = async (code: object) =>
    jsonOf(await post('/credentials/iam-user', acme, { profile: 'app-mfa', mfa: code }));
  const codes: string[] = [];
  // While this runs, one window may end and the next begin.
  while (codes.at(-1) !== 'subject_throttled' && codes.length <= 20)
    codes.push((await tryOne({ ...good, tokenCode: '000000' })).code);
  expect(codes.slice(0, 10)).toEqual(Array(10).fill('mfa_refused'));
  expect(codes.at(-1)).toBe('subject_throttled');
  expect((await tryOne(good)).detail).toContain('too many MFA codes');
});
