import { afterAll, beforeAll, expect, it } from 'vitest';
import { onboardMany } from '../../bench/onboard.ts';
import { type LocalLatchkey, startLocal } from '../../local/start.ts';
import { profileDefinitions } from '../../profiles/index.ts';

let latchkey: LocalLatchkey;

beforeAll(async () => {
  const auditLog = { record: () => {} };
  latchkey = await startLocal({ port: 0, profileDefinitions, auditLog, log: () => {} });
});
afterAll(() => latchkey.close());

it('tenants that come by events, some of them twice, are all onboarded and vended to', {
  timeout: 60_000,
}, async () => {
  expect(await onboardMany(latchkey, 30)).toMatchObject({
    tenants: 30,
    events: 33,
    onboarded: 30,
    deadLetters: 0,
    vended: 30,
  });
});
