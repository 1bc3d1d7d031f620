import type { StepBudget } from './automata/step-budget.ts';
import type { Case } from './confirm.ts';
import type { Solver } from './solver.ts';
import type { Reading } from './symbols.ts';

/** Finds requests under some values of the variables. */
export interface Search extends Case {
  readonly solverFor: (reading: Reading) => Solver;
  readonly isMultivalued: (key: string) => boolean;
  readonly budget: StepBudget;
}
