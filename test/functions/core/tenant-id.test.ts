import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseTenantId } from '../../../functions/core/tenant-id.ts';

describe('tenant id', () => {
  test.each(['acme', 'acme-prod', 'a1b', '0-0', 'x'.repeat(48)])('takes %s', (id) => {
    expect(parseTenantId(id)).toBe(id);
  });

  test.each([
    ['too short', 'ab'],
    ['too long', 'x'.repeat(49)],
    ['upper case', 'Acme'],
    ['a hyphen at the start', '-acme'],
    ['a hyphen at the end', 'acme-'],
    ['a wildcard', 'acm*'],
    ['a single wildcard', 'acm?'],
    ['a variable', '$' + '{aws:username}'],
    ['a placeholder', '{{tenant.id}}'],
    ['a slash', 'acme/x'],
    ['a colon', 'acme:x'],
    ['a hash', 'acme#x'],
    ['dots', '..acme'],
    ['an escape', 'acme%2fx'],
    ['a space', 'acme x'],
    ['a newline behind', 'acme\n'],
    ['a Cyrillic look-alike', 'аcme'],
    ['a fullwidth letter', 'ａcme'],
    ['a zero-width space', 'ac\u200bme'],
    ['a no-break space', 'ac\u00a0me'],
    ['a right-to-left mark', 'acme\u200f'],
    ['a combining accent', 'acme\u0301'],
    ['a number', 123],
    ['an array', ['acme']],
    ['an object', { toString: () => 'acme' }],
    ['nothing', undefined],
  ])('refuses %s', (_what, id) => {
    expect(() => parseTenantId(id)).toThrow('tenant id');
  });

  it('never holds a character that means something to IAM, S3 or an ARN', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (id) => {
        let taken: string;
        try {
          taken = parseTenantId(id);
        } catch {
          return;
        }
        expect(taken).toMatch(/^[a-z0-9-]+$/);
      }),
    );
  });
});
