import { beforeEach, describe, expect, it, test } from 'vitest';
import {
  REMEMBER_DENIAL_SECONDS,
  rememberDenials,
} from '../../../../functions/adapters/sts/remembered-denials.ts';
import { startDeadline } from '../../../../functions/core/deadline.ts';
import { type ErrorCode, VendingError } from '../../../../functions/core/errors.ts';
import { decideGrant, type Grant } from '../../../../functions/core/grant/grant.ts';
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
const failureOf = (assumer: ReturnType<typeof remembering>, changes: Partial<Grant> = {}) =>
  assumer.assume(grant(changes), startDeadline(1000)).then(
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

  test.each<ErrorCode>(['sts_unavailable', 'sts_throttled', 'packed_policy_too_large'])(
    '%s is no refusal of the role: it is asked for again',
    async (code) => {
      answer = code;
      const assumer = remembering();
      await failureOf(assumer);
      await failureOf(assumer);
      expect(asked).toHaveLength(2);
    },
  );

  test.each<[string, Partial<Grant>]>([
    ['tenant', { tenantId: sampleTenant({}, { tenantId: 'globex' }).tenantId }],
    ['role', { roleArn: 'arn:aws:iam::444455556666:role/other' }],
    ['external id', { externalId: 'other' }],
    ['tag', { tags: [{ key: 'TenantId', value: 'other' }] }],
    ['source identity', { sourceIdentity: 'other' }],
    ['session', { roleSessionName: 'acme.other' }],
  ])('is not held against another %s', async (_what, changes) => {
    const assumer = remembering();
    await failureOf(assumer);
    await failureOf(assumer, changes);
    expect(asked).toHaveLength(2);
  });

  it('does not last when the clock is set back', async () => {
    const assumer = remembering();
    await failureOf(assumer);
    now -= 3_600_000;
    await failureOf(assumer);
    expect(asked).toHaveLength(2);
  });
});
