import type { Explanation, Miss, MissingAllow, PolicyPlace, StatementReference } from './explanation.ts';
import type { Policy, Statement } from './policy.ts';
import { type Asker, type Naming, namingOf } from './principals.ts';
import type { PolicyRequest } from './request.ts';
import { findMisses } from './statement-match.ts';

/** What all policies of one kind (and one level) say to a request. */
export interface Judgement {
  readonly denies: readonly StatementReference[];
  readonly allows: readonly Allowance[];
  /** What is told when `allows` is empty. */
  readonly missing: MissingAllow;
}

/** An Allow that applies. */
export interface Allowance {
  readonly statement: StatementReference;
  /** How a resource-based policy names whoever asks; undefined elsewhere. */
  readonly naming: Naming | undefined;
}

interface Judged {
  readonly place: StatementReference;
  readonly statement: Statement;
  readonly misses: readonly Miss[];
}

/**
 * Judges every statement of some policies. Throws a PolicyError when one that concerns the request cannot be decided with
 * certainty, whatever the others say: what is answered must not depend on their order.
 */
export function judge(
  policies: readonly Policy[],
  request: PolicyRequest,
  place: PolicyPlace,
  asker?: Asker,
): Judgement {
  const judged = policies.flatMap((policy) =>
    policy.statements.map((statement): Judged => {
      const { index, sid } = statement;
      const misses = findMisses(statement, request, asker);
      return { place: { ...place, policy: policy.name, index, sid }, statement, misses };
    }),
  );
  const applying = judged.filter(({ misses }) => misses.length === 0);
  const allowing = applying.filter(({ statement }) => statement.effect === 'Allow');
  return {
    denies: applying.filter(({ statement }) => statement.effect === 'Deny').map((one) => one.place),
    allows: allowing.map((one) => ({
      statement: one.place,
      naming: one.statement.principals && asker && namingOf(one.statement.principals, asker.principal),
    })),
    missing: { ...place, nearest: findNearest(judged) },
  };
}

/**
 * Concludes from judgements: a Deny in any of `all` wins, then each of `needed`, which are some of them, must allow
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html).
 */
export function conclude(all: readonly Judgement[], needed: readonly Judgement[]): Explanation {
  const [denial, ...denials] = all.flatMap(({ denies }) => denies);
  if (denial !== undefined) return { effect: 'explicitlyDenied', by: [denial, ...denials] };
  const [lack, ...lacks] = needed.filter(({ allows }) => allows.length === 0);
  if (lack !== undefined) {
    return { effect: 'implicitlyDenied', missing: [lack.missing, ...lacks.map(({ missing }) => missing)] };
  }
  const [allow, ...allowed] = needed.flatMap(({ allows }) => allows.slice(0, 1));
  if (allow === undefined) throw new Error('judgements: got none that must allow, expected one at least');
  return { effect: 'allowed', by: [allow.statement, ...allowed.map(({ statement }) => statement)] };
}

/** The order in which elements are asked: an Allow is nearer the later it fails. */
const STEPS = ['Action', 'Principal', 'Resource', 'Condition'];

function findNearest(judged: readonly Judged[]): MissingAllow['nearest'] {
  const near = judged
    .filter(({ statement, misses }) => statement.effect === 'Allow' && stepOf(misses) > 0)
    .toSorted((a, b) => stepOf(b.misses) - stepOf(a.misses) || a.misses.length - b.misses.length)[0];
  return near && { statement: near.place, misses: near.misses };
}

function stepOf(misses: readonly Miss[]): number {
  return STEPS.indexOf((misses[0]?.element ?? '').replace('Not', ''));
}
