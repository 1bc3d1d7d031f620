import { beforeEach, describe, expect, it, test } from 'vitest';
import type { AuditEvent } from '../../../functions/core/audit-event.ts';
import { VendingError } from '../../../functions/core/errors.ts';
import type { PresentedToken } from '../../../functions/core/token/presented-token.ts';
import { createVending, type VendingDependencies } from '../../../functions/core/vending.ts';
import { bearer, clock, sampleCaller, sampleProfile, sampleTenant } from './sample.ts';
import { sampleCredentials } from './sample-credentials.ts';

let audited: AuditEvent[];
beforeEach(() => {
  audited = [];
});

const credentials = sampleCredentials();

function vending(changes: Partial<VendingDependencies<PresentedToken>> = {}) {
  return createVending({
    function: 'vend',
    verifier: { verify: async () => sampleCaller() },
    registry: { findIssuer: async () => undefined, findTenant: async () => sampleTenant() },
    profiles: { profilesOf: () => new Map([['app', sampleProfile()]]) },
    throttle: { admit: async () => 'together' },
    assumer: { assume: async () => credentials },
    auditLog: { record: (event) => void audited.push(event) },
    clock,
    deadlineMilliseconds: 1000,
    ...changes,
  });
}

const attempt = { vendId: 'v-1', token: () => bearer('a.b.c'), request: async () => ({}) };

describe('a vend', () => {
  it('is not handed out when it cannot be written down', async () => {
    const auditLog = {
      record: () => {
        throw new Error('the disk is full');
      },
    };
    await expect(vending({ auditLog }).vend({ ...attempt, present: () => 'credentials' })).rejects.toThrow();
  });

  it('that cannot be presented is written down as failed, not as granted', async () => {
    const present = () => {
      throw new TypeError('x');
    };
    await expect(vending().vend({ ...attempt, present })).rejects.toMatchObject({ code: 'internal_error' });
    expect(audited).toMatchObject([{ code: 'internal_error', tenantId: 'acme', accessKeyId: 'ASIAEXAMPLE' }]);
  });

  it('that is refused names the profile, if there is one, and never a name that the caller made up', async () => {
    const request = (profile: string) => ({
      ...attempt,
      request: async () => ({ profile, durationSeconds: 1 }),
      present: () => '',
    });
    await expect(vending().vend(request('app'))).rejects.toMatchObject({ code: 'duration_out_of_range' });
    await expect(vending().vend(request('made-up'))).rejects.toMatchObject({ code: 'profile_not_granted' });
    expect(audited.map(({ profile }) => profile)).toEqual(['app', undefined]);
  });

  it('says so when its limits were counted by this instance alone', async () => {
    for (const counted of ['together', 'alone'] as const)
      await vending({ throttle: { admit: async () => counted } }).vend({ ...attempt, present: () => '' });
    expect(audited.map(({ limits }) => limits)).toEqual([undefined, 'alone']);
  });

  it('that could not be answered with is refused before it counts and before STS is asked', async () => {
    const touched: string[] = [];
    const touch = <T>(what: string, answer: T) => {
      touched.push(what);
      return answer;
    };
    const changes: Partial<VendingDependencies<PresentedToken>> = {
      throttle: { admit: async () => touch('throttle', 'together') },
      assumer: { assume: async () => touch('sts', credentials) },
    };
    const accept = () => {
      throw new VendingError('destination_invalid');
    };
    const refused = vending(changes).vend({
      ...attempt,
      operation: 'console_session',
      accept,
      present: () => '',
    });
    await expect(refused).rejects.toMatchObject({ code: 'destination_invalid' });
    expect(touched).toEqual([]);
    expect(audited).toMatchObject([
      { operation: 'console_session', code: 'destination_invalid', tenantId: 'acme', profile: 'app' },
    ]);
  });

  test.each(['saml', 'iam-user'] as const)(
    'of the function %s makes nothing of another’s profile',
    async (name) => {
      const vended = vending({ function: name }).vend({ ...attempt, present: () => '' });
      await expect(vended).rejects.toMatchObject({
        code: 'profile_elsewhere',
        message: 'this profile is vended by POST /credentials',
      });
    },
  );

  it('leaves no secret in its event', async () => {
    await vending().vend({ ...attempt, present: () => '' });
    expect(JSON.stringify(audited)).not.toMatch(/secret|session-token|a\.b\.c|user-1/);
  });
});
