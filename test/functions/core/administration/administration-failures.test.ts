import { describe, expect, test } from 'vitest';
import type { Administration } from '../../../../functions/core/administration/administration.ts';
import { parseTenantRecord, type TenantRecord } from '../../../../functions/core/tenant/tenant-record.ts';
import { sampleTenantDefinition } from '../sample.ts';
import { ACME, ACT, sampleAdministration, sampleEvent } from './sample-administration.ts';

interface Operation {
  readonly prepare?: (administration: Administration) => Promise<unknown>;
  readonly call: (administration: Administration) => Promise<unknown>;
}

const put = (displayName: string) => (administration: Administration) =>
  administration.putTenant(ACT, ACME, sampleTenantDefinition({ displayName }), 'any');
const event =
  (...of: Parameters<typeof sampleEvent>) =>
  (administration: Administration) =>
    administration.applyEvent(ACT, sampleEvent(...of));
const onboard = event('onboard', 1);

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'putTenant, a new one': { call: put('Acme') },
  'putTenant, one that is there': { prepare: put('Acme'), call: put('Acme 2') },
  suspendTenant: { prepare: put('Acme'), call: (a) => a.suspendTenant(ACT, ACME, 'any') },
  resumeTenant: {
    prepare: async (a) => {
      await put('Acme')(a);
      await a.suspendTenant(ACT, ACME, 'any');
    },
    call: (a) => a.resumeTenant(ACT, ACME, 'any'),
  },
  revokeSessions: { prepare: put('Acme'), call: (a) => a.revokeSessions(ACT, ACME) },
  offboardTenant: { prepare: put('Acme'), call: (a) => a.offboardTenant(ACT, ACME, 'any') },
  'verifyTenant, of an onboarding': {
    // Known to events, and not verified yet.
    prepare: async (a) => {
      await event('suspend', 1)(a);
      await put('Acme')(a);
    },
    call: (a) => a.verifyTenant(ACT, ACME),
  },
  roleTemplate: { prepare: put('Acme'), call: (a) => a.roleTemplate(ACT, ACME) },
  'event: onboard': { call: onboard },
  'event: update': { prepare: onboard, call: event('update', 2, { profiles: ['app', 'other'] }) },
  'event: suspend': { prepare: onboard, call: event('suspend', 2, { revokeSessions: true }) },
  'event: resume': {
    prepare: async (a) => {
      await onboard(a);
      await event('suspend', 2)(a);
    },
    call: event('resume', 3),
  },
  'event: offboard': { prepare: onboard, call: event('offboard', 2) },
};

/** What an operation leaves behind that somebody could tell, whatever the way there was. */
interface Outcome {
  readonly record: unknown;
  readonly said: readonly string[];
  readonly revoked: unknown;
}

/** Runs an operation until it succeeds, with a fault at the n-th call to the outside of the first try. */
async function run({ prepare, call }: Operation, faultAt = -1, fault: 'before' | 'after' = 'before') {
  const { administration, store, world, types, announced, revoked } = sampleAdministration({
    createExternalId: () => 'x'.repeat(43),
  });
  await prepare?.(administration);
  announced.length = 0;
  const before = store.tenants.get(ACME);
  let calls = 0;
  world.fault = () => (calls++ === faultAt ? fault : undefined);
  const failure = await call(administration).then(
    () => undefined,
    (error: { code?: string }) => error.code,
  );
  const between = store.tenants.get(ACME);
  const made = calls;
  world.fault = () => undefined;
  if (failure !== undefined) await call(administration);
  const outcome: Outcome = {
    record: essence(store.tenants.get(ACME)),
    said: [...new Set(types())].sort(),
    revoked: Object.fromEntries(revoked),
  };
  return { before, between, failure, calls: made, outcome };
}

function essence(record: TenantRecord | undefined): unknown {
  if (record === undefined) return undefined;
  const { version: _, ...rest } = record;
  return rest;
}

describe('a failure at any call to the outside', () => {
  test.each(Object.entries(OPERATIONS))(
    'of %s leaves what is whole, and the same call completes it',
    async (_name, operation) => {
      const undisturbed = await run(operation);
      expect(undisturbed.failure).toBeUndefined();
      expect(undisturbed.calls).toBeGreaterThan(0);
      for (let at = 0; at < undisturbed.calls; at += 1) {
        for (const fault of ['before', 'after'] as const) {
          const { failure, between, outcome } = await run(operation, at, fault);
          expect(failure, `call ${at}, ${fault}`).toMatch(
            /_unavailable$|^revocation_failed$|^internal_error$/,
          );
          if (between !== undefined) expect(parseTenantRecord(between)).toEqual(between);
          expect(outcome, `call ${at}, ${fault}`).toEqual({
            ...undisturbed.outcome,
            // What comes again may be said again, and that a tenant is onboarded rather once too often.
            said: expect.arrayContaining([...undisturbed.outcome.said]),
          });
        }
      }
    },
  );
});
