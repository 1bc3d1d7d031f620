import { conditionHolds } from '../policy/condition.ts';
import { createContext } from '../policy/context.ts';
import type { Address, Network } from '../policy/network.ts';
import { PolicyError } from '../policy/policy-error.ts';
import type { ValueTest } from './key-question.ts';

/**
 * A value that passes every test, none of which compares text; undefined when there is none. The tests compare with bounds,
 * so they tell values apart at bounds only: it is enough to try each, and what lies beside it.
 */
export function findFiniteValue(tests: readonly ValueTest[]): string | undefined {
  const values = [...tests.flatMap(valuesBeside), ...orderedValues(tests)];
  return values.find((value) => tests.every((test) => passes(test, value)));
}

/** Numbers and dates: what lies between two bounds counts, whichever tests they are of. */
function orderedValues(tests: readonly ValueTest[]): readonly string[] {
  const bounds = (family: 'numeric' | 'date') =>
    beside(
      tests.flatMap(({ condition: { comparison } }) =>
        comparison.family === family ? comparison.values : [],
      ),
    );
  return [
    ...bounds('numeric').map(String),
    ...bounds('date').map((instant) => new Date(instant).toISOString()),
  ];
}

function passes({ condition, wanted }: ValueTest, value: string): boolean {
  try {
    // Presence and set operators have been taken apart already.
    const alone = { ...condition, qualifier: undefined, ifExists: false };
    return conditionHolds(alone, createContext({ values: { [condition.key]: value } })) === wanted;
  } catch (cause) {
    if (cause instanceof PolicyError) return false;
    throw cause;
  }
}

function valuesBeside({ condition: { comparison } }: ValueTest): readonly string[] {
  switch (comparison.family) {
    case 'boolean':
      return ['true', 'false'];
    case 'binary':
      return ['', ...comparison.values, ...comparison.values.map((_, index) => other(index))];
    case 'ip':
      return comparison.values.flatMap(addressesBeside);
    default:
      return [];
  }
}

/** Each bound, what is just below and above it, and what lies between two. */
function beside(bounds: readonly number[]): readonly number[] {
  const sorted = [...bounds].sort((a, b) => a - b);
  const between = sorted.map((bound, index) => (bound + (sorted[index + 1] ?? bound)) / 2);
  return [...sorted, ...sorted.flatMap((bound) => [bound - 1, bound + 1]), ...between];
}

function other(index: number): string {
  return Buffer.from(`other ${index}`).toString('base64');
}

/** Networks are intervals: every region that they make begins at one's first address or behind one's last. */
function addressesBeside({ address, prefixBits }: Network): readonly string[] {
  const size = 1n << BigInt(address.bits - prefixBits);
  const first = (address.value / size) * size;
  const all = [first, first + size, 0n].filter((value) => value < 1n << BigInt(address.bits));
  return [...all.map((value) => render({ ...address, value })), '0.0.0.0', '::1'];
}

function render({ bits, value }: Address): string {
  const count = bits === 32 ? 4 : 8;
  const width = BigInt(bits / count);
  const parts = Array.from({ length: count }, (_, index) =>
    Number((value >> (width * BigInt(count - 1 - index))) & ((1n << width) - 1n)),
  );
  return bits === 32 ? parts.join('.') : parts.map((part) => part.toString(16)).join(':');
}
