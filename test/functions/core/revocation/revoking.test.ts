import { describe, expect, it, test } from 'vitest';
import type {
  RevocationPolicyWriter,
  RevocationStore,
} from '../../../../functions/core/administration/administrative-ports.ts';
import { VendingError } from '../../../../functions/core/errors.ts';
import { type Revocation, renderRevocations } from '../../../../functions/core/revocation/revocation.ts';
import { createRevoking } from '../../../../functions/core/revocation/revoking.ts';

const ROLE = 'arn:aws:iam::111122223333:role/tenant';
const OTHER = 'arn:aws:iam::111122223333:role/other';
const FEDERATION_USER = 'arn:aws:iam::111122223333:user/latchkey/federation';
const USERS = 'arn:aws:iam::111122223333:user/latchkey/tenants/';
const SHARED = { isShared: true, policyMaxCharacters: 6000 };
const NOW = new Date('2026-11-22T10:00:00Z');
const of = (tenantId: string, before = '2026-11-22T10:00:00Z') =>
  ({ tenantId, before }) as unknown as Revocation;

/** A role's revocations and its policy, and what happens around every call of them. */
function start({
  roleArns = [ROLE],
  longSessionRoleArns = [],
}: {
  readonly roleArns?: readonly string[];
  readonly longSessionRoleArns?: readonly string[];
} = {}) {
  const stored = new Map<string, { revocations: readonly Revocation[]; version: number }>();
  const policies = new Map<string, string>();
  const calls: string[] = [];
  let around: (call: string) => void | Promise<void> = () => {};
  const enter = async (name: string) => {
    calls.push(name);
    await around(`${name} ${calls.filter((call) => call === name).length}`);
  };
  const store: RevocationStore = {
    async read(roleArn) {
      await enter('read');
      return stored.get(roleArn) ?? { revocations: [], version: 0 };
    },
    async write(roleArn, revocations, previousVersion) {
      await enter('store');
      if ((stored.get(roleArn)?.version ?? 0) !== previousVersion) throw new VendingError('write_conflict');
      stored.set(roleArn, { revocations, version: previousVersion + 1 });
    },
  };
  const writer: RevocationPolicyWriter = {
    async write(roleArn, statements) {
      await enter('policy');
      policies.set(roleArn, JSON.stringify(statements));
    },
  };
  let now = NOW;
  const waits: number[] = [];
  const revoking = createRevoking({
    store,
    writer,
    principals: {
      chainedRoleArns: roleArns,
      longSessionRoleArns,
      federationUserArn: FEDERATION_USER,
      tenantUserArnPrefix: USERS,
    },
    clock: () => now,
    wait: async (milliseconds) => void waits.push(milliseconds),
  });
  return {
    ...revoking,
    stored,
    policies,
    calls,
    waits,
    at: (instant: string) => {
      now = new Date(instant);
    },
    around: (act: typeof around) => {
      around = act;
    },
    expectCutOff: (tenantIds: readonly string[]) => {
      const statements = JSON.stringify(
        renderRevocations(
          tenantIds.map((tenantId) => of(tenantId)),
          SHARED,
        ),
      );
      expect(policies.get(ROLE)).toBe(statements);
    },
  };
}

function fits(revocations: readonly Revocation[]): boolean {
  try {
    return renderRevocations(revocations, SHARED).length > 0;
  } catch {
    return false;
  }
}

describe('a revocation', () => {
  it('is stored before it is in the policy', async () => {
    const role = start();
    await role.revoke(ROLE, of('acme'));
    expect(role.calls).toEqual(['read', 'store', 'read', 'policy', 'read']);
    role.expectCutOff(['acme']);
  });

  it('that is stored already is written to the policy once more', async () => {
    const role = start();
    await role.revoke(ROLE, of('acme'));
    role.policies.clear();
    await role.revoke(ROLE, of('acme'));
    role.expectCutOff(['acme']);
    expect(role.stored.get(ROLE)?.version).toBe(1);
  });

  it('takes along what has expired', async () => {
    const role = start();
    await role.revoke(ROLE, of('globex', '2026-11-22T08:00:00Z'));
    await role.revoke(ROLE, of('acme'));
    role.expectCutOff(['acme']);
  });

  it('is tried again when somebody else has written', async () => {
    const role = start();
    role.around((call) => {
      if (call === 'store 1') role.stored.set(ROLE, { revocations: [of('globex')], version: 7 });
    });
    await role.revoke(ROLE, of('acme'));
    role.expectCutOff(['acme', 'globex']);
    expect(role.waits).toEqual([expect.any(Number)]);
  });

  it('brings the policy up to what somebody else has stored meanwhile', async () => {
    const role = start();
    role.around((call) => {
      if (call === 'policy 1') role.stored.set(ROLE, { revocations: [of('acme'), of('globex')], version: 2 });
    });
    await role.revoke(ROLE, of('acme'));
    role.expectCutOff(['acme', 'globex']);
  });

  it("on the tenant's own user stands in the user's policy, of the last instant alone", async () => {
    const user = start();
    const arn = `${USERS}acme`;
    await user.revoke(arn, of('acme', '2026-11-22T09:00:00Z'));
    await user.revoke(arn, of('acme', '2026-11-22T08:00:00Z'));
    expect(user.policies.get(arn)).toBe(
      JSON.stringify([
        {
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: { DateLessThan: { 'aws:TokenIssueTime': '2026-11-22T09:00:00Z' } },
        },
      ]),
    );
    user.policies.clear();
    await user.sweep();
    expect([...user.policies.keys()]).toEqual([ROLE, FEDERATION_USER]);
  });

  test.each([
    ['on a role of somebody else', OTHER, 'revocation_failed'],
    ["on another tenant's user", `${USERS}globex`, 'revocation_failed'],
    ['on all users of tenants', USERS, 'revocation_failed'],
    ['on no role', '', 'revocation_failed'],
  ])('%s is refused before anything is read', async (_what, roleArn, code) => {
    const role = start();
    await expect(role.revoke(roleArn, of('acme'))).rejects.toMatchObject({
      code,
      message: expect.stringContaining('expected a role or user of this deployment'),
    });
    expect(role.calls).toEqual([]);
  });

  it('that no policy could hold is not stored', async () => {
    const role = start();
    const many = [of('acme')];
    while (fits([...many, of(`tenant-${many.length}`)])) many.push(of(`tenant-${many.length}`));
    role.stored.set(ROLE, { revocations: many, version: 3 });
    await expect(role.revoke(ROLE, of('one-too-many'))).rejects.toMatchObject({
      code: 'revocations_full',
    });
    expect(role.stored.get(ROLE)?.version).toBe(3);
  });
});

