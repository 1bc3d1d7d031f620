import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DATA_BUCKET, REGION, TENANT_ROLE_ARN } from '../../local/account.ts';
import { addRole } from '../../local/aws/roles.ts';
import { jsonOf } from '../latchkey.ts';
import { assertBounded, openS3 } from './assert-bounded.ts';
import { type FakeAnswer, startFakeSts } from './fake-sts.ts';
import { CANARY, encode, type Forgery, now, signerOf } from './forge-token.ts';
import { putTenant } from './operate.ts';
import { type Presentation, startTarget, type Target } from './target.ts';

const json = { 'Content-Type': 'application/json' };

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.close());
beforeEach(() => target.reset());

const vend = async (forgery: Forgery = {}, presentation?: Presentation) =>
  jsonOf(await target.present(target.token(forgery), presentation));
const ask = (body: unknown) => vend({}, { headers: json, body: JSON.stringify(body) });
const nothingHappened = () =>
  expect([
    target.sts.mock.calls.length,
    target.opened(),
    target.canary.visits(),
    target.foreignHosts(),
  ]).toEqual([0, 0, 0, []]);

describe('Apache Polaris CVE-2026-42809 to 42812', () => {
  test.each(['*.*', '*/', '*', '?/', '../globex/'])(
    'a name such as %j does not widen the policy',
    async (folder) => {
      expect((await ask({ scope: { folder } })).code).toBe('scope_invalid');
      nothingHappened();
    },
  );

  test.each<[what: string, body: unknown]>([
    ['a member that is unknown', { profile: 'app', policy: '{}' }],
    ['a scope parameter that is unknown', { scope: { bucket: 'x' } }],
    ['a scope value of another kind', { scope: { folder: ['x/'] } }],
    ['a duration of another kind', { durationSeconds: '900' }],
    ['a format that there is not', { format: 'raw' }],
  ])('credentials are not vended before all is validated: %s', async (_what, body) => {
    expect((await ask(body)).status).toBe(400);
    nothingHappened();
  });
});

describe('Vault CVE-2025-11621, OpenBao GHSA-jp7h-4f3c-9rc7', () => {
  test('a role of the same name in another account is another role: what was refused of the one is not of the other', async () => {
    const roleOf = (account: string) => ({ roleArn: `arn:aws:iam::${account}:role/latchkey-shared-name` });
    const [refused, granted] = [roleOf('444455556666'), roleOf('777788889999')];
    await putTenant(target, 'abroad', {
      claims: [{ issuer: target.issuer.url, value: 'abroad' }],
      profiles: ['app', 'read-only'],
      roles: { app: refused, 'read-only': granted },
    });
    const Action = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];
    const Statement = [{ Effect: 'Allow', Principal: { AWS: '*' }, Action }];
    const trustPolicy = { Version: '2012-10-17', Statement };
    addRole(target.aws.roles, { arn: granted.roleArn, trustPolicy, policies: {} });
    const abroad = { claims: { tenant: 'abroad' } };
    for (let round = 0; round < 2; round += 1) {
      expect((await vend(abroad)).code).toBe('role_not_assumable');
      const body = JSON.stringify({ profile: 'read-only' });
      const { assumedRoleUser } = await vend(abroad, { headers: json, body });
      expect(assumedRoleUser.arn).toContain('arn:aws:sts::777788889999:');
    }
  });
});

describe('fast-jwt CVE-2026-35039', () => {
  test('each of a hundred callers at once is told its own name', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `caller-${index % 50}`);
    const answers = await Promise.all(
      names.map((sub) => vend({ claims: { sub } }, { method: 'GET', path: '/whoami' })),
    );
    expect(answers.map(({ subject }) => subject)).toEqual(names);
  });
});

describe('octo-sts CVE-2025-52477 and CVE-2026-14336', () => {
  const own = (iss: string) => ({ claims: { iss }, signer: signerOf('RS256', target.attacker.privateKey) });

  test.each<[what: string, iss: (trusted: string, evil: string) => string]>([
    ['whatever calls itself issuer', (_trusted, evil) => evil],
    ['one with the trusted as user', (trusted, evil) => `${trusted}@${evil.slice('http://'.length)}`],
    ['one that begins with the trusted', (trusted) => `${trusted}.${CANARY}.example`],
    ['one below the trusted', (trusted) => `${trusted}/${CANARY}`],
    ['the trusted with a query', (trusted) => `${trusted}?x=${CANARY}`],
    ['the trusted with a fragment', (trusted) => `${trusted}#${CANARY}`],
    ['the trusted with its dots escaped', (trusted) => trusted.replaceAll('.', '%2e')],
    ['the trusted with a space before', (trusted) => ` ${trusted}`],
  ])('keys and metadata are not fetched from %s', async (_what, iss) => {
    const fetches = target.issuer.fetches();
    expect((await vend(own(iss(target.issuer.url, target.canary.url)))).code).toBe('issuer_unknown');
    nothingHappened();
    expect(target.issuer.fetches()).toBe(fetches);
  });
});

