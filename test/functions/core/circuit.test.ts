import { expect, it } from 'vitest';
import { createCircuit } from '../../../functions/core/circuit.ts';

let now = 0;
const circuit = () => createCircuit({ failures: 2, openMilliseconds: 1000, now: () => now });

it('opens after so many failures in a row, and not before', () => {
  const watched = circuit();
  watched.failed();
  expect(watched.isClosed()).toBe(true);
  watched.succeeded();
  watched.failed();
  expect(watched.isClosed()).toBe(true);
  watched.failed();
  expect(watched.isClosed()).toBe(false);
});

it('lets one call through in each period, and all again once that has succeeded', () => {
  const watched = circuit();
  watched.failed();
  watched.failed();
  now += 1000;
  expect([watched.isClosed(), watched.isClosed()]).toEqual([true, false]);
  now += 1000;
  expect([watched.isClosed(), watched.isClosed()]).toEqual([true, false]);
  watched.succeeded();
  expect([watched.isClosed(), watched.isClosed()]).toEqual([true, true]);
});

it('stays open when the call that was let through fails', () => {
  const watched = circuit();
  watched.failed();
  watched.failed();
  now += 1000;
  expect(watched.isClosed()).toBe(true);
  watched.failed();
  now += 999;
  expect(watched.isClosed()).toBe(false);
});
