import { expect, it } from 'vitest';
import {
  guardShares,
  LEFT_ALONE_SECONDS,
  SharesUnavailable,
} from '../../../../functions/adapters/limits/guarded-shares.ts';
import type { ShareStore } from '../../../../functions/core/limits/share-store.ts';

const HOUR = 3_600_000;

it.each<[what: string, milliseconds: number, isLeftAlone: boolean]>([
  ['a moment later', 100, true],
  ['after its time', LEFT_ALONE_SECONDS * 1000, false],
  ['when the clock was set back', -HOUR, false],
])('leaves a table that has failed alone: %s', async (_what, milliseconds, isLeftAlone) => {
  let now = Date.UTC(2026, 10, 21);
  let asked = 0;
  const fail = async () => {
    asked += 1;
    throw new Error('unreachable');
  };
  const shares: ShareStore = { take: fail, enter: fail, readLedger: fail };
  const guarded = guardShares(shares, () => new Date(now));
  await expect(guarded.take('tenant#acme', 1, 1)).rejects.toThrow(SharesUnavailable);
  now += milliseconds;
  expect(guarded.isLeftAlone()).toBe(isLeftAlone);
  await expect(guarded.readLedger(1)).rejects.toThrow(SharesUnavailable);
  expect(asked).toBe(isLeftAlone ? 1 : 2);
});