describe('a failure', () => {
  const CALLS = ['read 1', 'store 1', 'read 2', 'policy 1', 'read 3'];
  const ERRORS = [
    new VendingError('registry_unavailable'),
    new VendingError('revocation_failed'),
    new RangeError('a fault of ours'),
  ];
  test.each(CALLS.flatMap((call) => ERRORS.map((error) => [call, error] as const)))(
    'at %s (%s) is told, and a sweep leaves the policy as stored',
    async (failing, error) => {
      const role = start();
      await role.revoke(ROLE, of('globex'));
      role.calls.length = 0;
      role.around((call) => {
        if (call === failing) throw error;
      });
      await expect(role.revoke(ROLE, of('acme'))).rejects.toMatchObject({ code: 'revocation_failed' });
      role.around(() => {});
      await role.sweep();
      const isStored = !['read 1', 'store 1'].includes(failing);
      role.expectCutOff(isStored ? ['acme', 'globex'] : ['globex']);
    },
  );

  it('is told when others write each time', async () => {
    const role = start();
    role.around((call) => {
      if (call.startsWith('store')) role.stored.set(ROLE, { revocations: [], version: Math.random() });
    });
    await expect(role.revoke(ROLE, of('acme'))).rejects.toMatchObject({ code: 'revocation_failed' });
  });

  it('is told when the policy is never as stored', async () => {
    const role = start();
    role.around((call) => {
      if (call.startsWith('policy')) role.stored.set(ROLE, { revocations: [], version: Math.random() });
    });
    await expect(role.revoke(ROLE, of('acme'))).rejects.toMatchObject({ code: 'revocation_failed' });
  });
});

describe('a sweep', () => {
  it('drops what can cut off nothing any more, an hour and the tolerance after', async () => {
    const role = start();
    await role.revoke(ROLE, of('acme'));
    role.at('2026-11-22T11:04:59Z');
    await role.sweep();
    role.expectCutOff(['acme']);
    expect(role.stored.get(ROLE)?.version).toBe(1);
    role.at('2026-11-22T11:05:00Z');
    await role.sweep();
    expect(role.policies.get(ROLE)).toBe('[]');
    expect(role.stored.get(ROLE)?.revocations).toEqual([]);
  });

  it('leaves on a role of longer sessions what cuts off sessions of 12 hours', async () => {
    const role = start({ longSessionRoleArns: [ROLE] });
    await role.revoke(ROLE, of('acme'));
    role.at('2026-11-22T22:04:59Z');
    await role.sweep();
    role.expectCutOff(['acme']);
    role.at('2026-11-22T22:05:00Z');
    await role.sweep();
    expect(role.policies.get(ROLE)).toBe('[]');
  });

  it('writes the policy anew although nothing is to be dropped', async () => {
    const role = start();
    await role.revoke(ROLE, of('acme'));
    role.policies.clear();
    await role.sweep();
    role.expectCutOff(['acme']);
  });

  it('goes on after the failure of one role, and tells it', async () => {
    const role = start({ roleArns: [OTHER, ROLE] });
    await role.revoke(ROLE, of('acme'));
    role.policies.clear();
    role.calls.length = 0;
    role.around((call) => {
      if (call === 'read 1') throw new VendingError('registry_unavailable');
    });
    await expect(role.sweep()).rejects.toMatchObject({ code: 'revocation_failed' });
    role.expectCutOff(['acme']);
  });
});
