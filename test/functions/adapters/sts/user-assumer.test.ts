import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { startDeadline } from '../../../../functions/core/deadline.ts';
import { decideGrant, type Grant } from '../../../../functions/core/grant/grant.ts';
import type { VendRequest } from '../../../../functions/core/grant/vend-request.ts';
import type { RoleAssumer } from '../../../../functions/core/ports.ts';
import { parseProfiles } from '../../../../functions/core/profile/profile.ts';
import { secret } from '../../../../functions/core/secret.ts';
import { clock, RESOURCES, sampleCaller, sampleTenant } from '../../core/sample.ts';
import { deviceOf, type LocalUsers, PROFILES, startUsers, userArn } from '../../iam-user/start-users.ts';

let local: LocalUsers;
let assumer: RoleAssumer;
beforeAll(async () => {
  local = await startUsers();
});
afterAll(() => local.close());
beforeEach(() => {
  local.reactivate();
  for (const name of ['acme', 'globex', 'federation']) local.store(name, local.keysFor(name));
  local.asked.length = 0;
  local.instead.length = 0;
  assumer = local.createAssumer();
});

const profiles = parseProfiles(Object.values(PROFILES), RESOURCES);

function grantOf(profile: string, request: VendRequest = {}, changes: Partial<Grant> = {}): Grant {
  const tenant = sampleTenant({ profiles: Object.keys(PROFILES) });
  return {
    ...decideGrant(sampleCaller(), tenant, profiles.get(profile), { profile, ...request }, clock),
    ...changes,
  };
}
const mfaOf = (tenantId = 'acme', tokenCode = local.code(tenantId)) => ({
  mfa: { serialNumber: deviceOf(tenantId), tokenCode: secret(tokenCode) },
});
const assume = (grant: Grant) => assumer.assume(grant, secret('a.b.c'), startDeadline(1900));
const failureOf = (grant: Grant) =>
  assume(grant).then(
    () => ({ code: 'vended', message: '' }),
    ({ code, message }) => ({ code, message }),
  );
const codeOf = async (grant: Grant) => (await failureOf(grant)).code;

