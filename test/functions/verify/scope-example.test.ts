import { expect, test } from 'vitest';
import { parseScopeParameters } from '../../../functions/core/profile/scope-parameters.ts';

const parameters = (pattern: string, example: string) => () =>
  parseScopeParameters({ part: { description: 'a part', pattern, optional: false, example } });

test('an example of the form that its pattern asks for is taken', () => {
  expect(parameters('x[0-9]y', 'x1y')().get('part')?.example).toBe('x1y');
});

test.each([
  ['is not of that form', 'x[0-9]y', 'x1z'],
  ['is of that form in part', 'x[0-9]y', 'x1yy'],
  ['no request could give, whatever the pattern', '.*', '../globex'],
  ['is longer than any request may give', 'x*', 'x'.repeat(257)],
])('an example that %s is refused', (_what, pattern, example) => {
  expect(parameters(pattern, example)).toThrow('scope part: example: got');
});
