import { beforeEach, describe, expect, it } from 'vitest';
import { createDynamoProofNonces } from '../../../../functions/adapters/token/dynamo-proof-nonces.ts';
import { NOW } from '../../core/sample.ts';
import { codeOf } from '../registry/dynamo-registry.ts';
import { type DynamoUsage, startDynamoUsage } from './dynamo-usage.ts';

let usage: DynamoUsage;
let now: number;
beforeEach(async () => {
  now = NOW.getTime();
  usage = await startDynamoUsage();
  return () => usage.close();
});

const instance = (table = usage.instance()) => createDynamoProofNonces(table, () => new Date(now));
const MINUTE = 60_000;

describe('the nonces of a moment', () => {
  it('are the same for all instances, and asked for once by each', async () => {
    const [one, other] = [instance(), instance()];
    const [first] = await one.current();
    expect(first).toMatch(/^[\w-]{22}$/);
    expect(await other.current()).toEqual([first]);
    now += MINUTE - 1;
    expect([await one.current(), await other.current()]).toEqual([[first], [first]]);
    expect(usage.requests.toSorted()).toEqual(['GetItem', 'GetItem', 'UpdateItem', 'UpdateItem']);
  });

  it('are one where many instances begin at once', async () => {
    const table = usage.instance();
    const nonces = await Promise.all([...Array(10)].map(() => instance(table).current()));
    expect(usage.requests.filter((operation) => operation === 'UpdateItem')).toHaveLength(10);
    expect(new Set(nonces.map(([nonce]) => nonce)).size).toBe(1);
  });

  it('are asked for once by many requests at once', async () => {
    const nonces = instance();
    await Promise.all([...Array(20)].map(() => nonces.current()));
    expect(usage.requests).toHaveLength(2);
  });

  it('are the newest and the one before, for two minutes each', async () => {
    const one = instance();
    const [first] = await one.current();
    now += MINUTE;
    const [second, ...before] = await one.current();
    expect([second === first, before]).toEqual([false, [first]]);
    expect(await instance().current()).toEqual([second, first]);
    now += MINUTE;
    const [third, ...older] = await one.current();
    expect([third === second, older]).toEqual([false, [second]]);
  });

  it('are forgotten after a pause', async () => {
    const one = instance();
    const [first] = await one.current();
    now += 2 * MINUTE;
    expect(await one.current()).not.toContain(first);
  });

  it('stay in the table for as long as they are taken', async () => {
    await instance().current();
    const [{ pk, expiresAt } = {}] = await usage.items();
    expect(pk).toBe(`nonce#${NOW.getTime() / MINUTE}`);
    expect(Number(expiresAt) * 1000).toBeGreaterThan(NOW.getTime() + 2 * MINUTE);
  });
});

describe('when they cannot be told', () => {
  it('there are none, and they are asked for again', async () => {
    const nonces = instance();
    usage.fail(() => '500 before');
    expect(await codeOf(nonces.current())).toBe('replay_check_unavailable');
    usage.fail(() => undefined);
    expect(await nonces.current()).toHaveLength(1);
  });

  it('what was known of this minute is still known', async () => {
    const nonces = instance();
    const known = await nonces.current();
    usage.fail(() => '500 before');
    expect(await nonces.current()).toEqual(known);
    now += MINUTE;
    expect(await codeOf(nonces.current())).toBe('replay_check_unavailable');
  });

  it('a damaged item is no nonce', async () => {
    await usage.put({ pk: `nonce#${NOW.getTime() / MINUTE}`, nonce: 7 });
    expect(await codeOf(instance().current())).toBe('replay_check_unavailable');
  });
});
