import { isDeepStrictEqual } from 'node:util';
import type { Check, Shown } from './check.ts';
import type { Operation, Outcome } from './errand.ts';

/** One thing that a client is to do, and what must become of it: what it is worth, or the refusal that it meets. */
export interface Step {
  readonly shows: Shown;
  readonly title: string;
  readonly operation: Operation;
  readonly expected: { readonly value: unknown } | { readonly error: RegExp };
}

const LONGEST_SHOWN = 1000;

/** Whether the outcomes, one for each step, are what they must be. */
export function checkSteps(steps: readonly Step[], outcomes: readonly Outcome[]): readonly Check[] {
  return steps.map(({ shows, title, expected }, index) => {
    const outcome = outcomes[index];
    if (outcome !== undefined && meets(outcome, expected)) return { shows, title };
    return { shows, title, fault: `got ${show(outcome)}, expected ${show(expected)}` };
  });
}

/** An outcome in a few lines at most. */
export function show(what: Outcome | Step['expected'] | undefined): string {
  if (what === undefined) return 'no outcome';
  const text = 'value' in what ? JSON.stringify(what.value) : String(what.error);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}… (${text.length} characters)` : text;
}

function meets(outcome: Outcome, expected: Step['expected']): boolean {
  if ('value' in expected) return 'value' in outcome && isDeepStrictEqual(outcome.value, expected.value);
  return 'error' in outcome && expected.error.test(outcome.error);
}
