import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { createAdaptorServer } from '@hono/node-server';
import { afterEach, describe, expect, it, test } from 'vitest';
import { createRoleAssumer } from '../../../../functions/adapters/sts/role-assumer.ts';
import { startDeadline } from '../../../../functions/core/deadline.ts';
import { decideGrant, type Grant } from '../../../../functions/core/grant/grant.ts';
import type { RoleAssumer } from '../../../../functions/core/ports.ts';
import { secret } from '../../../../functions/core/secret.ts';
import { REGION, TENANT_ROLE_ARN, VEND_ROLE_ARN } from '../../../../local/account.ts';
import { openExecutionSession } from '../../../../local/aws/open-session.ts';
import { parseRoles, type RoleDefinition } from '../../../../local/aws/roles.ts';
import type { Sessions } from '../../../../local/aws/session.ts';
import { createStsDoor } from '../../../../local/aws/sts.ts';
import { ROLES } from '../../../../local/roles.ts';
import { clock, sampleCaller, sampleProfile, sampleTenant } from '../../core/sample.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The real adapter before the real local STS, in an account whose tenant role has another trust policy. */
async function assumerWith(change: (role: RoleDefinition) => RoleDefinition) {
  const roles = parseRoles(ROLES.map((role) => (role.arn === TENANT_ROLE_ARN ? change(role) : role)));
  const sessions: Sessions = new Map();
  const now = () => new Date();
  const door = createStsDoor({
    roles,
    managedPolicies: new Map(),
    sessions,
    region: REGION,
    clock: now,
    log: () => {},
  });
  const vendRole = roles.get(VEND_ROLE_ARN);
  if (vendRole === undefined) throw new Error('no vend role');
  const { credentials } = openExecutionSession(vendRole, { functionName: 'vend', sessions, clock: now });
  const sent: URLSearchParams[] = [];
  const fetch: typeof door = async (request, bindings) => {
    const { url, method, headers } = request;
    const body = await request.text();
    sent.push(new URLSearchParams(body));
    return door(new Request(url, { method, headers, body }), bindings);
  };
  const endpoint = await listen(createAdaptorServer({ fetch: fetch as never }) as Server);
  return { assumer: createRoleAssumer({ region: REGION, credentials, endpoint }), sessions, sent };
}

const trusting =
  (...statements: object[]) =>
  (role: RoleDefinition) => ({
    ...role,
    trustPolicy: {
      Version: '2012-10-17',
      Statement: statements.map((statement) => ({
        Effect: 'Allow',
        Principal: { AWS: VEND_ROLE_ARN },
        ...statement,
      })),
    },
  });

const grant = (changes: Partial<Grant> = {}): Grant => ({
  ...decideGrant(
    sampleCaller(),
    sampleTenant(),
    sampleProfile({ transitiveTagKeys: ['TenantId'] }),
    {},
    clock,
  ),
  ...changes,
});

/** What the caller came with goes nowhere by this method. */
const assume = (assumer: RoleAssumer, wanted: Grant, milliseconds = 1900) =>
  assumer.assume(wanted, secret('not-sent'), startDeadline(milliseconds));

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'vended',
    ({ code }) => code,
  );

