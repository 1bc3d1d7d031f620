import type { EventRecord } from '../../../functions/onboarding/event-consumer.ts';

export const DEFINITION = {
  displayName: 'Acme',
  profiles: ['app'],
  defaultProfile: 'app',
  claims: [{ issuer: 'https://issuer.example', value: 'acme' }],
};

/** An event as EventBridge delivers it. */
export function eventOf(type: string, detail: unknown, members: object = {}) {
  return {
    version: '0',
    id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
    'detail-type': type,
    source: 'control-plane',
    account: '111122223333',
    time: '2026-11-22T10:00:00Z',
    region: 'eu-central-1',
    resources: [],
    detail,
    ...members,
  };
}

/** The message of a queue with that body; an object is its JSON. */
export function recordOf(body: unknown, { messageId = 'message-1', receiveCount = 1 } = {}): EventRecord {
  return {
    messageId,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: { ApproximateReceiveCount: String(receiveCount) },
  };
}
