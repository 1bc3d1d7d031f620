import { expect, it } from 'vitest';
import { createLeases, type Take } from '../../../../functions/adapters/limits/leases.ts';

let now: number;
const takenIn = new Map<number, number>();
/** One in each second. */
const take: Take = async (window, vends) => {
  const count = (takenIn.get(window) ?? 0) + vends;
  takenIn.set(window, count);
  return { count, limit: 1 };
};
const leasesAt = (start: number) => {
  now = start;
  takenIn.clear();
  return createLeases(() => new Date(now));
};

it('what is given back is there for another in its second', async () => {
  const leases = leasesAt(1_800_000_000_000);
  (await leases.admit('key', take)).giveBack();
  expect((await leases.admit('key', take)).refusal).toBeUndefined();
  expect((await leases.admit('key', take)).refusal).toBeDefined();
});

it('what is given back later is there for nobody', async () => {
  const leases = leasesAt(1_800_000_000_999);
  const { giveBack } = await leases.admit('key', take);
  now += 1;
  expect((await leases.admit('key', take)).refusal).toBeUndefined();
  giveBack();
  expect((await leases.admit('key', take)).refusal).toBeDefined();
});

it('a refused one has nothing to give back', async () => {
  const leases = leasesAt(1_800_000_000_000);
  await leases.admit('key', take);
  (await leases.admit('key', take)).giveBack();
  expect((await leases.admit('key', take)).refusal).toBeDefined();
});