describe('MinIO Operator GHSA-7m6v-q233-q9j9', () => {
  test.each(['sts.amazonaws.com', 'account', 'kubernetes', ''])('a token for %j is refused', async (aud) => {
    expect((await vend({ claims: { aud } })).code).toBe('token_invalid');
    nothingHappened();
  });
});

describe("a SaaS builder kit's token vending machine", () => {
  test('a token is verified without anybody having asked for it', async () => {
    const unsigned = `${encode('{"alg":"none","typ":"at+jwt"}')}.${encode(JSON.stringify({ tenant: 'acme' }))}.`;
    expect((await jsonOf(await target.present(unsigned))).status).toBe(401);
    expect((await vend({ signer: () => Buffer.alloc(256) })).code).toBe('token_invalid');
    nothingHappened();
  });

  test('two callers have two session names', async () => {
    for (const sub of ['one', 'two']) await vend({ claims: { sub } });
    const names = target.sts.mock.calls.map(
      ([{ input }]) => (input as { RoleSessionName: string }).RoleSessionName,
    );
    expect(new Set(names).size).toBe(2);
    assertBounded(target, 'acme');
  });
});

describe('another broker', () => {
  test.each(['access_token', 'token', 'jwt', 'id_token', 'assertion'])(
    'the query holds no %s',
    async (name) => {
      const answer = await jsonOf(await target.request(`/credentials/container?${name}=${target.token()}`));
      expect(answer.code).toBe('request_invalid');
      nothingHappened();
    },
  );

  test.each(['sdk', 'process', 'container', 'env'])('every form says when it ends: %s', async (format) => {
    const body = JSON.stringify({ format });
    const text = await (await target.present(target.token(), { headers: json, body })).text();
    const end = /xpiration"?[:=]['"](?<end>[^'"]+)/i.exec(text)?.groups?.['end'] ?? '';
    expect(end).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    // lance#7757: never later than STS said.
    const session = [...target.aws.sessions.values()].at(-1);
    expect(Date.parse(end)).toBeLessThanOrEqual(session?.credentials.expiration?.getTime() ?? 0);
    expect(Date.parse(end)).toBeLessThanOrEqual(now(3600) * 1000);
  });
});

describe('a template with a bare prefix', () => {
  test.each(['acme', 'acme2/', 'acme-prod/', 'a', '', undefined])('acme does not list %j', async (Prefix) => {
    const { credentials } = await vend();
    const s3 = openS3(target, credentials);
    await expect(s3.send(new ListObjectsV2Command({ Bucket: DATA_BUCKET, Prefix }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    expect((await s3.send(new ListObjectsV2Command({ Bucket: DATA_BUCKET, Prefix: 'acme/' }))).KeyCount).toBe(
      1,
    );
  });
});

describe('rolesanywhere-credential-helper#200', () => {
  const good = {
    AccessKeyId: 'ASIAEXAMPLEEXAMPLE00',
    SecretAccessKey: `${CANARY}-secret`,
    SessionToken: `${CANARY}-session`,
    Expiration: new Date(Date.now() + 3_600_000).toISOString(),
  };
  let answer: FakeAnswer;
  let url: string;
  beforeAll(async () => {
    const sts = await startFakeSts(() => answer);
    url = sts.url;
    return sts.close;
  });

  /** By an instance that has not given that STS up yet. */
  async function vendWith(next: FakeAnswer): Promise<Response> {
    answer = next;
    const instance = await target.instance({ variables: { AWS_ENDPOINT_URL_STS: url } });
    return instance.present(target.token());
  }

  async function assertFailure(response: Response): Promise<void> {
    const text = await response.text();
    expect([response.status, JSON.parse(text).code]).toEqual([503, 'sts_unavailable']);
    expect(text).not.toContain(CANARY);
    expect(response.headers.get('cache-control')).toBe('no-store');
  }

  test('what is whole is handed on', async () => {
    expect((await vendWith({ credentials: good })).status).toBe(200);
  });

  test.each(Object.keys(good).flatMap((name) => [[name, ''] as const, [name, undefined] as const]))(
    'credentials with %s %j are a failure',
    async (name, value) => assertFailure(await vendWith({ credentials: { ...good, [name]: value } })),
  );

  test("another tenant's are a failure", async () => {
    await assertFailure(await vendWith({ credentials: good, sessionName: 'globex.AAAAAAAAAAAAAAA' }));
  });
});

describe('MinIO GHSA-jjjj-jwhf-8rgr', () => {
  test('what was vended makes no credentials that open more', async () => {
    const { credentials } = await vend();
    const { accessKeyId, secretAccessKey, sessionToken } = credentials;
    const client = new STSClient({
      region: REGION,
      endpoint: target.facts.sts,
      credentials: { accessKeyId, secretAccessKey, sessionToken },
      maxAttempts: 1,
    });
    target.reset();
    const Tags = [{ Key: 'TenantId', Value: 'globex' }];
    const role = { RoleArn: TENANT_ROLE_ARN, RoleSessionName: 'more' };
    for (const command of [new AssumeRoleCommand(role), new AssumeRoleCommand({ ...role, Tags })])
      await expect(client.send(command)).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(client.send(new GetSessionTokenCommand({}))).rejects.toThrow();
    expect(target.opened()).toBe(0);
  });
});