describe('assuming a role', () => {
  it('sends the whole grant and nothing else', async () => {
    const { assumer, sessions } = await assumerWith((role) => role);
    const vended = await assume(assumer, grant());
    const session = sessions.get(vended.accessKeyId);
    expect(session).toMatchObject({
      entityArn: TENANT_ROLE_ARN,
      tags: { TenantId: 'acme' },
      transitiveTagKeys: ['TenantId'],
      sourceIdentity: grant().roleSessionName,
    });
    expect(session?.sessionPolicies).toHaveLength(1);
    expect(vended).toMatchObject({
      sourceIdentity: grant().sourceIdentity,
      expiration: session?.credentials.expiration,
    });
  });

  test.each<[string, object[], string]>([
    ['nothing', [{ Action: 'sts:AssumeRole', Principal: { AWS: TENANT_ROLE_ARN } }], 'role_not_assumable'],
    ['no tags', [{ Action: 'sts:AssumeRole' }, { Action: 'sts:SetSourceIdentity' }], 'tag_session_denied'],
    [
      'no source identity',
      [{ Action: 'sts:AssumeRole' }, { Action: 'sts:TagSession' }],
      'source_identity_denied',
    ],
    [
      'another external id',
      [{ Action: 'sts:*', Condition: { StringEquals: { 'sts:ExternalId': 'other' } } }],
      'role_not_assumable',
    ],
    [
      'another tenant',
      [{ Action: 'sts:*', Condition: { StringEquals: { 'aws:RequestTag/TenantId': 'globex' } } }],
      'role_not_assumable',
    ],
    [
      'this external id',
      [{ Action: 'sts:*', Condition: { StringEquals: { 'sts:ExternalId': 'ours-1' } } }],
      'vended',
    ],
  ])('that trusts %s', async (_what, statements, code) => {
    const { assumer } = await assumerWith(trusting(...statements));
    expect(await codeOf(assume(assumer, grant({ externalId: 'ours-1' })))).toBe(code);
  });

  describe('with a context', () => {
    const IDENTITY_CENTER = 'arn:aws:iam::aws:contextProvider/IdentityCenter';
    const granted = (providerArn: string, contextProviders = [IDENTITY_CENTER]) =>
      decideGrant(
        sampleCaller(),
        sampleTenant(),
        sampleProfile({ contextProviders }),
        { contexts: [{ providerArn, contextAssertion: secret('an-assertion-of-ann') }] },
        clock,
      );
    const vend = async (assumer: RoleAssumer, ...given: Parameters<typeof granted>) =>
      assume(assumer, granted(...given));

    it('passes on the assertion of a provider that the profile names', async () => {
      const { assumer, sessions, sent } = await assumerWith((role) => role);
      const { accessKeyId } = await vend(assumer, IDENTITY_CENTER);
      expect(sessions.get(accessKeyId)).toMatchObject({
        entityArn: TENANT_ROLE_ARN,
        tags: { TenantId: 'acme' },
      });
      const contexts = sent.map((body) => [...body].filter(([name]) => name.startsWith('ProvidedContexts')));
      expect(contexts.map(Object.fromEntries)).toEqual([
        {
          'ProvidedContexts.member.1.ProviderArn': IDENTITY_CENTER,
          'ProvidedContexts.member.1.ContextAssertion': 'an-assertion-of-ann',
        },
      ]);
    });

    test.each<[string, string, string[]]>([
      ['another', 'arn:aws:iam::aws:contextProvider/Other', [IDENTITY_CENTER]],
      ['one, where it names none', IDENTITY_CENTER, []],
    ])('refuses a provider that the profile does not name, before STS: %s', async (_what, given, named) => {
      const { assumer, sent } = await assumerWith((role) => role);
      expect(await codeOf(vend(assumer, given, named))).toBe('request_invalid');
      expect(sent).toEqual([]);
    });

    it('is refused by a role that does not trust Latchkey with one', async () => {
      const Action = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];
      const { assumer } = await assumerWith(trusting({ Action }));
      expect(await codeOf(vend(assumer, IDENTITY_CENTER))).toBe('role_not_assumable');
    });
  });

  it('keeps codes and assertions out of what is said of a failure', async () => {
    const endpoint = await listen(
      createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk) => chunks.push(chunk));
        request.on('end', () => {
          const sent = new URLSearchParams(Buffer.concat(chunks).toString());
          const quoted = `${sent.get('TokenCode')} ${sent.get('ProvidedContexts.member.1.ContextAssertion')}`;
          response
            .writeHead(400)
            .end(
              `<ErrorResponse><Error><Code>ValidationError</Code><Message>${quoted}</Message></Error></ErrorResponse>`,
            );
        });
      }),
    );
    const assumer = createRoleAssumer({ region: REGION, credentials: CREDENTIALS, endpoint });
    const failureWith = (changes: Partial<Grant>) =>
      assume(assumer, grant(changes)).catch(({ cause }) => inspect(cause, { showHidden: true, depth: null }));
    const mfa = { serialNumber: 'device', tokenCode: secret('975310') };
    const contextAssertion = secret('an-assertion-of-somebody');
    const contexts = [{ providerArn: 'arn:aws:iam::aws:contextProvider/x', contextAssertion }];
    for (const changes of [{ mfa }, { contexts }]) {
      const cause = await failureWith(changes);
      expect(cause).toContain('left out: it repeats a part of a secret');
      expect(cause).not.toMatch(/975310|an-assertion/);
    }
  });

  it('never asks without a policy: STS would give the whole role', async () => {
    const { assumer, sessions } = await assumerWith((role) => role);
    const before = sessions.size;
    expect(await codeOf(assume(assumer, grant({ policy: '' })))).toBe('policy_unrenderable');
    expect(sessions.size).toBe(before);
  });
});

const CREDENTIALS = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };

