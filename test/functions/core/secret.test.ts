import { format, inspect } from 'node:util';
import { expect, test } from 'vitest';
import { secret } from '../../../functions/core/secret.ts';

const VALUE = 'wJalrXUtnFEMI';
const hidden = secret(VALUE);

test('a secret is had by its name alone', () => {
  expect(hidden.reveal()).toBe(VALUE);
});

test.each<[string, () => string]>([
  ['a template', () => `${hidden}`],
  ['a concatenation', () => ['', hidden].join('')],
  ['String', () => String(hidden)],
  ['JSON', () => JSON.stringify({ hidden, list: [hidden] })],
  ['inspect', () => inspect({ hidden }, { depth: 9, showHidden: true, getters: true })],
  ['format', () => format('%s %o %O %j %d', hidden, hidden, hidden, hidden, hidden)],
  ['its own members', () => JSON.stringify(Object.entries(Object.getOwnPropertyDescriptors(hidden)))],
  ['a copy', () => JSON.stringify({ ...hidden }) + inspect({ ...hidden })],
  ['an error', () => inspect(new Error(`got ${hidden}`, { cause: hidden }))],
])('%s does not have it', (_what, print) => {
  expect(print()).not.toContain(VALUE);
});

test('a structured clone is refused', () => {
  expect(() => structuredClone(hidden)).toThrow();
});
