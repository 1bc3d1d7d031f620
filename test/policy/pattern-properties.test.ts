import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createContext } from '../../policy/context.ts';
import { evaluatePolicies } from '../../policy/evaluate.ts';
import { matchesArn, matchesGlob } from '../../policy/match.ts';
import { parseTemplate, resolveTemplate } from '../../policy/variables.ts';
import { isAllowed, parse, TAG } from './small-world.ts';

const hostile = fc.string({
  unit: fc.constantFrom('*', '?', '$', '{', '}', ':', '/', 'a', '\\', '.'),
  minLength: 1,
  maxLength: 8,
});

test('a tag opens the folder that bears its name to the letter, whatever it holds', () => {
  const own = parse([{ Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::data/${TAG}/file` }]);
  fc.assert(
    fc.property(hostile, hostile, (tenant, folder) => {
      const asked = {
        action: 's3:GetObject',
        resource: `arn:aws:s3:::data/${folder}/file`,
        context: createContext({ values: { 'aws:PrincipalTag/TenantId': tenant } }),
      };
      expect(isAllowed(evaluatePolicies([own], asked))).toBe(tenant === folder);
    }),
    { numRuns: 1000 },
  );
});

const text = fc.string({ unit: fc.constantFrom('a', 'b', ':', '*', '?'), maxLength: 12 });
const asRegExp = (pattern: string) =>
  new RegExp(`^${pattern.replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`, 'u');
const asGlob = (pattern: string) => {
  const grammar = { variables: false, wildcards: true, where: 'test' };
  return resolveTemplate(parseTemplate(pattern, grammar), createContext({ values: {} })) ?? [];
};

test('a glob matches what the regular expression for it does', () => {
  fc.assert(
    fc.property(text, text, (pattern, subject) => {
      expect(matchesGlob(asGlob(pattern), subject)).toBe(asRegExp(pattern).test(subject));
    }),
    { numRuns: 1000 },
  );
});

test('an ARN pattern matches when each of six segments does', () => {
  const segment = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 2 });
  const arn = fc.tuple(segment, segment, segment, segment, segment, text).map((parts) => parts.join(':'));
  const segmentsOf = (whole: string) => {
    const parts = whole.split(':');
    return [...parts.slice(0, 5), parts.slice(5).join(':')];
  };
  fc.assert(
    fc.property(arn, arn, (pattern, subject) => {
      const subjects = segmentsOf(subject);
      const each = segmentsOf(pattern).every((part, index) => asRegExp(part).test(subjects[index] ?? ''));
      expect(matchesArn(asGlob(pattern), subject, 'segments')).toBe(each);
    }),
    { numRuns: 1000 },
  );
});
