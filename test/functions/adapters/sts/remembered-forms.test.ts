import { beforeEach, describe, expect, it, test } from 'vitest';
import { REMEMBER_FORM_SECONDS, rememberForms } from '../../../../functions/adapters/sts/remembered-forms.ts';
import { startDeadline } from '../../../../functions/core/deadline.ts';
import { VendingError } from '../../../../functions/core/errors.ts';
import { decideGrant, type Grant } from '../../../../functions/core/grant/grant.ts';
import { wholeForm } from '../../../../functions/core/grant/grant-form.ts';
import { secret } from '../../../../functions/core/secret.ts';
import { sampleCaller, clock as sampleClock, sampleProfile, sampleTenant } from '../../core/sample.ts';

const profile = sampleProfile({
  tags: { Plan: '{{tenant.attributes.plan}}', Team: '{{tenant.attributes.team}}' },
  droppableTags: ['Team', 'Plan'],
});
const grantFor = (tenantId = 'acme', changes: Partial<Grant> = {}): Grant => ({
  ...decideGrant(
    sampleCaller(),
    sampleTenant({ attributes: { plan: 'gold', team: 'blue' } }, { tenantId }),
    profile,
    {},
    sampleClock,
  ),
  ...changes,
});

let now: number;
/** Of each try: how many tags it had, and whether its policy was in full. */
let tries: string[];
/** STS takes sessions of so many tags. */
let room: number;
beforeEach(() => {
  now = 1_800_000_000_000;
  tries = [];
  room = 1;
});

const remembering = () =>
  rememberForms(
    {
      assume: async (grant) => {
        tries.push(`${grant.tags.length}${grant.policy.includes('Sid') ? ' in full' : ''}`);
        if (grant.tags.length > room || grant.policy.includes('Sid'))
          throw new VendingError('packed_policy_too_large');
        return { form: wholeForm(grant) } as never;
      },
    },
    () => new Date(now),
  );
const vend = (assumer: ReturnType<typeof remembering>, grant = grantFor()) =>
  assumer.assume(grant, secret('token'), startDeadline(1000));
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'granted',
    (error: VendingError) => error.code,
  );

describe('a grant that STS finds too large', () => {
  it('is asked for in smaller and smaller forms, and the answer says in which', async () => {
    const { form } = await vend(remembering());
    expect(tries).toEqual(['3 in full', '3', '2', '1']);
    expect([form.droppedTags, form.tags.map(({ key }) => key)]).toEqual([['Team', 'Plan'], ['TenantId']]);
  });

  it('is asked for in the form that was taken, the next time', async () => {
    const assumer = remembering();
    await vend(assumer);
    tries = [];
    await vend(assumer);
    expect(tries).toEqual(['1']);
    now += REMEMBER_FORM_SECONDS * 1000;
    await vend(assumer);
    expect(tries).toEqual(['1', '3 in full', '3', '2', '1']);
  });

  it('says nothing of another tenant, profile, policy or other tags', async () => {
    const assumer = remembering();
    await vend(assumer);
    const narrower = grantFor().policy.replace('/acme/', '/acme/reports/');
    for (const other of [
      grantFor('globex'),
      grantFor('acme', { profile: 'other' }),
      grantFor('acme', { policy: narrower }),
      grantFor('acme', { tags: grantFor().tags.slice(0, 2) }),
    ]) {
      tries = [];
      await vend(assumer, other);
      expect(tries[0]).toMatch(/ in full$/);
    }
  });

  it('is refused when the smallest form is too large', async () => {
    room = 0;
    const assumer = remembering();
    expect(await codeOf(vend(assumer))).toBe('packed_policy_too_large');
    expect(tries).toHaveLength(4);
    // And not asked for again for a while.
    expect(await codeOf(vend(assumer))).toBe('packed_policy_too_large');
    expect(tries).toHaveLength(4);
    now += REMEMBER_FORM_SECONDS * 1000;
    expect(await codeOf(vend(assumer))).toBe('packed_policy_too_large');
    expect(tries).toHaveLength(8);
  });

  it('with an MFA code is asked for once, and smaller with the next code', async () => {
    room = 3;
    const assumer = remembering();
    const grant = grantFor('acme', { mfa: { serialNumber: 'device', tokenCode: secret('123456') } });
    expect(await codeOf(vend(assumer, grant))).toBe('packed_policy_too_large');
    expect(await codeOf(vend(assumer, grant))).toBe('granted');
    expect(tries).toEqual(['3 in full', '3']);
  });
});

test('another refusal ends it at once', async () => {
  const assumer = rememberForms(
    {
      assume: async () => {
        tries.push('asked');
        throw new VendingError('role_not_assumable');
      },
    },
    () => new Date(now),
  );
  expect(await codeOf(vend(assumer))).toBe('role_not_assumable');
  expect(tries).toHaveLength(1);
});
