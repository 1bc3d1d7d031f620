import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEventAnnouncer } from '../../../../functions/adapters/administration/event-announcer.ts';
import type { Announcement } from '../../../../functions/core/administration/administrative-ports.ts';
import { listen } from '../../../../local/listen.ts';
import { allowing, BUS, BUS_ARN, startLocalEvents } from '../../../local/local-events.ts';
import { REGION } from '../../../local/tenant-session.ts';

let local: Awaited<ReturnType<typeof startLocalEvents>>;
beforeAll(async () => {
  local = await startLocalEvents();
});
afterAll(() => local.close());

const announcement: Announcement = {
  type: 'TenantOnboarded',
  tenantId: 'acme',
  detail: { status: 'active', version: 3 },
  causedBy: 'event-1',
};
const credentials = (action = 'events:PutEvents') =>
  local.credentialsFor(allowing({ Action: action, Resource: BUS_ARN }));
const announcer = (options: object = {}) =>
  createEventAnnouncer({
    region: REGION,
    endpoint: local.eventsEndpoint,
    credentials: credentials(),
    eventBus: BUS,
    ...options,
  });

describe('an announcement', () => {
  test('is an event of latchkey', async () => {
    await announcer().announce(announcement);
    expect(local.bus.recent().at(-1)).toMatchObject({ source: 'latchkey', 'detail-type': 'TenantOnboarded' });
    expect(local.bus.recent().at(-1)?.detail).toEqual({
      tenantId: 'acme',
      status: 'active',
      version: 3,
      causedBy: 'event-1',
    });
  });

  test.each<[string, Partial<Announcement>, object]>([
    [
      'names no tenant when none is known',
      { tenantId: '' },
      { status: 'active', version: 3, causedBy: 'event-1' },
    ],
    [
      'names no cause when there is none',
      { causedBy: undefined },
      { status: 'active', version: 3, tenantId: 'acme' },
    ],
    [
      'is not about whom its detail says',
      { detail: { tenantId: 'globex', causedBy: 'event-2' } },
      { tenantId: 'acme', causedBy: 'event-1' },
    ],
  ])('%s', async (_, members, detail) => {
    await announcer().announce({ ...announcement, ...members });
    expect(local.bus.recent().at(-1)?.detail).toEqual(detail);
  });
});

describe('events_unavailable is', () => {
  const unavailable = { code: 'events_unavailable' };

  test('a refused request', async () => {
    const options = { credentials: credentials('events:PutRule') };
    await expect(announcer(options).announce(announcement)).rejects.toMatchObject(unavailable);
  });

  test('an entry that is refused in an answer of status 200', async () => {
    const everywhere = local.credentialsFor(allowing({ Action: 'events:PutEvents', Resource: '*' }));
    const options = { eventBus: 'elsewhere', credentials: everywhere };
    await expect(announcer(options).announce(announcement)).rejects.toMatchObject({
      ...unavailable,
      cause: expect.stringContaining('ResourceNotFoundException'),
    });
  });

  test('an answer that does not say how many failed', async () => {
    const silent = await listen(
      createServer((_, response) => response.end('{}')),
      0,
      'silence',
    );
    await expect(announcer({ endpoint: silent.url }).announce(announcement)).rejects.toMatchObject(
      unavailable,
    );
    await silent.close();
  });

  test('a bus that nobody answers for', async () => {
    const gone = await listen(createServer(), 0, 'nobody');
    await gone.close();
    await expect(announcer({ endpoint: gone.url }).announce(announcement)).rejects.toMatchObject(unavailable);
  });
});
