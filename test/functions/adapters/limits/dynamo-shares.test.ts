import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDynamoShares } from '../../../../functions/adapters/limits/dynamo-shares.ts';
import { createUsageTable } from '../../../../functions/adapters/usage-table.ts';
import { type DynamoUsage, startDynamoUsage } from '../token/dynamo-usage.ts';

const WINDOW = 1_800_000_000;

let usage: DynamoUsage;
beforeEach(async () => {
  usage = await startDynamoUsage();
  return () => usage.close();
});

/** With time enough for a machine that has much to do besides. */
const shares = () => createDynamoShares(usage.instance(), { deadlineMilliseconds: 40_000 });

describe('a counter', () => {
  it('gives each of many at once another part of it', async () => {
    const fleet = [shares(), shares(), shares()];
    const counts = await Promise.all(
      [...Array(12)].map((_, index) => fleet[index % 3]?.take('tenant#acme', WINDOW, 2)),
    );
    // Two for each, and two more for each that a busy machine made twice.
    expect(new Set(counts).size).toBe(12);
    expect(counts.every((count) => count !== undefined && count % 2 === 0)).toBe(true);
    expect(new Set(usage.requests)).toEqual(new Set(['UpdateItem']));
  });

  it('is one of its key and second, and kept for a minute', async () => {
    expect(await shares().take('tenant#acme', WINDOW, 1)).toBe(1);
    expect(await shares().take('tenant#acme', WINDOW + 1, 1)).toBe(1);
    expect(await shares().take('tenant#globex', WINDOW, 1)).toBe(1);
    expect((await usage.items()).toSorted((a, b) => (String(a['pk']) < String(b['pk']) ? -1 : 1))).toEqual([
      { pk: `share#tenant#acme#${WINDOW}`, vends: 1, expiresAt: WINDOW + 60 },
      { pk: `share#tenant#acme#${WINDOW + 1}`, vends: 1, expiresAt: WINDOW + 61 },
      { pk: `share#tenant#globex#${WINDOW}`, vends: 1, expiresAt: WINDOW + 60 },
    ]);
  });
});

describe('a ledger', () => {
  it('adds up what instances say, and tells each of it', async () => {
    const [one, other] = [shares(), shares()];
    await one.enter(WINDOW, { unasked: 10 });
    await one.enter(WINDOW, { asked: { tenantId: 'acme', vends: 3 } });
    await other.enter(WINDOW, { asked: { tenantId: 'globex', vends: 1 } });
    const expected = {
      unasked: 10,
      asked: new Map([
        ['acme', 7],
        ['globex', 1],
      ]),
    };
    expect(await other.enter(WINDOW, { asked: { tenantId: 'acme', vends: 4 } })).toEqual(expected);
    expect(await one.readLedger(WINDOW)).toEqual(expected);
  });

  it('is empty where nobody has written', async () => {
    expect(await shares().readLedger(WINDOW)).toEqual({ unasked: 0, asked: new Map() });
  });

  it('takes no tenant’s name for a member of its own', async () => {
    await shares().enter(WINDOW, { asked: { tenantId: 'unasked', vends: 3 } });
    await shares().enter(WINDOW, { asked: { tenantId: '__proto__', vends: 2 } });
    const { unasked, asked } = await shares().readLedger(WINDOW);
    expect([unasked, [...asked].toSorted()]).toEqual([
      0,
      [
        ['__proto__', 2],
        ['unasked', 3],
      ],
    ]);
  });
});

describe('a table that fails', () => {
  it('is asked twice, since a function that was frozen finds its connections dead', async () => {
    usage.fail((count) => (count === 1 ? 'reset before' : undefined));
    expect(await shares().take('tenant#acme', WINDOW, 1)).toBe(1);
  });

  it('is given up in time when it does not answer', async () => {
    const server = createServer(() => {}).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' };
    const endpoint = `http://127.0.0.1:${port}`;
    const table = createUsageTable({ tableName: 'usage', region: 'us-east-1', credentials, endpoint });
    // Before the client's own timeout, which has another name.
    const take = createDynamoShares(table, { deadlineMilliseconds: 400 }).take('tenant#acme', WINDOW, 1);
    await expect(take).rejects.toMatchObject({ name: 'AbortError' });
    server.close();
    server.closeAllConnections();
  });

  it('is a failure, and not a count', async () => {
    usage.fail(() => '500 before');
    await expect(shares().take('tenant#acme', WINDOW, 1)).rejects.toThrow();
    await expect(shares().readLedger(WINDOW)).rejects.toThrow();
  });
});
