import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { VendAnswer } from '../../functions/api/answers.ts';
import { fetchToken } from '../../local/fetch-token.ts';
import { type LocalLatchkey, startLocal } from '../../local/start.ts';
import { profileDefinitions } from '../../profiles/index.ts';

let agedSeconds = 0;
let latchkey: LocalLatchkey;
beforeAll(async () => {
  latchkey = await startLocal({
    port: 0,
    profileDefinitions,
    auditLog: { record: () => {} },
    sessionClock: () => new Date(Date.now() - agedSeconds * 1000),
    log: () => {},
  });
});
afterAll(() => latchkey.close());

async function vend(): Promise<VendAnswer['credentials']> {
  const headers = { Authorization: `Bearer ${await fetchToken(latchkey.facts, 'acme')}` };
  const response = await fetch(`${latchkey.facts.api}/credentials`, { method: 'POST', headers });
  return ((await response.json()) as VendAnswer).credentials;
}

it.each([
  { aged: 0, left: 3600 },
  { aged: 3300, left: 300 },
])(
  'ends sessions $left s from now that STS issues as $aged s old, and opens the same until then',
  async ({ aged, left }) => {
    agedSeconds = aged;
    const { expiration, ...credentials } = await vend();
    const leftSeconds = (new Date(expiration).getTime() - Date.now()) / 1000;
    expect(leftSeconds).toBeLessThanOrEqual(left);
    expect(leftSeconds).toBeGreaterThan(left - 60);
    const { region, s3: endpoint, bucket: Bucket } = latchkey.facts;
    const s3 = new S3Client({ region, endpoint, credentials });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'acme/welcome.txt' }));
    expect(await Body?.transformToString()).toBe('Welcome, Acme Ltd.');
  },
);

it('ends a session that it issues older than an hour at once', async () => {
  agedSeconds = 3700;
  const { expiration, ...credentials } = await vend();
  expect(new Date(expiration).getTime()).toBeLessThan(Date.now());
  const { region, s3: endpoint, bucket: Bucket } = latchkey.facts;
  const s3 = new S3Client({ region, endpoint, credentials, maxAttempts: 1 });
  const get = new GetObjectCommand({ Bucket, Key: 'acme/welcome.txt' });
  await expect(s3.send(get)).rejects.toMatchObject({ name: 'ExpiredToken' });
});
