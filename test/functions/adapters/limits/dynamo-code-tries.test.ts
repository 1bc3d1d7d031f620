import { beforeEach, describe, expect, it, test } from 'vitest';
import { createDynamoCodeTries } from '../../../../functions/adapters/limits/dynamo-code-tries.ts';
import { type Deadline, startDeadline } from '../../../../functions/core/deadline.ts';
import { codeOf } from '../registry/dynamo-registry.ts';
import { type DynamoUsage, startDynamoUsage } from '../token/dynamo-usage.ts';

const WINDOW = { tries: 3, endsAt: 1_800_000_000 };

let usage: DynamoUsage;
let deadline: Deadline;
beforeEach(async () => {
  usage = await startDynamoUsage();
  deadline = startDeadline(5000);
  return () => usage.close();
});

const tries = () => createDynamoCodeTries(usage.instance());
const count = async (key = 'acme', window = WINDOW) =>
  (await tries().take(key, window, deadline)) === undefined ? 'none left' : 'taken';

describe('tries', () => {
  it('are so many in all, whichever instances take them at once', async () => {
    const taken = await Promise.all([...Array(9)].map(() => count()));
    expect(taken.filter((each) => each === 'taken')).toHaveLength(3);
  });

  it('are those of a key and a window', async () => {
    for (let at = 0; at < 3; at += 1) await count();
    expect(await count()).toBe('none left');
    expect(await count('globex')).toBe('taken');
    expect(await count('acme', { ...WINDOW, endsAt: WINDOW.endsAt + 900 })).toBe('taken');
  });

  it('are kept until the window has ended everywhere', async () => {
    await count();
    expect(await usage.items()).toEqual([
      { pk: `mfa#acme#${WINDOW.endsAt}`, tries: expect.any(Set), expiresAt: WINDOW.endsAt + 60 },
    ]);
  });

  it('can be had again by others when they are given back, each once', async () => {
    const [first] = [await tries().take('acme', WINDOW, deadline), await count(), await count()];
    await first?.giveBack();
    await first?.giveBack();
    expect([await count(), await count()]).toEqual(['taken', 'none left']);
  });
});

describe('a table that fails', () => {
  test.each(['reset before', 'reset after', '500 before', '500 after'] as const)(
    'once, by a %s, counts a try once',
    async (fault) => {
      for (let at = 0; at < 3; at += 1) {
        usage.fail((request) => (request === 1 ? fault : undefined));
        expect(await count()).toBe('taken');
      }
      expect(await count()).toBe('none left');
    },
  );

  it('lets nobody try', async () => {
    usage.fail(() => '500 before');
    expect(await codeOf(tries().take('acme', WINDOW, deadline))).toBe('replay_check_unavailable');
  });

  it('lets nobody try by an answer that is not its own', async () => {
    usage.fail(() => new Response('{"Attributes":{}}') as never);
    expect(await codeOf(tries().take('acme', WINDOW, deadline))).toBe('replay_check_unavailable');
  });

  it('lets nobody try when the deadline has passed', async () => {
    const passed = { ...deadline, signal: AbortSignal.abort() };
    expect(await codeOf(tries().take('acme', WINDOW, passed))).toBe('replay_check_unavailable');
  });

  it('fails nobody whose try is given back', async () => {
    const taken = await tries().take('acme', WINDOW, deadline);
    usage.fail(() => '500 before');
    await expect(taken?.giveBack()).resolves.toBeUndefined();
  });
});