/** Asked of STS, without what only asks who somebody is. */
const made = () => local.asked.filter((action) => !/^GetCallerIdentity|^GetSecretValue/.test(action));
const stsError =
  (code: string, status: number, message = 'x') =>
  () =>
    new Response(
      `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
      { status },
    );
/** STS's next answer to anything but GetCallerIdentity. */
const answerNext = (answer: () => Response) => {
  const wait = (action: string): Response | undefined => {
    if (action !== 'GetCallerIdentity' && action !== 'GetSecretValue') return answer();
    local.instead.unshift(wait);
    return undefined;
  };
  local.instead.push(wait);
};

describe('an IAM user', () => {
  it('makes a federated user: with policy, tags and duration', async () => {
    const grant = grantOf('federated', { durationSeconds: 129_600 });
    const vended = await assume(grant);
    const session = local.sessions.get(vended.accessKeyId);
    expect(session).toMatchObject({
      kind: 'federatedUser',
      entityArn: RESOURCES.federationUserArn,
      tags: { TenantId: 'acme' },
      credentials: { expiration: vended.expiration },
    });
    expect(session?.sessionPolicies).toHaveLength(1);
    expect(vended.expiration.getTime() - (session?.issuedAt.getTime() ?? 0)).toBeGreaterThan(129_598_000);
    expect(vended.federatedUser).toEqual({
      arn: `arn:aws:sts::111122223333:federated-user/${grant.roleSessionName}`,
      federatedUserId: `111122223333:${grant.roleSessionName}`,
    });
    expect([vended.assumedRoleUser, vended.user]).toEqual([undefined, undefined]);
  });

  it('makes a session of its own, and says whose it is', async () => {
    const vended = await assume(grantOf('session', { durationSeconds: 129_600 }));
    const session = local.sessions.get(vended.accessKeyId);
    expect(session).toMatchObject({
      kind: 'userSession',
      entityArn: userArn('acme'),
      mfaAuthenticatedAt: undefined,
    });
    expect(vended.user).toEqual({ arn: userArn('acme'), userId: session?.userId });
    expect(vended.expiration.getTime() - (session?.issuedAt.getTime() ?? 0)).toBeGreaterThan(129_598_000);
    expect(vended.sessionToken.reveal()).toBe(session?.credentials.sessionToken);
  });

  it('makes one with a code', async () => {
    const vended = await assume(grantOf('mfa-session', mfaOf()));
    expect(local.sessions.get(vended.accessKeyId)?.mfaAuthenticatedAt).toBeInstanceOf(Date);
  });

  it('assumes a role with a code, for more than an hour: nothing is chained', async () => {
    const vended = await assume(grantOf('mfa-role', { ...mfaOf(), durationSeconds: 43_200 }));
    const session = local.sessions.get(vended.accessKeyId);
    expect(session).toMatchObject({
      kind: 'assumedRole',
      entityArn: RESOURCES.mfaRoleArn,
      tags: { TenantId: 'acme' },
      chained: false,
    });
    expect(session?.sessionPolicies).toHaveLength(1);
    expect(vended.assumedRoleUser?.arn).toContain('/acme.');
  });

  it('is asked who it is once, until its keys change', async () => {
    for (let count = 0; count < 3; count += 1) await assume(grantOf('federated'));
    expect(local.asked).toEqual([
      'GetSecretValue',
      'GetCallerIdentity',
      ...Array<string>(3).fill('GetFederationToken'),
    ]);
  });
});

describe('what no IAM user is asked for', () => {
  test.each<[string, string, Partial<Grant>]>([
    ['a session without a user', 'session', { userArn: undefined }],
    ['a role without a code', 'mfa-role', { mfa: undefined }],
    ['a token', 'session', { method: 'webIdentity' }],
    ['an assertion', 'session', { method: 'saml' }],
  ])('%s', async (_what, profile, changes) => {
    const request = profile === 'mfa-role' ? mfaOf('acme', '123456') : {};
    expect(await codeOf(grantOf(profile, request, changes))).toBe('internal_error');
    expect(local.asked).toEqual([]);
  });

  it('a federated user without a policy: only policies of resources would bound it', async () => {
    expect(await codeOf(grantOf('federated', {}, { policy: '' }))).toBe('policy_unrenderable');
    expect(made()).toEqual([]);
  });
});

describe("another user's keys under this one's name", () => {
  test.each(['session', 'mfa-session', 'mfa-role'])('%s: nothing is asked with them', async (profile) => {
    local.store('acme', local.keysFor('globex'));
    const request = profile === 'session' ? {} : mfaOf('globex');
    expect(await codeOf(grantOf(profile, request))).toBe('user_mismatch');
    expect(made()).toEqual([]);
  });

  it('federated: neither', async () => {
    local.store('federation', local.keysFor('acme'));
    expect(await codeOf(grantOf('federated'))).toBe('user_mismatch');
    expect(made()).toEqual([]);
  });

  it('that come by a rotation are found as well', async () => {
    await assume(grantOf('session'));
    local.store('acme', local.keysFor('globex'));
    local.pass(60);
    expect(await codeOf(grantOf('session'))).toBe('user_mismatch');
    expect(made()).toEqual(['GetSessionToken']);
  });

  it('are not used although the user of the same name in another account is asked for', async () => {
    const elsewhere = userArn('acme').replace('111122223333', '444455556666');
    expect(await codeOf(grantOf('session', {}, { userArn: elsewhere }))).toBe('user_mismatch');
    expect(made()).toEqual([]);
  });
});

describe('an answer of STS', () => {
  it('with a session of another user is not passed on', async () => {
    const globex = await assume(grantOf('session', {}, { userArn: userArn('globex') }));
    answerNext(() =>
      answerOf(
        'GetSessionToken',
        '',
        globex.accessKeyId,
        globex.secretAccessKey.reveal(),
        globex.sessionToken.reveal(),
      ),
    );
    expect(await codeOf(grantOf('session'))).toBe('user_mismatch');
  });

  test.each([
    ['another name', 'arn:aws:sts::111122223333:federated-user/globex.x'],
    ['a name that only ends alike', 'arn:aws:sts::111122223333:federated-user/x'],
    ['none', ''],
  ])('with a federated user of %s is not passed on', async (_what, arn) => {
    const user = `<FederatedUser><Arn>${arn}</Arn><FederatedUserId>1:x</FederatedUserId></FederatedUser>`;
    for (let count = 0; count < 2; count += 1) answerNext(() => answerOf('GetFederationToken', user));
    expect(await codeOf(grantOf('federated'))).toBe('sts_unavailable');
  });
});

function answerOf(action: string, more: string, id = 'ASIAX', key = 'x', token = 'x'): Response {
  return new Response(
    `<${action}Response><${action}Result>${more}<Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>${key}</SecretAccessKey><SessionToken>${token}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></${action}Result></${action}Response>`,
  );
}

describe('keys that AWS refuses', () => {
  it('are read once more: after a rotation, nobody is refused', async () => {
    await assume(grantOf('session'));
    local.deactivate('acme');
    local.store('acme', local.keysFor('acme', 2));
    const vended = await assume(grantOf('mfa-session', mfaOf()));
    expect(local.sessions.get(vended.accessKeyId)?.entityArn).toBe(userArn('acme'));
  });

  it('and are still the same', async () => {
    local.deactivate('acme');
    const { code, message } = await failureOf(grantOf('session'));
    expect([code, message]).toEqual(['user_keys_unavailable', expect.stringContaining('AWS refuses')]);
    expect(local.asked).toEqual(['GetSecretValue', 'GetCallerIdentity', 'GetSecretValue']);
  });

  it('and others as well', async () => {
    await assume(grantOf('session'));
    for (const number of [1, 2]) local.deactivate('acme', number);
    local.store('acme', local.keysFor('acme', 2));
    expect(await codeOf(grantOf('session'))).toBe('user_keys_unavailable');
    expect(local.asked.filter((action) => action === 'GetSecretValue')).toHaveLength(2);
  });

  it('are in no cause, although STS may repeat them', async () => {
    const { secretAccessKey } = local.keysFor('acme');
    answerNext(stsError('ValidationError', 400, secretAccessKey));
    const { code, cause } = await assume(grantOf('session')).catch((error) => error);
    expect([code, cause.message]).toEqual(['sts_rejected', 'left out: it repeats a part of a secret']);
  });

  it('with a secret that is not theirs', async () => {
    local.store('acme', { ...local.keysFor('acme'), secretAccessKey: 'another+secret/of/acme' });
    expect(await codeOf(grantOf('session'))).toBe('user_keys_unavailable');
  });

  it('with a secret that is theirs by now', async () => {
    local.store('acme', { ...local.keysFor('acme'), secretAccessKey: 'another+secret/of/acme' });
    await failureOf(grantOf('session'));
    local.store('acme', local.keysFor('acme'));
    expect(await codeOf(grantOf('session'))).toBe('vended');
  });
});

describe('a code', () => {
  test.each(['mfa-session', 'mfa-role'])(
    '%s: is in no cause, although STS may repeat it',
    async (profile) => {
      answerNext(stsError('ValidationError', 400, "Value '123456' at 'tokenCode'"));
      const failure = await assume(grantOf(profile, mfaOf('acme', '123456'))).catch((error) => error);
      expect(failure.cause.message).toBe('left out: it repeats a part of a secret');
    },
  );

  test.each(['mfa-session', 'mfa-role'])('%s: is good once', async (profile) => {
    const mfa = mfaOf();
    expect(await codeOf(grantOf(profile, mfa))).toBe('vended');
    expect(await codeOf(grantOf(profile, mfa))).toBe('mfa_refused');
  });

  test.each<[string, () => VendRequest]>([
    ['that is wrong', () => mfaOf('acme', '000000')],
    ["of another user's device", () => mfaOf('globex')],
    [
      'of a device that there is not',
      () => ({ mfa: { serialNumber: 'GAHT12345678', tokenCode: secret('123456') } }),
    ],
  ])('%s is refused after one request', async (_what, request) => {
    for (const profile of ['mfa-session', 'mfa-role'])
      expect(await codeOf(grantOf(profile, request()))).toBe('mfa_refused');
    expect(made()).toEqual(['GetSessionToken', 'AssumeRole']);
  });

  test.each<[string, () => Response, string]>([
    ['has an outage', () => new Response('', { status: 503 }), 'sts_unavailable'],
    ['throttles', stsError('Throttling', 400), 'sts_throttled'],
    ['answers with half of it', () => answerOf('GetSessionToken', '', ''), 'sts_unavailable'],
  ])('is not sent a second time to an STS that %s', async (_what, answer, code) => {
    for (const profile of ['mfa-session', 'mfa-role']) {
      local.asked.length = 0;
      answerNext(answer);
      expect(await codeOf(grantOf(profile, mfaOf()))).toBe(code);
      expect(made()).toHaveLength(1);
    }
  });

  it('is not there: what has failed is asked a second time', async () => {
    answerNext(stsError('Throttling', 400));
    expect(await codeOf(grantOf('session'))).toBe('vended');
    expect(made()).toHaveLength(2);
  });
});

describe('a refusal of STS', () => {
  test.each<[string, string, [string, number, string], string, string]>([
    [
      'federated',
      'GetFederationToken',
      ['AccessDenied', 403, 'User: x is not authorized to perform: sts:GetFederationToken'],
      'sts_rejected',
      'the IAM user',
    ],
    [
      'federated',
      'tags',
      ['AccessDenied', 403, 'User: x is not authorized to perform: sts:TagSession'],
      'tag_session_denied',
      'the IAM user',
    ],
    ['federated', 'size', ['PackedPolicyTooLarge', 400, '120%'], 'packed_policy_too_large', '120%'],
    ['session', 'all', ['AccessDenied', 403, 'an explicit deny'], 'sts_rejected', 'the IAM user'],
    ['session', 'the Region', ['RegionDisabledException', 403, 'x'], 'role_not_assumable', 'switched off'],
    ['session', 'something', ['ValidationError', 400, 'x'], 'sts_rejected', ''],
  ])('%s, of %s', async (profile, _what, error, code, words) => {
    answerNext(stsError(...error));
    const failure = await failureOf(grantOf(profile));
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(words);
  });

  it("of a role says that it is the role's, and that the code was good", async () => {
    answerNext(stsError('AccessDenied', 403, 'x is not authorized to perform: sts:AssumeRole'));
    expect(await codeOf(grantOf('mfa-role', mfaOf()))).toBe('role_not_assumable');
  });

  it("of a role that trusts another tenant's user", async () => {
    const grant = grantOf('mfa-role', mfaOf(), { tags: [{ key: 'TenantId', value: 'globex' }] });
    expect(await codeOf(grant)).toBe('role_not_assumable');
  });
});
