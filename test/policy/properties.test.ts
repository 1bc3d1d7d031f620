import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluatePolicies, evaluateSession } from '../../policy/evaluate.ts';
import type { Miss, StatementReference } from '../../policy/explanation.ts';
import type { PolicyRequest } from '../../policy/request.ts';
import {
  conditionDocument,
  isAllowed,
  parse,
  policies,
  policy,
  request,
  type StatementDocument,
  statementDocument,
  statementDocuments,
} from './small-world.ts';

const RUNS = { numRuns: 700 };
const effectOf = (statements: readonly object[], asked: PolicyRequest) =>
  evaluatePolicies([parse(statements)], asked).effect;

test('a further statement that denies never allows more', () => {
  fc.assert(
    fc.property(policies, statementDocument, request, (set, further, asked) => {
      const deny = parse([{ ...further, Effect: 'Deny' }]);
      if (isAllowed(evaluatePolicies([...set, deny], asked))) {
        expect(evaluatePolicies(set, asked).effect).toBe('allowed');
      }
    }),
    RUNS,
  );
});

test('a further statement that allows never takes an Allow away', () => {
  fc.assert(
    fc.property(policies, statementDocument, request, (set, further, asked) => {
      const allow = parse([{ ...further, Effect: 'Allow' }]);
      if (isAllowed(evaluatePolicies(set, asked))) {
        expect(evaluatePolicies([...set, allow], asked).effect).toBe('allowed');
      }
    }),
    RUNS,
  );
});

test('a condition, negated or not, never makes a statement apply to more', () => {
  fc.assert(
    fc.property(statementDocument, conditionDocument, request, (statement, Condition, asked) => {
      const { Condition: _, ...bare } = statement;
      if (effectOf([{ ...bare, Condition }], asked) !== 'implicitlyDenied') {
        expect(effectOf([bare], asked)).toBe(bare.Effect === 'Allow' ? 'allowed' : 'explicitlyDenied');
      }
    }),
    RUNS,
  );
});

test('a session is allowed exactly what identity policies, boundary and session policies all allow', () => {
  const optional = fc.option(policies, { nil: undefined });
  fc.assert(
    fc.property(
      policies,
      fc.option(policy, { nil: undefined }),
      optional,
      request,
      (own, boundary, passed, asked) => {
        const together = evaluateSession({ identityPolicies: own, boundary, sessionPolicies: passed }, asked);
        const sets = [own, boundary && [boundary], passed].filter((set) => set !== undefined);
        expect(isAllowed(together)).toBe(sets.every((set) => isAllowed(evaluatePolicies(set, asked))));
      },
    ),
    RUNS,
  );
});

test('the order of policies and statements changes no decision', () => {
  fc.assert(
    fc.property(statementDocuments, statementDocuments, request, (one, two, asked) => {
      const [ordered, reversed] = [
        [one, two],
        [two.toReversed(), one.toReversed()],
      ].map(
        (set) =>
          evaluatePolicies(
            set.map((statements) => parse(statements)),
            asked,
          ).effect,
      );
      expect(reversed).toBe(ordered);
    }),
    RUNS,
  );
});

test.each(['Action', 'Resource'] as const)(
  '%s and its Not form split what the rest applies to',
  (element) => {
    fc.assert(
      fc.property(statementDocument, request, (statement, asked) => {
        const { [element]: entry, ...rest } = statement;
        const [only, allExcept, all] = [
          { [element]: entry },
          { [`Not${element}`]: entry },
          { [element]: '*' },
        ].map((form) => effectOf([{ ...rest, ...form, Effect: 'Allow' }], asked) === 'allowed');
        expect([only, allExcept].filter(Boolean)).toHaveLength(all ? 1 : 0);
      }),
      RUNS,
    );
  },
);

describe('the explanation', () => {
  test('names statements that decide so alone, and all that deny', () => {
    fc.assert(
      fc.property(statementDocuments, request, (statements, asked) => {
        const { explanation } = evaluatePolicies([parse(statements)], asked);
        if (explanation.effect === 'implicitlyDenied') return;
        const named = explanation.by.map(({ index }) => index);
        for (const index of named)
          expect(effectOf(statements.slice(index, index + 1), asked)).toBe(explanation.effect);
        const denying = statements.flatMap((statement, index) =>
          effectOf([statement], asked) === 'explicitlyDenied' ? [index] : [],
        );
        if (explanation.effect === 'explicitlyDenied') expect(named).toEqual(denying);
      }),
      RUNS,
    );
  });

  test('names what would have to go for the nearest statement to allow', () => {
    fc.assert(
      fc.property(statementDocuments, request, (statements, asked) => {
        const { explanation } = evaluatePolicies([parse(statements)], asked);
        if (explanation.effect !== 'implicitlyDenied') return;
        const { nearest } = explanation.missing[0];
        const about = statements.filter(
          ({ Effect, Action }) =>
            Effect === 'Allow' && effectOf([{ Effect, Action, Resource: '*' }], asked) === 'allowed',
        );
        expect(nearest === undefined).toBe(about.length === 0);
        if (nearest === undefined) return;
        const statement = at(statements, nearest.statement);
        expect(effectOf([statement], asked)).toBe('implicitlyDenied');
        expect(effectOf([without(statement, nearest.misses)], asked)).toBe('allowed');
      }),
      RUNS,
    );
  });
});

function at(statements: readonly StatementDocument[], { index }: StatementReference): StatementDocument {
  const statement = statements[index];
  if (statement === undefined)
    throw new Error(`statement: got ${index}, expected one of ${statements.length}`);
  return statement;
}

/** A statement without the elements that missed; of a resource that missed, the conditions were not asked. */
function without(statement: StatementDocument, misses: readonly Miss[]): object {
  const { Condition = {}, ...rest } = statement;
  if (misses.some(({ element }) => element === 'Resource')) return { ...rest, Resource: '*' };
  const failed = misses.map((miss) => (miss.element === 'Condition' ? miss.operator : ''));
  const left = Object.entries(Condition).filter(([operator]) => !failed.includes(operator));
  return left.length === 0 ? rest : { ...rest, Condition: Object.fromEntries(left) };
}
