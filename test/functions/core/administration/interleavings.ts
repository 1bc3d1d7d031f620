import fc from 'fast-check';
import { expect } from 'vitest';
import type { TenantStore } from '../../../../functions/core/administration/administrative-ports.ts';
import { isFinalRefusal } from '../../../../functions/core/administration/event-application.ts';
import type { TenantEvent } from '../../../../functions/core/administration/tenant-event.ts';
import { VendingError } from '../../../../functions/core/errors.ts';
import type { Revocation } from '../../../../functions/core/revocation/revocation.ts';
import {
  type Hold,
  parseTenantRecord,
  type TenantRecord,
} from '../../../../functions/core/tenant/tenant-record.ts';
import { ACME, ACT, administrationOver, type FaultTime, sampleEvent } from './sample-administration.ts';

/** A delivery of one of the events, and who else is at work at that time. */
interface Delivery {
  readonly event: TenantEvent;
  /** Begun while the one before it is still at work. */
  readonly overlaps: boolean;
}

/** Everything that happens, in the order in which it does. */
interface History {
  readonly events: readonly TenantEvent[];
  readonly deliveries: readonly Delivery[];
  /** What becomes of each call to the outside, and after how many turns of others, until they are used up. */
  readonly calls: readonly { readonly fault: FaultTime; readonly turns: number }[];
}

const anyEvent = fc.record({
  kind: fc.constantFrom(
    'onboard',
    'update',
    'update',
    'suspend',
    'suspend',
    'resume',
    'resume',
    'offboard',
  ) as fc.Arbitrary<TenantEvent['kind']>,
  version: fc.nat(30),
  revokeSessions: fc.boolean(),
  profiles: fc.constantFrom<string[]>(['app'], ['app', 'other']),
});

const anyHistory: fc.Arbitrary<History> = fc
  .uniqueArray(anyEvent, { selector: ({ version }) => version, minLength: 1, maxLength: 6 })
  // A tenant ends once in a while, not in every other history.
  .map((drawn) => drawn.filter(({ kind, version }) => kind !== 'offboard' || version > 20))
  .map((drawn) =>
    drawn.map(({ kind, version, revokeSessions, profiles }) =>
      sampleEvent(kind, version, { displayName: `by ${version}`, profiles, revokeSessions }),
    ),
  )
  .chain((events) =>
    fc.record({
      events: fc.constant(events),
      deliveries: fc
        .tuple(
          fc.shuffledSubarray([...events, ...events], { minLength: 2 * events.length }),
          fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
        )
        .map(([order, overlaps]) =>
          order.map((event, index) => ({ event, overlaps: overlaps[index] === true })),
        ),
      calls: fc.array(
        fc.record({
          fault: fc.constantFrom<FaultTime[]>(undefined, undefined, undefined, undefined, 'before', 'after'),
          turns: fc.nat(5),
        }),
        { maxLength: 80 },
      ),
    }),
  );

/**
 * Delivers random events in random order, each twice, some at the same time, with calls to the outside failing; one that
 * fails is delivered again at the end, as a queue does. What is stored then must be what folding the events by version says.
 */
export async function checkInterleavings(options: {
  /** Runs the work with an empty store. */
  readonly withStore: (work: (store: TenantStore) => Promise<void>) => Promise<void>;
  readonly numRuns: number;
}): Promise<void> {
  await fc.assert(
    fc.asyncProperty(anyHistory, (history) =>
      options.withStore(async (store) => {
        const revoked = await deliver(history, store);
        const record = await store.readTenant(ACME);
        if (record !== undefined)
          expect(parseTenantRecord(JSON.parse(JSON.stringify(record)))).toEqual(record);
        expect(essence(record)).toEqual(fold(history.events));
        const before = record?.revokedBefore?.replace('.000Z', 'Z');
        expect(before !== undefined).toBe(history.events.some(cutsSessions));
        const perRole =
          before === undefined ? [] : [[{ tenantId: ACME, before }], [{ tenantId: ACME, before }]];
        expect([...revoked.values()]).toEqual(perRole);
      }),
    ),
    { numRuns: options.numRuns },
  );
}

async function deliver(
  { deliveries, calls }: History,
  store: TenantStore,
): Promise<ReadonlyMap<string, readonly Revocation[]>> {
  const { administration, world, revoked } = administrationOver(store);
  const left = [...calls];
  world.fault = async () => {
    const { fault, turns } = left.shift() ?? { fault: undefined, turns: 0 };
    for (let turn = 0; turn < turns; turn += 1) await undefined;
    return fault;
  };
  const queue = [...deliveries];
  let underway: Promise<void>[] = [];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { event, overlaps } = next;
    if (!overlaps) await Promise.all(underway.splice(0));
    // Time passes between deliveries: what is revoked and when is told apart.
    world.now = new Date(world.now.getTime() + 1000);
    underway.push(
      administration.applyEvent(ACT, event).then(
        () => undefined,
        (error: unknown) => {
          if (!(error instanceof VendingError)) throw error;
          if (!isFinalRefusal(error.code)) queue.push({ event, overlaps: false });
        },
      ),
    );
    if (queue.length === 0) {
      await Promise.all(underway);
      underway = [];
    }
  }
  return revoked;
}

function cutsSessions(event: TenantEvent): boolean {
  return event.kind === 'offboard' || (event.kind === 'suspend' && event.revokeSessions);
}

/** What of a record the events decide. A tombstone says no more than that it is one. */
function essence(record: TenantRecord | undefined): unknown {
  if (record === undefined) return undefined;
  if (record.offboardedAt !== undefined) return 'offboarded';
  return { definition: record.definition, holds: [...record.holds].sort() };
}

/** The same of the events alone: the last definition, the last status, and the end if it was ever said. */
function fold(events: readonly TenantEvent[]): unknown {
  if (events.length === 0) return undefined;
  const inOrder = events.toSorted((one, other) => one.version - other.version);
  if (inOrder.some(({ kind }) => kind === 'offboard')) return 'offboarded';
  const definition = inOrder
    .flatMap((event) => (event.kind === 'onboard' || event.kind === 'update' ? event.definition : []))
    .at(-1);
  const status = inOrder.findLast(({ kind }) => kind !== 'update')?.kind;
  const holds: Hold[] = [];
  if (status === 'suspend') holds.push('event');
  // Every probe passes here, so that a tenant waits for its verification only as long as there is nothing to verify.
  if (definition === undefined) holds.push('onboarding');
  return { definition, holds };
}
