import type { Statement } from '../policy/policy.ts';
import { escapesOf, type Requirement, requirementsOf } from './requirement.ts';
import type { Solution, Solver } from './solver.ts';

/** A question for a request: all of `required`, and none of the statements in `avoided` may apply. */
export interface Query {
  readonly required: readonly Requirement[];
  readonly avoided: readonly Statement[];
}

/**
 * A request that answers the query, or undefined when there is none. Each statement to avoid is avoided by one of its
 * elements, and every choice is tried.
 */
export function ask(solver: Solver, { required, avoided }: Query): Solution | undefined {
  const solution = solver.solve(required);
  if (solution === undefined) return undefined;
  const [first, ...rest] = avoided;
  if (first === undefined) return solution;
  // Most denials are about something else altogether.
  if (solver.solve([...required, ...requirementsOf(first)]) === undefined)
    return ask(solver, { required, avoided: rest });
  for (const way of escapesOf(first)) {
    const found = ask(solver, { required: [...required, way], avoided: rest });
    if (found !== undefined) return found;
  }
  return undefined;
}