describe('an STS with others to turn to', () => {
  /** Two Regions; each is a door of its own, which knows the same sessions. */
  async function withFallback(home: Parameters<typeof createServer>[1]) {
    const sessions: Sessions = new Map();
    const roles = parseRoles(ROLES);
    const now = () => new Date();
    const vendRole = roles.get(VEND_ROLE_ARN);
    if (vendRole === undefined) throw new Error('no vend role');
    const { credentials } = openExecutionSession(vendRole, { functionName: 'vend', sessions, clock: now });
    const common = { roles, managedPolicies: new Map(), sessions, clock: now, log: () => {} };
    const door = createStsDoor({ ...common, region: 'eu-west-1' });
    const fallback = {
      region: 'eu-west-1',
      endpoint: await listen(createAdaptorServer({ fetch: door as never }) as Server),
    };
    const endpoint = await listen(createServer(home));
    return createRoleAssumer({ region: REGION, credentials, endpoint, fallbacks: [fallback] });
  }

  test.each<[string, Parameters<typeof createServer>[1]]>([
    ['resets', (request) => request.socket.destroy()],
    ['is silent', () => {}],
    ['has an outage', (_request, response) => response.writeHead(503).end()],
    [
      'throttles',
      (_request, response) =>
        response
          .writeHead(400)
          .end('<ErrorResponse><Error><Code>Throttling</Code><Message>x</Message></Error></ErrorResponse>'),
    ],
    [
      'is not switched on',
      (_request, response) =>
        response
          .writeHead(403)
          .end(
            '<ErrorResponse><Error><Code>RegionDisabledException</Code><Message>x</Message></Error></ErrorResponse>',
          ),
    ],
  ])('that %s: the next Region answers, and says so', async (_what, home) => {
    const assumer = await withFallback(home);
    expect((await assume(assumer, grant())).stsRegion).toBe('eu-west-1');
  });

  it('that refuses: nobody else is asked', async () => {
    const assumer = await withFallback((_request, response) =>
      response
        .writeHead(403)
        .end('<ErrorResponse><Error><Code>AccessDenied</Code><Message>x</Message></Error></ErrorResponse>'),
    );
    expect(await codeOf(assume(assumer, grant()))).toBe('role_not_assumable');
  });

  it('that failed three times in a row is left alone, then tried by one', async () => {
    let asked = 0;
    const assumer = await withFallback((request) => {
      asked += 1;
      request.socket.destroy();
    });
    for (let count = 0; count < 6; count += 1) await assume(assumer, grant());
    expect(asked).toBe(3);
  });

  it('that is off in one role’s account is left alone by nobody else', async () => {
    let asked = 0;
    const off =
      '<ErrorResponse><Error><Code>RegionDisabledException</Code><Message>x</Message></Error></ErrorResponse>';
    const endpoint = await listen(
      createServer((_request, response) => {
        asked += 1;
        response.writeHead(403).end(off);
      }),
    );
    const assumer = createRoleAssumer({ region: REGION, credentials: CREDENTIALS, endpoint });
    for (let count = 0; count < 6; count += 1)
      expect(await codeOf(assume(assumer, grant()))).toBe('role_not_assumable');
    expect(asked).toBe(6);
  });

  it('is not blamed for requests that have no time left', async () => {
    let slow = true;
    const endpoint = await listen(
      createServer((_request, response) => {
        if (!slow)
          response
            .writeHead(403)
            .end('<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>');
      }),
    );
    const assumer = createRoleAssumer({ region: REGION, credentials: CREDENTIALS, endpoint });
    for (let count = 0; count < 4; count += 1)
      expect(await codeOf(assume(assumer, grant(), 150))).toBe('sts_unavailable');
    slow = false;
    expect(await codeOf(assume(assumer, grant()))).toBe('role_not_assumable');
  });

  it('is not asked when an answer would come too late', async () => {
    let asked = 0;
    const assumer = await withFallback(() => {
      asked += 1;
    });
    expect(await codeOf(assume(assumer, grant(), 50))).toBe('sts_unavailable');
    expect(asked).toBe(0);
  });
});

describe('an STS that fails', () => {
  const credentials = CREDENTIALS;
  const answering = async (listener: Parameters<typeof createServer>[1]) =>
    createRoleAssumer({ region: REGION, credentials, endpoint: await listen(createServer(listener)) });

  it('is unavailable when it cannot be reached', async () => {
    const assumer = createRoleAssumer({ region: REGION, credentials, endpoint: 'http://127.0.0.1:1' });
    expect(await codeOf(assume(assumer, grant()))).toBe('sts_unavailable');
  });

  it('is unavailable when it is silent', async () => {
    const assumer = await answering(() => {});
    expect(await codeOf(assume(assumer, grant()))).toBe('sts_unavailable');
  });

  it('is tried twice', async () => {
    let calls = 0;
    const assumer = await answering((request) => {
      calls += 1;
      request.socket.destroy();
    });
    expect(await codeOf(assume(assumer, grant()))).toBe('sts_unavailable');
    expect(calls).toBe(2);
  });

  it('throttles, with a code of its own', async () => {
    const assumer = await answering((_request, response) =>
      response
        .writeHead(400)
        .end(
          '<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>',
        ),
    );
    expect(await codeOf(assume(assumer, grant()))).toBe('sts_throttled');
  });

  it.each([
    ['no credentials', '<AssumeRoleResponse><AssumeRoleResult></AssumeRoleResult></AssumeRoleResponse>'],
    [
      'some that ended long ago',
      '<AssumeRoleResponse><AssumeRoleResult><AssumedRoleUser><Arn>a</Arn><AssumedRoleId>b</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>a</AccessKeyId><SecretAccessKey>b</SecretAccessKey><SessionToken>c</SessionToken><Expiration>1970-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>',
    ],
    [
      'blank ones',
      '<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId></AccessKeyId><SecretAccessKey></SecretAccessKey><SessionToken></SessionToken><Expiration>2026-11-21T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>',
    ],
  ])('that answers %s is refused, not passed on', async (_what, body) => {
    const assumer = await answering((_request, response) => response.end(body));
    expect(await codeOf(assume(assumer, grant()))).toBe('sts_unavailable');
  });
});
