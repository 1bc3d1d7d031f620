import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import type { AuditEvent } from '../../../functions/core/audit-event.ts';
import { VendingError } from '../../../functions/core/errors.ts';
import { createProfileBook } from '../../../functions/core/profile/profile-book.ts';
import { createVending } from '../../../functions/core/vending.ts';
import { createIamUserApp } from '../../../functions/iam-user/app.ts';
import { DATA_BUCKET, REGION } from '../../../local/account.ts';
import { clock, RESOURCES, sampleCaller, sampleTenant } from '../core/sample.ts';
import { deviceOf, type LocalUsers, PROFILES, startUsers, userArn } from './start-users.ts';

let local: LocalUsers;
let app: ReturnType<typeof createIamUserApp>;
const audited: AuditEvent[] = [];

beforeAll(async () => {
  local = await startUsers();
});
afterAll(() => local.close());

/** The real way through, with the real adapters behind it; tokens are tenants' ids. */
beforeEach(() => {
  for (const name of ['acme', 'globex', 'federation']) local.store(name, local.keysFor(name));
  local.asked.length = 0;
  audited.length = 0;
  app = createIamUserApp(
    createVending({
      function: 'iam-user',
      verifier: {
        verify: async ({ token }) => {
          const [, value = ''] = token.reveal().split('.');
          if (value === 'bad') throw new VendingError('token_invalid');
          return sampleCaller({ tenant: { kind: 'claim', issuer: 'https://issuer.example', value } });
        },
      },
      registry: {
        findIssuer: async () => undefined,
        findTenant: async (reference) => {
          const tenantId = reference.kind === 'claim' ? reference.value : '';
          if (!['acme', 'globex', 'poor'].includes(tenantId)) return undefined;
          const profiles = tenantId === 'poor' ? ['app'] : Object.keys(PROFILES);
          return sampleTenant({ profiles }, { tenantId });
        },
      },
      profiles: createProfileBook(Object.values(PROFILES), RESOURCES),
      throttle: { admit: async () => 'together' },
      assumer: local.createAssumer(),
      auditLog: { record: (event) => void audited.push(event) },
      clock,
      deadlineMilliseconds: 1900,
    }),
  );
});

