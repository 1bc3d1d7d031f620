import { beforeEach, describe, expect, it, test } from 'vitest';
import {
  REMEMBER_DENIAL_SECONDS,
  rememberDenials,
} from '../../../../functions/adapters/sts/remembered-denials.ts';
import { startDeadline } from '../../../../functions/core/deadline.ts';
import { type ErrorCode, VendingError } from '../../../../functions/core/errors.ts';
import { decideGrant, type Grant } from '../../../../functions/core/grant/grant.ts';
import { secret } from '../../../../functions/core/secret.ts';
import { sampleCaller, clock as sampleClock, sampleProfile, sampleTenant } from '../../core/sample.ts';

let now: number;
let asked: Grant[];
let answer: ErrorCode;
beforeEach(() => {
  now = 1_800_000_000_000;
  asked = [];
  answer = 'role_not_assumable';
});

const remembering = () =>
  rememberDenials(
    {
      assume: async (grant) => {
        asked.push(grant);
        throw new VendingError(answer);
      },
    },
    () => new Date(now),
  );
const grant = (changes: Partial<Grant> = {}): Grant => ({
  ...decideGrant(sampleCaller(), sampleTenant(), sampleProfile(), {}, sampleClock),
  ...changes,
});
const SIGNED: Partial<Grant> = { method: 'webIdentity', webIdentityToken: 'latchkey' };
const mfa = (tokenCode: string): Partial<Grant> => ({
  mfa: { serialNumber: 'device', tokenCode: secret(tokenCode) },
});
const contextOf = (providerArn: string, assertion = 'assertion') => ({
  providerArn,
  contextAssertion: secret(assertion),
});
const failureOf = (assumer: ReturnType<typeof remembering>, changes: Partial<Grant> = {}, token = 'token') =>
  assumer.assume(grant(changes), secret(token), startDeadline(1000)).then(
    () => {
      throw new Error('got credentials');
    },
    (error: VendingError) => error,
  );

describe('a refusal of STS', () => {
  test.each<ErrorCode>(['role_not_assumable', 'tag_session_denied', 'source_identity_denied'])(
    '%s is not asked for again, and says when it will be',
    async (code) => {
      answer = code;
      const assumer = remembering();
      expect((await failureOf(assumer)).retryAfterSeconds).toBeUndefined();
      now += 2500;
      expect(await failureOf(assumer)).toMatchObject({
        code,
        retryAfterSeconds: REMEMBER_DENIAL_SECONDS - 2,
      });
      expect(asked).toHaveLength(1);
      now += REMEMBER_DENIAL_SECONDS * 1000 - 2500;
      await failureOf(assumer);
      expect(asked).toHaveLength(2);
    },
  );

  test.each<ErrorCode>([
    'sts_unavailable',
    'sts_throttled',
    'packed_policy_too_large',
    'identity_refused',
    'token_expired',
    'mfa_refused',
    'issuer_off',
    'signing_unavailable',
  ])('%s is no refusal of the role: it is asked for again', async (code) => {
    answer = code;
    const assumer = remembering();
    await failureOf(assumer);
    await failureOf(assumer);
    expect(asked).toHaveLength(2);
  });

  test.each<[string, Partial<Grant>]>([
    ['tenant', { tenantId: sampleTenant({}, { tenantId: 'globex' }).tenantId }],
    ['role', { roleArn: 'arn:aws:iam::444455556666:role/other' }],
    ['external id', { externalId: 'other' }],
    ['tag', { tags: [{ key: 'TenantId', value: 'other' }] }],
    ['source identity', { sourceIdentity: 'other' }],
    ['session', { roleSessionName: 'acme.other' }],
    ['transitive key', { transitiveTagKeys: ['TenantId'] }],
    ['method', { method: 'webIdentity' }],
    ['kind of token', { webIdentityToken: 'latchkey' }],
    ['user', { userArn: 'arn:aws:iam::111122223333:user/acme' }],
    ['SAML provider', { samlProviderArn: 'arn:aws:iam::111122223333:saml-provider/acme' }],
    ['way to show oneself: with MFA', { mfa: { serialNumber: 'device', tokenCode: secret('123456') } }],
    ['context provider', { contexts: [contextOf('other')] }],
  ])('is not held against another %s', async (_what, changes) => {
    const assumer = remembering();
    await failureOf(assumer);
    await failureOf(assumer, changes);
    expect(asked).toHaveLength(2);
  });

  test.each<[string, Partial<Grant>]>([
    ['their own token', { method: 'webIdentity', webIdentityToken: 'caller' }],
    ['an assertion', { method: 'saml', samlProviderArn: 'arn:aws:iam::111122223333:saml-provider/acme' }],
  ])(
    'is not held against who comes with another one, where the role sees into %s',
    async (_what, changes) => {
      const assumer = remembering();
      await failureOf(assumer, changes, 'token-1');
      await failureOf(assumer, changes, 'token-2');
      expect(asked).toHaveLength(2);
      await failureOf(assumer, changes, 'token-2');
      expect(asked).toHaveLength(2);
    },
  );

  test.each([
    ['another context of the same provider', contextOf('provider', 'other')],
    ['the same of another provider', contextOf('other', 'one')],
  ])('is not held against %s', async (_what, context) => {
    const assumer = remembering();
    await failureOf(assumer, { contexts: [contextOf('provider', 'one')] });
    await failureOf(assumer, { contexts: [context] });
    expect(asked).toHaveLength(2);
  });

  test.each<[string, Partial<Grant>, Partial<Grant>]>([
    ['token', {}, {}],
    ['token of Latchkey', SIGNED, SIGNED],
    ['MFA code', mfa('111111'), mfa('222222')],
    ['policy', {}, { policy: '{}' }],
  ])('holds whatever the %s is that the role does not see', async (_what, first, second) => {
    const assumer = remembering();
    await failureOf(assumer, first, 'token-1');
    await failureOf(assumer, second, 'token-2');
    expect(asked).toHaveLength(1);
  });

  it('does not last when the clock is set back', async () => {
    const assumer = remembering();
    await failureOf(assumer);
    now -= 3_600_000;
    await failureOf(assumer);
    expect(asked).toHaveLength(2);
  });
});
