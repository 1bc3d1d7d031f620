import { expect, test } from 'vitest';
import { createMfaDevice } from '../../local/aws/sts/mfa-device.ts';

/** "12345678901234567890", as in RFC 6238 appendix B; its codes are the last six digits of those there. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const at = (seconds: number) => new Date(seconds * 1000);
const STEP = { before: 1_111_111_109, after: 1_111_111_111 };

test.each([
  [59, '287082'],
  [STEP.before, '081804'],
  [STEP.after, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
])('at %i s the code is %s', (seconds, code) => {
  expect(createMfaDevice({ secret: SECRET }).accepts(code, at(seconds))).toBe(true);
});

test.each([
  ['the code of the step before', '081804', STEP.after, true],
  ['the code of the step after', '050471', STEP.before, true],
  ['the code of two steps before', '081804', STEP.after + 30, false],
  ['the code of two steps after', '050471', STEP.before - 30, false],
  ['another code', '081805', STEP.before, false],
  ['five digits', '81804', STEP.before, false],
  ['nothing', '', STEP.before, false],
])('%s', (_what, code, seconds, accepted) => {
  expect(createMfaDevice({ secret: SECRET }).accepts(code, at(seconds))).toBe(accepted);
});

test('a code is good once, and none before it is good any more', () => {
  const device = createMfaDevice({ secret: SECRET });
  expect(device.accepts('050471', at(STEP.after))).toBe(true);
  expect(device.accepts('050471', at(STEP.after))).toBe(false);
  expect(device.accepts('081804', at(STEP.after))).toBe(false);
});

test('a wrong code uses nothing up', () => {
  const device = createMfaDevice({ secret: SECRET });
  expect(device.accepts('000000', at(STEP.after))).toBe(false);
  expect(device.accepts('050471', at(STEP.after))).toBe(true);
});

test('a secret that is no base32 is refused', () => {
  expect(() => createMfaDevice({ secret: '0189' })).toThrow();
});
