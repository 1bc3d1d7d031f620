/** The search took as many steps as it may. */
export class BudgetSpent extends Error {
  override readonly name = 'BudgetSpent';
}

/** Steps that may still be taken: the same input always ends at the same place, however fast the machine is. */
export interface StepBudget {
  /** Throws `BudgetSpent` when none is left. */
  readonly take: () => void;
  readonly taken: () => number;
}

/** A budget of so many steps. */
export function createStepBudget(limit: number): StepBudget {
  let taken = 0;
  return {
    take() {
      taken += 1;
      if (taken > limit) throw new BudgetSpent(`got more than ${limit} steps, expected fewer`);
    },
    taken: () => Math.min(taken, limit),
  };
}
