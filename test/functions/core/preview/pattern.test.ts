import { describe, expect, test } from 'vitest';
import { instancesOf, isMeant, meet, parsePattern } from '../../../../functions/core/preview/pattern.ts';

describe('instances', () => {
  test.each([
    ['s3:GetObject', ['s3:GetObject']],
    ['s3:Get*', ['s3:GetSample', 's3:Get']],
    ['a*/b*', ['aSample/bSample', 'a/b']],
    ['a?', ['aS']],
    [`a\${*}b\${?}\${$}`, ['a*b?$']],
    [`a/\${aws:username}/b`, ['a/Sample/b', 'a//b']],
  ])('of %s are %j', (text, instances) => {
    expect(instancesOf(parsePattern(text))).toEqual(instances);
    for (const instance of instances) expect(isMeant(parsePattern(text), instance)).toBe(true);
  });
});

describe('where two patterns meet', () => {
  test.each([
    ['a*', '*b', true],
    ['a*', 'b*', false],
    ['acme/*', '*/reports/*', true],
    ['acme/*', 'acme-prod/*', false],
    ['a*c', 'ab?', true],
    ['a??', 'a*bcd', false],
    ['*', 'x', true],
    ['', '*', true],
    ['', '?', false],
    [`a\${*}`, 'a*', true],
    [`a\${*}`, 'ab', false],
    ['**a**', '*a', true],
    ['s3:get*', 's3:GETobject', false],
  ])('%s and %s: %s', (one, other, do_) => {
    for (const [a, b] of [
      [one, other],
      [other, one],
    ] as const) {
      const text = meet(parsePattern(a), parsePattern(b));
      expect(text !== undefined).toBe(do_);
      if (text === undefined) continue;
      expect([isMeant(parsePattern(a), text), isMeant(parsePattern(b), text)]).toEqual([true, true]);
    }
  });

  test('case apart, in the first one’s case', () => {
    expect(meet(parsePattern('s3:GetO*'), parsePattern('s3:*object'), true)).toMatch(/^s3:GetO.*bject$/);
  });

  test('is found quickly however many stars there are', () => {
    const startedAt = performance.now();
    expect(meet(parsePattern(`${'*a'.repeat(60)}x`), parsePattern(`${'*a'.repeat(60)}y`))).toBeUndefined();
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
