import { beforeEach, describe, expect, it, test } from 'vitest';
import { createDynamoReplayStore } from '../../../../functions/adapters/token/dynamo-replay-store.ts';
import { type Deadline, startDeadline } from '../../../../functions/core/deadline.ts';
import { NOW } from '../../core/sample.ts';
import { codeOf } from '../registry/dynamo-registry.ts';
import { type DynamoUsage, startDynamoUsage } from './dynamo-usage.ts';

let usage: DynamoUsage;
let deadline: Deadline;
beforeEach(async () => {
  usage = await startDynamoUsage();
  deadline = startDeadline(5000);
  return () => usage.close();
});

const store = () => createDynamoReplayStore(usage.instance());

describe('the first use', () => {
  it('is the first of a key, whichever instance asks', async () => {
    const [one, other] = [store(), store()];
    expect(await one.isFirstUse('a', NOW, deadline)).toBe(true);
    expect(await one.isFirstUse('a', NOW, deadline)).toBe(false);
    expect(await other.isFirstUse('a', NOW, deadline)).toBe(false);
    expect(await other.isFirstUse('b', NOW, deadline)).toBe(true);
  });

  it('is one of many at once', async () => {
    const instances = [store(), store()];
    const uses = await Promise.all(
      [...instances, ...instances, ...instances].map((each) => each.isFirstUse('a', NOW, deadline)),
    );
    expect(uses.filter((isFirst) => isFirst)).toHaveLength(1);
  });

  it('is remembered until then at least, in seconds, and under a name of its own', async () => {
    await store().isFirstUse('a', new Date(NOW.getTime() + 1), deadline);
    expect(await usage.items()).toEqual([
      { pk: 'used#a', use: expect.stringMatching(/^[\w-]{36}$/), expiresAt: NOW.getTime() / 1000 + 1 },
    ]);
  });

  it('is long ago, and counts as long as it is there', async () => {
    const longAgo = new Date(0);
    expect(await store().isFirstUse('a', longAgo, deadline)).toBe(true);
    expect(await store().isFirstUse('a', NOW, deadline)).toBe(false);
  });

  test.each(['reset before', 'reset after', '500 before', '500 after'] as const)(
    'is told by a second try after a %s, and nobody else has it',
    async (fault) => {
      usage.fail((count) => (count === 1 ? fault : undefined));
      expect(await store().isFirstUse('a', NOW, deadline)).toBe(true);
      expect(await store().isFirstUse('a', NOW, deadline)).toBe(false);
      expect(usage.requests).toEqual(['UpdateItem', 'UpdateItem', 'UpdateItem']);
    },
  );
});

describe('nobody has it', () => {
  it('while DynamoDB cannot be reached', async () => {
    usage.fail(() => 'reset before');
    expect(await codeOf(store().isFirstUse('a', NOW, deadline))).toBe('replay_check_unavailable');
    expect(usage.requests).toHaveLength(2);
  });

  it('when the deadline has passed', async () => {
    const passed = { ...deadline, signal: AbortSignal.abort() };
    expect(await codeOf(store().isFirstUse('a', NOW, passed))).toBe('replay_check_unavailable');
  });
});
