import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { createGate, type Gate } from '../../local/aws/dynamodb/gate.ts';

let gate: Gate;
/** What has begun and not ended. */
let under: Set<string>;
let ends: Map<string, (error?: Error) => void>;

const work = (name: string) => () => {
  under.add(name);
  return new Promise<string>((resolve, reject) => {
    ends.set(name, (error) => {
      under.delete(name);
      if (error) reject(error);
      else resolve(name);
    });
  });
};
const end = async (name: string, error?: Error) => {
  // By then it has begun, if it may.
  await setImmediate();
  ends.get(name)?.(error);
};
const underWay = async () => {
  await setImmediate();
  return [...under].join(' ');
};

beforeEach(() => {
  gate = createGate();
  under = new Set();
  ends = new Map();
});

describe('the gate', () => {
  it('lets work through together', async () => {
    gate.together(work('a'));
    gate.together(work('b'));
    expect(await underWay()).toBe('a b');
  });

  it('lets through alone when everything before has ended, and nothing after until that has', async () => {
    gate.together(work('a'));
    gate.together(work('b'));
    gate.alone(work('ALONE'));
    gate.together(work('c'));
    gate.alone(work('NEXT'));
    gate.together(work('d'));
    await end('a');
    expect(await underWay()).toBe('b');
    await end('b');
    expect(await underWay()).toBe('ALONE');
    await end('ALONE');
    expect(await underWay()).toBe('c');
    await end('c');
    expect(await underWay()).toBe('NEXT');
    await end('NEXT');
    expect(await underWay()).toBe('d');
  });

  it('lets one through after another', async () => {
    gate.alone(work('a'));
    gate.alone(work('b'));
    expect(await underWay()).toBe('a');
    await end('a');
    expect(await underWay()).toBe('b');
  });

  it('goes on after what fails, and tells whoever wanted it', async () => {
    const failing = [gate.together(work('a')), gate.alone(work('b'))].map((each) => each.catch(String));
    const last = gate.together(work('c'));
    expect(await underWay()).toBe('a');
    await end('a', new Error('one'));
    await end('b', new Error('two'));
    await end('c');
    expect(await Promise.all([...failing, last])).toEqual(['Error: one', 'Error: two', 'c']);
  });
});
