import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import type { AuditEvent } from '../../../functions/core/audit-event.ts';
import { createDecodeApp } from '../../../functions/decode/app.ts';
import { readDecodeEnvironment } from '../../../functions/decode/environment.ts';
import { wireDecoding } from '../../../functions/decode/wiring.ts';
import { ACCOUNT, REGION, TENANT_ROLE_ARN } from '../../../local/account.ts';
import { createAuthorizationMessages, describeFailure } from '../../../local/aws/authorization-messages.ts';
import { openSession } from '../../../local/aws/open-session.ts';
import { type LocalRole, parseRoles } from '../../../local/aws/roles.ts';
import { createStsDoor } from '../../../local/aws/sts.ts';
import { vendVariables } from '../../../local/function-variables.ts';
import { jsonOf, startTestLatchkey, type TestLatchkey } from '../../latchkey.ts';
import { type ServedDoor, serveDoor } from '../../local/serve-door.ts';

const DECODE_ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/latchkey-decode`;
const decodeRole = parseRoles([
  {
    arn: DECODE_ROLE_ARN,
    trustPolicy: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    },
    policies: {
      decode: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: 'sts:DecodeAuthorizationMessage', Resource: '*' },
          { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: '*' },
          { Effect: 'Allow', Action: 'dynamodb:UpdateItem', Resource: '*' },
        ],
      },
    },
  },
]).get(DECODE_ROLE_ARN) as LocalRole;

const BOUNDS = { sourceIdentity: undefined, transitiveTagKeys: [], sessionPolicies: undefined };
const NAMED = { ...BOUNDS, durationSeconds: 900, tags: {} };

let latchkey: TestLatchkey;
let sts: ServedDoor;
let app: ReturnType<typeof createDecodeApp>;
const audited: AuditEvent[] = [];
const messages = createAuthorizationMessages();

beforeAll(async () => {
  latchkey = await startTestLatchkey();
  const { aws } = latchkey;
  const { sessions } = aws;
  const clock = () => new Date();
  sts = await serveDoor(
    createStsDoor({
      roles: aws.roles,
      sessions,
      managedPolicies: new Map(),
      region: REGION,
      clock,
      log: () => {},
      messages,
    }),
  );
  const { credentials } = openSession(decodeRole, { ...NAMED, sessionName: 'decode' }, { sessions, clock });
  const environment = readDecodeEnvironment({
    ...vendVariables(aws),
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_ENDPOINT_URL_STS: sts.endpoint,
    LATCHKEY_SESSION_ROLE_ARNS: JSON.stringify([TENANT_ROLE_ARN]),
  });
  const auditLog = { record: (event: AuditEvent) => void audited.push(event) };
  app = createDecodeApp(wireDecoding({ environment, auditLog, clock }));
});
afterAll(async () => {
  await sts.close();
  await latchkey.close();
});
beforeEach(() => {
  audited.length = 0;
});

/** What AWS gives somebody with a session of that role whose request it denies. */
function denied(sessionName: string, role = latchkey.aws.roles.get(TENANT_ROLE_ARN) as LocalRole): string {
  const { sessions } = latchkey.aws;
  const session = openSession(role, { ...NAMED, sessionName }, { sessions, clock: () => new Date() });
  const resource = 'arn:aws:s3:::latchkey-data/globex/report';
  return (
    messages.encode(describeFailure({ session, action: 's3:GetObject', resource, values: {}, denies: [] })) ??
    ''
  );
}

async function decode(body: unknown, { tenant = 'acme', type = 'application/json' } = {}) {
  const Authorization = `Bearer ${await latchkey.issuer.sign({ claims: { tenant } })}`;
  const init = {
    method: 'POST',
    headers: { Authorization, 'Content-Type': type },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
  return app.request('/authorization-messages/decode', init, {});
}

const DIGEST = 'f3XkP0_-3XkP0f3';

describe('POST /authorization-messages/decode', () => {
  it('decodes what AWS told a session that was vended for the tenant', async () => {
    const token = await latchkey.issuer.sign();
    const { assumedRoleUser } = await jsonOf(await latchkey.vend(token));
    const response = await decode({ encodedMessage: denied(assumedRoleUser.arn.split('/').at(-1)) });
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await jsonOf(response)).toEqual({
      vendId: audited[0]?.vendId,
      tenantId: 'acme',
      decodedMessage: {
        allowed: false,
        explicitDeny: false,
        matchedStatements: { items: [] },
        failures: { items: [] },
        context: {
          principal: { id: expect.any(String), arn: assumedRoleUser.arn },
          action: 's3:GetObject',
          resource: 'arn:aws:s3:::latchkey-data/globex/report',
          conditions: { items: [] },
        },
      },
    });
    expect(audited).toMatchObject([{ operation: 'decode_message', code: 'granted', tenantId: 'acme' }]);
  });

  test.each([
    ['another tenant’s session', () => denied(`globex.${DIGEST}`)],
    ['a session of a tenant whose id begins alike', () => denied(`acme-prod.${DIGEST}`)],
    ['a function', () => denied('decode', decodeRole)],
    ['a session of another role, with such a name', () => denied(`acme.${DIGEST}`, decodeRole)],
  ])('keeps what is about %s to itself', async (_what, message) => {
    const response = await decode({ encodedMessage: message() });
    const problem = await response.text();
    expect([response.status, JSON.parse(problem).code]).toEqual([403, 'message_foreign']);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer /);
    expect(audited).toMatchObject([
      { operation: 'decode_message', code: 'message_foreign', tenantId: 'acme' },
    ]);
    expect(JSON.stringify(audited) + problem).not.toMatch(/GetObject|acme-prod|globex|assumed-role/);
  });

  test.each<[string, unknown, { type?: string; tenant?: string }, number, string]>([
    ['no message of AWS’s', { encodedMessage: 'made-up' }, {}, 400, 'message_invalid'],
    ['an empty one', { encodedMessage: '' }, {}, 400, 'request_invalid'],
    ['one that is too long', { encodedMessage: 'x'.repeat(10_241) }, {}, 400, 'request_invalid'],
    ['one with a line break', { encodedMessage: 'made-up\n' }, {}, 400, 'request_invalid'],
    ['none', {}, {}, 400, 'request_invalid'],
    ['no body', '', {}, 400, 'request_invalid'],
    ['two', '{"encodedMessage":"a","encodedMessage":"b"}', {}, 400, 'request_invalid'],
    ['more', { encodedMessage: 'a', tenantId: 'globex' }, {}, 400, 'request_invalid'],
    ['too much', { encodedMessage: 'x'.repeat(40_000) }, {}, 413, 'request_too_large'],
    [
      'a form',
      'encodedMessage=a',
      { type: 'application/x-www-form-urlencoded' },
      415,
      'media_type_unsupported',
    ],
    ['a suspended tenant', { encodedMessage: 'a' }, { tenant: 'sleepy' }, 403, 'tenant_inactive'],
    ['an unbound tenant', { encodedMessage: 'a' }, { tenant: 'nobody' }, 403, 'tenant_unknown'],
  ])('refuses %s', async (_what, body, options, status, code) => {
    const response = await decode(body, options);
    expect([response.status, (await jsonOf(response)).code]).toEqual([status, code]);
    expect(audited.map((event) => [event.operation, event.code])).toEqual([['decode_message', code]]);
  });

  it('refuses whoever has no token', async () => {
    const response = await app.request('/authorization-messages/decode', { method: 'POST' }, {});
    expect([response.status, (await jsonOf(response)).code]).toEqual([401, 'token_missing']);
  });

  it('takes nothing in its address', async () => {
    const Authorization = `Bearer ${await latchkey.issuer.sign()}`;
    const path = '/authorization-messages/decode?encodedMessage=a';
    const response = await app.request(path, { method: 'POST', headers: { Authorization } }, {});
    expect((await jsonOf(response)).code).toBe('request_invalid');
  });
});
