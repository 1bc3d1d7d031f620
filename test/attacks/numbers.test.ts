import { expect, test } from 'vitest';
import { ERROR_CODES, statusOf } from '../../functions/core/errors.ts';
import { answers, answersOverHttp } from './answers.ts';
import type { Attack } from './attack.ts';
import { bound } from './bound.ts';
import { boundInEvents } from './bound-in-events.ts';
import { claims } from './claims.ts';
import { headers } from './header.ts';
import { identity } from './identity.ts';
import { rotations } from './key-rotation.ts';
import { keys } from './keys.ts';
import { transport } from './transport.ts';
import { transportInBytes, transportInEvents } from './transport-in-bytes.ts';

const families: readonly (readonly Attack[])[] = [
  [...transport, ...transportInBytes, ...transportInEvents],
  headers,
  [...claims, ...identity],
  [...rotations, ...keys],
  [...bound, ...boundInEvents],
  [...answers, ...answersOverHttp],
];
const attacks = families.flat();

test('every case of the list is there, from 1 to 91, and each in one family', () => {
  const numbers = families.flatMap((family) => [...new Set(family.map(([number]) => number))]);
  expect(numbers.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 91 }, (_, n) => n + 1));
});

test('what stands more than once is another variant of it each time', () => {
  const told = (table: readonly Attack[]) => table.map(([number, what]) => `${number} ${what}`);
  for (const table of [
    [...transport, ...transportInBytes],
    [...transport, ...transportInEvents],
    ...families.slice(1),
  ])
    expect(new Set(told(table)).size).toBe(table.length);
});

test('every refusal of a token is seen', () => {
  const seen = new Set(attacks.map(([, , , , outcome]) => outcome));
  // Those of assertions: test/functions/saml/refusals.test.ts.
  const ofTokens = ERROR_CODES.filter(
    (code) => statusOf(code) === 401 && !/^(?:assertion_|provider_)/.test(code),
  );
  expect(ofTokens.filter((code) => !seen.has(code))).toEqual([]);
});
