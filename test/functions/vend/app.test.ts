import { STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { jsonOf, startTestLatchkey, type TestLatchkey } from '../../latchkey.ts';

/** The same app, served over HTTP as on a developer's machine, and called with API Gateway's events as in Lambda. */
describe.each(['http', 'lambda'] as const)('over %s', (way) => {
  let latchkey: TestLatchkey;
  const sts = vi.spyOn(STSClient.prototype, 'send');

  beforeAll(async () => {
    latchkey = await startTestLatchkey(way);
  });
  afterAll(() => latchkey.close());
  beforeEach(() => {
    sts.mockClear();
    latchkey.audited.length = 0;
  });

  const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
  const keys = {
    AccessKeyId: expect.stringMatching(/^ASIA/),
    SecretAccessKey: expect.any(String),
    Expiration: expect.stringMatching(ISO),
  };

  describe('POST /credentials', () => {
    it('vends for the tenant of the token, and says all that STS said', async () => {
      const response = await latchkey.vend(await latchkey.issuer.sign());
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toBe('no-store');
      const answer = await jsonOf(response);
      expect(answer).toEqual({
        vendId: expect.stringMatching(way === 'http' ? /^[0-9a-f-]{36}$/ : /^UXaMpLeFiAMFxJg=$/),
        tenantId: 'acme',
        profile: 'app',
        credentials: {
          accessKeyId: expect.stringMatching(/^ASIA/),
          secretAccessKey: expect.any(String),
          sessionToken: expect.any(String),
          expiration: expect.stringMatching(ISO),
        },
        assumedRoleUser: {
          arn: expect.stringMatching(
            /^arn:aws:sts::111122223333:assumed-role\/latchkey-tenant\/acme\.[\w-]{15}$/,
          ),
          assumedRoleId: expect.stringMatching(/^AROA/),
        },
        packedPolicySize: expect.any(Number),
        sourceIdentity: expect.stringMatching(/^acme\.[\w-]{15}$/),
        sessionTags: { TenantId: 'acme' },
      });
      expect(latchkey.audited).toEqual([
        {
          operation: 'vend',
          code: 'granted',
          vendId: answer.vendId,
          milliseconds: expect.any(Number),
          issuer: latchkey.issuer.url,
          subjectDigest: answer.sourceIdentity.split('.')[1],
          tenantId: 'acme',
          profile: 'app',
          method: 'assumeRole',
          roleArn: 'arn:aws:iam::111122223333:role/latchkey-tenant',
          roleSessionName: answer.sourceIdentity,
          sourceIdentity: answer.sourceIdentity,
          durationSeconds: 3600,
          policyDigest: expect.stringMatching(/^[\w-]{43}$/),
          accessKeyId: answer.credentials.accessKeyId,
          stsRegion: 'us-east-1',
          packedPolicySize: answer.packedPolicySize,
        },
      ]);
    });

    it('vends what a profile makes of scopes, a scope parameter, attributes and a duration', async () => {
      const token = await latchkey.issuer.sign({ claims: { scope: 'vend write' } });
      const response = await latchkey.vend(token, {
        profile: 'demanding',
        scope: { folder: 'reports/' },
        durationSeconds: 901,
      });
      const { sessionTags, credentials } = await jsonOf(response);
      expect(sessionTags).toEqual({ TenantId: 'acme', Plan: 'gold' });
      const left = Date.parse(credentials.expiration) - Date.now();
      expect(left).toBeGreaterThan(895_000);
      expect(left).toBeLessThanOrEqual(901_000);
      const policies = sts.mock.calls.map(([{ input }]) => JSON.parse((input as { Policy: string }).Policy));
      expect(policies[0].Statement[0].Resource).toEqual(['arn:aws:s3:::latchkey-data/acme/reports/*']);
    });

    it.each([
      ['process', { Version: 1, ...keys, SessionToken: expect.any(String), AccountId: '111122223333' }],
      ['container', { ...keys, Token: expect.any(String), AccountId: '111122223333' }],
    ])('answers in the format %s', async (format, expected) => {
      expect(await jsonOf(await latchkey.vend(await latchkey.issuer.sign(), { format }))).toEqual(expected);
    });

    it('answers in the format env, for a shell', async () => {
      const response = await latchkey.vend(await latchkey.issuer.sign(), { format: 'env' });
      expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
      expect(await response.text()).toMatch(
        /^export AWS_ACCESS_KEY_ID='ASIA\w+'\nexport AWS_SECRET_ACCESS_KEY='\S+'\nexport AWS_SESSION_TOKEN='\S+'\nexport AWS_CREDENTIAL_EXPIRATION='\S+Z'\n$/,
      );
    });

    it('takes a token that ended a moment ago, within the skew of its issuer', async () => {
      const now = Math.floor(Date.now() / 1000);
      const token = await latchkey.issuer.sign({ claims: { iat: now - 100, exp: now - 20 } });
      expect((await latchkey.vend(token)).status).toBe(200);
    });

    it('takes the scheme in lower case', async () => {
      const Authorization = `bearer ${await latchkey.issuer.sign()}`;
      expect(
        (await latchkey.request('/credentials', { method: 'POST', headers: { Authorization } })).status,
      ).toBe(200);
    });

    it('lets an issuer bound to one tenant speak for that tenant alone', async () => {
      const response = await latchkey.vend(await latchkey.ownIssuer.sign({ claims: { tenant: 'acme' } }));
      expect(await jsonOf(response)).toMatchObject({
        tenantId: 'initech',
        sessionTags: { TenantId: 'initech' },
      });
    });
  });

  describe('GET /credentials/container', () => {
    it('answers as the AWS SDKs read it', async () => {
      const Authorization = `Bearer ${await latchkey.issuer.sign()}`;
      const response = await latchkey.request('/credentials/container?profile=read-only', {
        headers: { Authorization },
      });
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
      expect(await jsonOf(response)).toEqual({
        ...keys,
        Token: expect.any(String),
        AccountId: '111122223333',
      });
      expect(latchkey.audited[0]?.profile).toBe('read-only');
    });
  });

  describe('a refusal, before STS is asked', () => {
    type Refusal = readonly [what: string, status: number, code: string, send: () => Promise<Response>];
    const sign = (...args: Parameters<TestLatchkey['issuer']['sign']>) => latchkey.issuer.sign(...args);
    const withHeaders = (headers: Record<string, string>, path = '/credentials') =>
      latchkey.request(path, { method: 'POST', headers });
    const demand = async (body: object, scope = 'vend write') =>
      latchkey.vend(await sign({ claims: { scope } }), {
        profile: 'demanding',
        scope: { folder: 'a/' },
        ...body,
      });

    test.each<Refusal>([
      ['no token', 401, 'token_missing', () => withHeaders({})],
      ['another scheme', 401, 'token_missing', () => withHeaders({ Authorization: 'Basic YTpi' })],
      ['an empty token', 401, 'token_malformed', () => withHeaders({ Authorization: 'Bearer ' })],
      [
        'two tokens',
        400,
        'request_invalid',
        async () => withHeaders({ Authorization: `Bearer ${await sign()}, Bearer ${await sign()}` }),
      ],
      [
        'a token in the query too',
        400,
        'request_invalid',
        async () => withHeaders({ Authorization: `Bearer ${await sign()}` }, `/credentials?access_token=x`),
      ],
      ['no JWT', 401, 'token_malformed', () => latchkey.vend('nonsense')],
      [
        'an unknown issuer',
        401,
        'issuer_unknown',
        async () => latchkey.vend(await sign({ claims: { iss: 'https://evil.example' } })),
      ],
      [
        'another issuer’s key',
        401,
        'token_invalid',
        async () => latchkey.vend(await sign({ claims: { iss: latchkey.ownIssuer.url } })),
      ],
      [
        'another audience',
        401,
        'token_invalid',
        async () => latchkey.vend(await sign({ claims: { aud: 'https://other.example' } })),
      ],
      [
        'an expired token',
        401,
        'token_expired',
        async () => latchkey.vend(await sign({ claims: { iat: 1, exp: 2 } })),
      ],
      [
        'a tenant that nobody bound',
        403,
        'tenant_unknown',
        async () => latchkey.vend(await sign({ claims: { tenant: 'nobody' } })),
      ],
      [
        'a tenant by its id, where only its claim is bound',
        403,
        'tenant_unknown',
        async () => latchkey.vend(await sign({ claims: { tenant: 'initech' } })),
      ],
      [
        'a tenant that only looks like one',
        403,
        'tenant_unknown',
        async () => latchkey.vend(await sign({ claims: { tenant: 'Acme' } })),
      ],
      [
        'a suspended tenant',
        403,
        'tenant_inactive',
        async () => latchkey.vend(await sign({ claims: { tenant: 'sleepy' } })),
      ],
      [
        'a profile that is not granted',
        403,
        'profile_not_granted',
        async () => latchkey.vend(await sign({ claims: { tenant: 'globex' } }), { profile: 'read-only' }),
      ],
      [
        'a profile that nobody wrote',
        403,
        'profile_not_granted',
        async () => latchkey.vend(await sign(), { profile: 'admin' }),
      ],
      ['a missing JWT scope', 403, 'insufficient_scope', () => demand({}, 'vend')],
      ['over the profile’s maximum', 400, 'duration_out_of_range', () => demand({ durationSeconds: 1801 })],
      [
        'twelve hours',
        400,
        'duration_out_of_range',
        async () => latchkey.vend(await sign(), { durationSeconds: 43_200 }),
      ],
      [
        'a scope value out of its pattern',
        400,
        'scope_invalid',
        () => demand({ scope: { folder: '../globex/' } }),
      ],
      ['a scope value with a wildcard', 400, 'scope_invalid', () => demand({ scope: { folder: '*/' } })],
      ['a missing scope parameter', 400, 'scope_invalid', () => demand({ scope: {} })],
      [
        'an unknown scope parameter',
        400,
        'scope_invalid',
        async () => latchkey.vend(await sign(), { scope: { bucket: 'x' } }),
      ],
      [
        'an unknown member',
        400,
        'request_invalid',
        async () => latchkey.vend(await sign(), { tenantId: 'globex' }),
      ],
      [
        'a member of the wrong type',
        400,
        'request_invalid',
        async () => latchkey.vend(await sign(), { durationSeconds: '3600' }),
      ],
      [
        'an unknown format',
        400,
        'request_invalid',
        async () => latchkey.vend(await sign(), { format: 'xml' }),
      ],
      [
        'a polluting member',
        400,
        'request_invalid',
        async () => latchkey.vend(await sign(), '{"scope":{"__proto__":{"folder":"a/"}}}'),
      ],
      ['an array', 400, 'request_invalid', async () => latchkey.vend(await sign(), [])],
      ['no JSON', 400, 'request_invalid', async () => latchkey.vend(await sign(), '{"profile":')],
      [
        'a body of another type',
        415,
        'media_type_unsupported',
        async () =>
          latchkey.request('/credentials', {
            method: 'POST',
            headers: { Authorization: `Bearer ${await sign()}` },
            body: 'profile=app',
          }),
      ],
      [
        'a body that is too large',
        413,
        'request_too_large',
        async () => latchkey.vend(await sign(), { profile: 'x'.repeat(40_000) }),
      ],
      [
        'a query parameter that comes twice',
        400,
        'request_invalid',
        async () =>
          latchkey.request('/credentials/container?profile=app&profile=read-only', {
            headers: { Authorization: `Bearer ${await sign()}` },
          }),
      ],
      [
        'a misspelled query parameter',
        400,
        'request_invalid',
        async () =>
          latchkey.request('/credentials/container?profil=app', {
            headers: { Authorization: `Bearer ${await sign()}` },
          }),
      ],
    ])('%s: %d %s', async (_what, status, code, send) => {
      const response = await send();
      const body = await jsonOf(response);
      expect([response.status, body.code]).toEqual([status, code]);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('www-authenticate') !== null).toBe(status === 401 || status === 403);
      expect(body).toEqual({
        type: `urn:latchkey:error:${code}`,
        title: code.replaceAll('_', ' '),
        status,
        detail: expect.any(String),
        code,
        vendId: latchkey.audited[0]?.vendId,
        Code: code,
        message: body.detail,
        Message: body.detail,
      });
      expect(latchkey.audited.map((event) => event.code)).toEqual([code]);
      expect(sts).not.toHaveBeenCalled();
    });

    test.each([
      ['token_missing', {}, /^Bearer realm="latchkey", resource_metadata="[^"]+", DPoP /],
      [
        'token_malformed',
        { Authorization: 'Bearer a.b' },
        /^Bearer realm="latchkey", error="invalid_token", /,
      ],
    ])('%s has the challenge of RFC 6750', async (_code, headers, challenge) => {
      expect((await withHeaders(headers)).headers.get('www-authenticate')).toMatch(challenge);
    });

    it('names the member that is wrong, and repeats neither a value nor a name of the caller’s', async () => {
      const token = await sign();
      for (const body of [
        { [token]: 1 },
        { scope: { [token]: 1 } },
        { scope: { a: token } },
        { format: token },
        { durationSeconds: token },
      ]) {
        const answer = await jsonOf(await latchkey.vend(token, body));
        expect(answer.detail).toMatch(
          /profile, durationSeconds, scope, mfa, contexts, format|^scope|^format: |^durationSeconds: /,
        );
        expect(JSON.stringify(answer)).not.toContain(token.slice(0, 20));
      }
    });

    it('says of a duration over an hour why, and what to use', async () => {
      const { detail } = await jsonOf(await latchkey.vend(await sign(), { durationSeconds: 43_200 }));
      expect(detail).toMatch(/900 to 3600.*role chaining.*\/credentials\/container/);
    });
  });

  describe('a refusal of STS', () => {
    it('is an answer and an audit event with a code of its own', async () => {
      const response = await latchkey.vend(await latchkey.issuer.sign(), { profile: 'unknown-role' });
      expect([response.status, (await jsonOf(response)).code]).toEqual([502, 'role_not_assumable']);
      expect(latchkey.audited).toMatchObject([
        {
          code: 'role_not_assumable',
          tenantId: 'acme',
          profile: 'unknown-role',
          cause: { name: 'AccessDenied' },
        },
      ]);
    });
  });

  describe('GET /whoami', () => {
    it('says who is asking and what they may use', async () => {
      const Authorization = `Bearer ${await latchkey.issuer.sign({ claims: { scope: 'vend' } })}`;
      const answer = await jsonOf(await latchkey.request('/whoami', { headers: { Authorization } }));
      expect(answer).toMatchObject({
        tenantId: 'acme',
        displayName: 'Acme',
        issuer: latchkey.issuer.url,
        subject: 'app-1',
        scopes: ['vend'],
        tokenValidUntil: expect.stringMatching(ISO),
        defaultProfile: 'app',
      });
      expect(answer.profiles.map(({ name }: { name: string }) => name)).toEqual([
        'app',
        'read-only',
        'demanding',
        'unknown-role',
      ]);
      expect(answer.profiles[2]).toMatchObject({
        method: 'assumeRole',
        route: '/credentials',
        mfa: 'none',
        requiredScopes: ['vend', 'write'],
        missingScopes: ['write'],
        durationSeconds: { default: 900, maximum: 1800 },
        scope: { folder: { description: 'a folder', pattern: '^(?:[a-z]+\\/)$', optional: false } },
      });
      expect(sts).not.toHaveBeenCalled();
    });

    it('is closed to a suspended tenant', async () => {
      const Authorization = `Bearer ${await latchkey.issuer.sign({ claims: { tenant: 'sleepy' } })}`;
      expect((await latchkey.request('/whoami', { headers: { Authorization } })).status).toBe(403);
    });
  });

  describe('the other routes', () => {
    it('GET /health', async () => {
      expect(await jsonOf(await latchkey.request('/health'))).toEqual({ status: 'ok' });
    });

    it('GET /openapi.json lists every route of the API, those of its other functions too', async () => {
      const { openapi, paths } = await jsonOf(await latchkey.request('/openapi.json'));
      expect(openapi).toMatch(/^3\.1/);
      expect(Object.keys(paths)).toEqual([
        '/credentials',
        '/credentials/container',
        '/credentials/saml',
        '/credentials/iam-user',
        '/whoami',
        '/console-session',
        '/authorization-messages/decode',
        '/health',
        '/openapi.json',
        '/.well-known/oauth-protected-resource',
        '/.well-known/openid-configuration',
        '/.well-known/jwks.json',
      ]);
    });

    it('HEAD asks for nothing, and vends nothing', async () => {
      const Authorization = `Bearer ${await latchkey.issuer.sign()}`;
      const headers = { Authorization };
      const response = await latchkey.request('/credentials/container', { method: 'HEAD', headers });
      expect(response.status).toBe(405);
      expect(sts).not.toHaveBeenCalled();
    });

    test.each([
      ['GET', '/nowhere', 404, 'not_found', null],
      ['GET', '/credentials', 405, 'method_not_allowed', 'POST'],
      ['DELETE', '/whoami', 405, 'method_not_allowed', 'GET'],
    ])('%s %s: %d', async (method, path, status, code, allow) => {
      const response = await latchkey.request(path, { method });
      expect([response.status, (await jsonOf(response)).code]).toEqual([status, code]);
      expect([response.headers.get('allow'), response.headers.get('cache-control')]).toEqual([
        allow,
        'no-store',
      ]);
    });
  });
});
