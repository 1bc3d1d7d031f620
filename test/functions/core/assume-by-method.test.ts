import { describe, expect, it, test } from 'vitest';
import { assumeByMethod } from '../../../functions/core/assume-by-method.ts';
import { startDeadline } from '../../../functions/core/deadline.ts';
import { decideGrant, type Grant } from '../../../functions/core/grant/grant.ts';
import { METHODS } from '../../../functions/core/grant/method.ts';
import type { RoleAssumer } from '../../../functions/core/ports.ts';
import { secret } from '../../../functions/core/secret.ts';
import { clock, sampleCaller, sampleProfile, sampleTenant } from './sample.ts';

const grant = (changes: Partial<Grant>): Grant => ({
  ...decideGrant(sampleCaller(), sampleTenant(), sampleProfile(), {}, clock),
  ...changes,
});
const answering = (answer: unknown): RoleAssumer => ({ assume: async () => answer as never });
const assumer = assumeByMethod({ assumeRole: answering('role'), webIdentity: answering('identity') });
const assume = (changes: Partial<Grant>) =>
  assumer.assume(grant(changes), secret('token'), startDeadline(1000));

describe('a grant', () => {
  it('is asked for by its method', async () => {
    expect(await assume({ method: 'assumeRole' })).toBe('role');
    expect(await assume({ method: 'webIdentity' })).toBe('identity');
  });

  test.each(METHODS.filter((method) => method !== 'assumeRole' && method !== 'webIdentity'))(
    'by %s is asked for by no other one instead',
    async (method) => {
      await expect(assume({ method })).rejects.toMatchObject({ code: 'internal_error' });
    },
  );

  it('is handed on with the token and the deadline, as it is', async () => {
    const given: unknown[] = [];
    const passing = assumeByMethod({
      assumeRole: {
        async assume(...all) {
          given.push(...all);
          return undefined as never;
        },
      },
    });
    const all = [grant({}), secret('token'), startDeadline(1000)] as const;
    await passing.assume(...all);
    expect(given.map((each, index) => each === all[index])).toEqual([true, true, true]);
  });
});