async function vend(body: object, tenantId = 'acme') {
  const headers = { Authorization: `Bearer a.${tenantId}.c`, 'Content-Type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await app.request('/credentials/iam-user', init, {});
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at what it expects
  return { status: response.status, answer: (await response.json()) as any };
}
const mfaOf = (tenantId: string, tokenCode = local.code(tenantId)) => ({
  serialNumber: deviceOf(tenantId),
  tokenCode,
});

type Key = 'accessKeyId' | 'secretAccessKey' | 'sessionToken';

/** What credentials open of a tenant's data. */
async function open(
  tenantId: string,
  { accessKeyId, secretAccessKey, sessionToken }: Record<string, string>,
) {
  const credentials = { accessKeyId, secretAccessKey, sessionToken } as Record<Key, string>;
  const client = new S3Client({
    region: REGION,
    endpoint: local.endpoint,
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
  });
  const object = { Bucket: DATA_BUCKET, Key: `${tenantId}/test` };
  return client
    .send(new PutObjectCommand({ ...object, Body: 'x' }))
    .then(() => client.send(new GetObjectCommand(object)))
    .then(
      () => 'opened',
      ({ name }: Error) => name,
    );
}

describe('POST /credentials/iam-user', () => {
  test.each<[string, boolean, object]>([
    [
      'federated',
      false,
      {
        federatedUser: {
          arn: expect.stringMatching(/^arn:aws:sts::111122223333:federated-user\/[\w-]{15}\.[\w-]{15}$/),
        },
      },
    ],
    ['session', false, { user: { arn: userArn('acme') } }],
    ['mfa-session', true, { user: { arn: userArn('acme') } }],
    ['mfa-role', true, { assumedRoleUser: { arn: expect.stringContaining('/latchkey-mfa/acme.') } }],
  ])('%s: opens the data of the own tenant alone', async (profile, mfa, who) => {
    const { status, answer } = await vend({ profile, ...(mfa ? { mfa: mfaOf('acme') } : {}) });
    expect([status, answer]).toMatchObject([200, { tenantId: 'acme', profile, ...who }]);
    expect([await open('acme', answer.credentials), await open('globex', answer.credentials)]).toEqual([
      'opened',
      'AccessDenied',
    ]);
    expect(audited).toMatchObject([
      { code: 'granted', tenantId: 'acme', accessKeyId: answer.credentials.accessKeyId },
    ]);
  });

  it("gives each tenant its own user's", async () => {
    const { answer } = await vend({ profile: 'session' }, 'globex');
    expect([await open('acme', answer.credentials), await open('globex', answer.credentials)]).toEqual([
      'AccessDenied',
      'opened',
    ]);
  });

  test.each<[string, number, number]>([
    ['federated', 129_600, 200],
    ['federated', 129_601, 400],
    ['session', 129_600, 200],
    ['session', 899, 400],
    ['mfa-role', 43_200, 200],
    ['mfa-role', 43_201, 400],
  ])('%s for %d s: %d', async (profile, durationSeconds, status) => {
    const mfa = profile === 'mfa-role' ? { mfa: mfaOf('acme') } : {};
    const vended = await vend({ profile, durationSeconds, ...mfa });
    expect([vended.status, vended.answer.code]).toEqual([
      status,
      status === 400 ? 'duration_out_of_range' : undefined,
    ]);
    // What is refused here is asked of nobody.
    expect(local.asked.length > 0).toBe(status === 200);
  });

  it('takes the formats of POST /credentials', async () => {
    const { answer } = await vend({ profile: 'federated', format: 'process' });
    expect(answer).toMatchObject({ Version: 1, AccountId: '111122223333' });
  });
});

describe('a refusal', () => {
  const ASKED_NOBODY: readonly string[] = [];
  test.each<[string, string, () => object, string, readonly string[]]>([
    ['no code', 'acme', () => ({ profile: 'mfa-session' }), 'mfa_required', ASKED_NOBODY],
    [
      'a code that is not demanded',
      'acme',
      () => ({ profile: 'session', mfa: mfaOf('acme', '123456') }),
      'request_invalid',
      ASKED_NOBODY,
    ],
    [
      'a code of five digits',
      'acme',
      () => ({ profile: 'mfa-session', mfa: mfaOf('acme', '12345') }),
      'request_invalid',
      ASKED_NOBODY,
    ],
    [
      'a code without a device',
      'acme',
      () => ({ mfa: { tokenCode: '123456' } }),
      'request_invalid',
      ASKED_NOBODY,
    ],
    ['a token that does not verify', 'bad', () => ({ profile: 'session' }), 'token_invalid', ASKED_NOBODY],
    ['a tenant that there is not', 'nobody', () => ({ profile: 'session' }), 'tenant_unknown', ASKED_NOBODY],
    [
      'a tenant without the profile',
      'poor',
      () => ({ profile: 'session' }),
      'profile_not_granted',
      ASKED_NOBODY,
    ],
    ['a profile of another function', 'acme', () => ({ profile: 'app' }), 'profile_elsewhere', ASKED_NOBODY],
    [
      'a body that is too large',
      'acme',
      () => ({ profile: 'x'.repeat(40_000) }),
      'request_too_large',
      ASKED_NOBODY,
    ],
    [
      'a wrong code',
      'acme',
      () => ({ profile: 'mfa-session', mfa: mfaOf('acme', '000000') }),
      'mfa_refused',
      ['GetSecretValue', 'GetCallerIdentity', 'GetSessionToken'],
    ],
    [
      "another tenant's device",
      'acme',
      () => ({ profile: 'mfa-role', mfa: mfaOf('globex') }),
      'mfa_refused',
      ['GetSecretValue', 'GetCallerIdentity', 'AssumeRole'],
    ],
  ])('of %s', async (_what, tenantId, body, code, asked) => {
    expect((await vend(body(), tenantId)).answer.code).toBe(code);
    expect(local.asked).toEqual(asked);
    expect(audited).toMatchObject([{ code }]);
  });

  it('of a code that was used', async () => {
    const mfa = mfaOf('acme');
    const codes = [];
    for (const profile of ['mfa-session', 'mfa-role']) codes.push((await vend({ profile, mfa })).answer.code);
    expect(codes).toEqual([undefined, 'mfa_refused']);
    expect(JSON.stringify(audited)).not.toContain(mfa.tokenCode);
  });

  it('of keys that there are not', async () => {
    local.store('acme', undefined);
    expect(await vend({ profile: 'session' })).toMatchObject({
      status: 503,
      answer: { code: 'user_keys_unavailable' },
    });
    expect(local.asked).toEqual(['GetSecretValue']);
  });

  it("of another tenant's keys under this one's name: its data stay closed", async () => {
    local.store('acme', local.keysFor('globex'));
    for (const profile of ['session', 'mfa-session', 'mfa-role']) {
      const mfa = profile === 'session' ? {} : { mfa: mfaOf('globex') };
      expect(await vend({ profile, ...mfa })).toMatchObject({
        status: 502,
        answer: { code: 'user_mismatch' },
      });
    }
    expect(local.asked.filter((action) => /SessionToken|AssumeRole/.test(action))).toEqual([]);
  });

  it('of other methods and paths', async () => {
    for (const [method, path, status] of [
      ['GET', '/credentials/iam-user', 405],
      ['POST', '/credentials', 404],
    ] as const)
      expect((await app.request(path, { method }, {})).status).toBe(status);
  });
});
