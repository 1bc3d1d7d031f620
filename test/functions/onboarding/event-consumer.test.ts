import { describe, expect, test } from 'vitest';
import type { Announcement } from '../../../functions/core/administration/administrative-ports.ts';
import type { TenantEvent } from '../../../functions/core/administration/tenant-event.ts';
import type { AuditEvent } from '../../../functions/core/audit-event.ts';
import { ERROR_CODES, type ErrorCode, VendingError } from '../../../functions/core/errors.ts';
import {
  createEventConsumer,
  type EventConsumerOptions,
} from '../../../functions/onboarding/event-consumer.ts';
import { eventOf, recordOf } from './sample-event.ts';

type ApplyEvent = EventConsumerOptions['administration']['applyEvent'];

function start(options: { readonly applyEvent?: ApplyEvent; readonly announce?: () => Promise<void> } = {}) {
  const applied: TenantEvent[] = [];
  const acts: unknown[] = [];
  const announced: Announcement[] = [];
  const audited: AuditEvent[] = [];
  const consume = createEventConsumer({
    administration: {
      async applyEvent(act, event) {
        acts.push(act);
        applied.push(event);
        return options.applyEvent === undefined ? 'applied' : options.applyEvent(act, event);
      },
    },
    announcer: {
      async announce(announcement) {
        await options.announce?.();
        announced.push(announcement);
      },
    },
    auditLog: { record: (event) => void audited.push(event) },
  });
  return { consume, applied, acts, announced, audited };
}

const resumed = (tenantId: string, version: number, id = `event-${version}`) =>
  eventOf('TenantResumed', { tenantId, version }, { id });
const failing =
  (code: ErrorCode): ApplyEvent =>
  () =>
    Promise.reject(new VendingError(code));
const failures = (...ids: readonly string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

test('an event is applied in the name of what sent it', async () => {
  const { consume, applied, acts, announced } = start();
  expect(await consume([recordOf(resumed('acme', 7))])).toEqual(failures());
  expect(applied).toEqual([{ kind: 'resume', eventId: 'event-7', tenantId: 'acme', version: 7 }]);
  expect(acts).toEqual([{ requestId: 'event-7', actor: 'event:control-plane' }]);
  expect(announced).toEqual([]);
});

describe('of what administration throws,', () => {
  const FINAL = [
    'request_invalid',
    'binding_taken',
    'issuer_not_found',
    'tenant_offboarded',
    'event_version_reused',
  ];
  test.each(
    ERROR_CODES.map((code) => [code, FINAL.includes(code) ? 'is done with' : 'comes again'] as const),
  )('%s %s', async (code, fate) => {
    const { consume, announced, audited } = start({ applyEvent: failing(code) });
    const answer = await consume([recordOf(resumed('acme', 1))]);
    expect(answer).toEqual(fate === 'is done with' ? failures() : failures('message-1'));
    // Administration has announced and written down what it refused.
    expect([announced, audited]).toEqual([[], []]);
  });

  test('what is no refusal at all comes again', async () => {
    const { consume } = start({ applyEvent: () => Promise.reject(new TypeError('a mistake')) });
    expect(await consume([recordOf(resumed('acme', 1))])).toEqual(failures('message-1'));
  });
});

describe('a batch', () => {
  const batch = (...events: readonly object[]) =>
    events.map((event, index) => recordOf(event, { messageId: `message-${index}` }));

  test('is worked off in order for one tenant, whatever the others do', async () => {
    const log: string[] = [];
    const { consume } = start({
      async applyEvent(_, { tenantId, version }) {
        log.push(`${tenantId} ${version} begins`);
        await new Promise((resolve) => setTimeout(resolve, tenantId === 'acme' && version === 1 ? 20 : 0));
        log.push(`${tenantId} ${version} ends`);
        return 'applied';
      },
    });
    await consume(batch(resumed('acme', 1), resumed('globex', 1), resumed('acme', 2), resumed('globex', 2)));
    expect(log.filter((line) => line.startsWith('acme'))).toEqual([
      'acme 1 begins',
      'acme 1 ends',
      'acme 2 begins',
      'acme 2 ends',
    ]);
    expect(log.indexOf('globex 2 ends')).toBeLessThan(log.indexOf('acme 1 ends'));
  });

  test('fails by the message', async () => {
    const { consume, applied } = start({
      applyEvent: async (_, { tenantId, version }) => {
        if (tenantId === 'acme' && version === 1) throw new VendingError('write_conflict');
        return 'applied';
      },
    });
    const answer = await consume(
      batch(resumed('acme', 1), resumed('globex', 1), { not: 'an event' }, resumed('acme', 2)),
    );
    expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).sort()).toEqual([
      'message-0',
      'message-2',
    ]);
    expect(applied).toHaveLength(3);
  });

  test('has at most 10 tenants under way at once', async () => {
    let running = 0;
    let most = 0;
    const { consume, applied } = start({
      async applyEvent() {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return 'applied';
      },
    });
    await consume(batch(...Array.from({ length: 25 }, (_, index) => resumed(`tenant-${index}`, 1))));
    expect([most, applied.length]).toEqual([10, 25]);
  });

  test('hands over what was delivered twice twice: administration tells it apart', async () => {
    const { consume, applied } = start();
    await consume(batch(resumed('acme', 1), resumed('acme', 1)));
    expect(applied.map(({ eventId }) => eventId)).toEqual(['event-1', 'event-1']);
  });
});

describe('a malformed message', () => {
  const about = { tenantId: 'acme' };
  test.each<[string, unknown, object]>([
    ['that is no JSON', 'x', { type: 'TenantEventRejected', tenantId: '', causedBy: undefined }],
    ['without an envelope', about, { type: 'TenantEventRejected', tenantId: '', causedBy: undefined }],
    [
      'without a version',
      eventOf('TenantResumed', about, { id: 'event-1' }),
      {
        type: 'TenantEventRejected',
        tenantId: 'acme',
        causedBy: 'event-1',
        detail: { code: 'request_invalid', eventType: 'TenantResumed' },
      },
    ],
    [
      'that asks to onboard',
      eventOf('TenantOnboardingRequested', about),
      { type: 'TenantOnboardingFailed', tenantId: 'acme' },
    ],
    [
      'that asks to onboard nobody',
      eventOf('TenantOnboardingRequested', { tenantId: '*' }),
      { type: 'TenantEventRejected', tenantId: '' },
    ],
    ['of an unknown type', eventOf('TenantRemoved', about), { detail: { eventType: 'TenantRemoved' } }],
  ])('%s is announced, written down, and comes again', async (_, body, announcement) => {
    const { consume, applied, announced, audited } = start();
    expect(await consume([recordOf(body)])).toEqual(failures('message-1'));
    expect(applied).toEqual([]);
    expect(announced).toHaveLength(1);
    expect(announced).toMatchObject([announcement]);
    expect(announced[0]?.detail['reason']).toMatch(/^\w+: /);
    expect(audited).toMatchObject([{ operation: 'tenant.event', code: 'request_invalid' }]);
  });

  test('is announced only the first time', async () => {
    const { consume, announced } = start();
    expect(await consume([recordOf('x', { receiveCount: 2 })])).toEqual(failures('message-1'));
    expect(announced).toEqual([]);
  });

  test('comes again even when nobody can be told', async () => {
    const { consume, audited } = start({
      announce: () => Promise.reject(new VendingError('events_unavailable')),
    });
    expect(await consume([recordOf('x')])).toEqual(failures('message-1'));
    expect(audited).toMatchObject([{ code: 'events_unavailable' }]);
  });
});
