import { ConfigurationError } from '../functions/core/errors.ts';
import { PolicyError } from '../policy/policy-error.ts';
import { BudgetSpent, createStepBudget, type StepBudget } from './automata/step-budget.ts';
import { readClaims } from './claims.ts';
import { isMultivalued } from './key-question.ts';
import type { Proof, ProofRow, ProveInput } from './proof.ts';
import { type Finding, proveRow, tellRow } from './prove-row.ts';
import type { Search } from './search.ts';
import { type Layers, policiesOf, type Row, readLayers, rowsOf } from './session-layers.ts';
import { createSolver, type Solver } from './solver.ts';
import { createSymbols, type Reading } from './symbols.ts';
import { Undecided } from './undecided.ts';

/** About as many as two cores of a small machine take in five seconds. */
export const DEFAULT_STEP_BUDGET = 2_000_000;

/**
 * Decides, over all tenants at once, whether one tenant's session can reach what is another's. Never throws for what a
 * policy says: what cannot be decided is a row or a proof that has not passed.
 */
export function proveProfile(input: ProveInput): Proof {
  const budget = createStepBudget(input.stepBudget ?? DEFAULT_STEP_BUDGET);
  const profile = input.profile.name;
  try {
    const search = createSearch(input, budget);
    const asked = rowsOf(search.layers, input.profile);
    // First what is found soon: a row that takes all the steps must not hide that another crosses.
    const told = asked.map((row) => decide(search, row, tellRow));
    const rows = asked.map((row, index) => {
      const found = told[index];
      return found?.verdict === 'crosses' ? found : decide(search, row, proveRow);
    });
    const passed = rows.length > 0 && rows.every(({ verdict }) => PASSING.includes(verdict));
    return { profile, passed, rows, undecided: undefined, steps: budget.taken() };
  } catch (cause) {
    if (!isAboutInput(cause)) throw cause;
    return { profile, passed: false, rows: [], undecided: cause.message, steps: budget.taken() };
  }
}

const PASSING: readonly ProofRow['verdict'][] = ['own', 'shared', 'closed'];

function isAboutInput(cause: unknown): cause is Error {
  return cause instanceof Undecided || cause instanceof PolicyError || cause instanceof ConfigurationError;
}

function decide(search: Search, row: Row, by: typeof tellRow): ProofRow {
  try {
    return asProofRow(row, by(search, row) ?? { verdict: 'not decided' });
  } catch (cause) {
    if (cause instanceof BudgetSpent) return asProofRow(row, { verdict: 'not decided', undecided: 'budget' });
    if (!isAboutInput(cause)) throw cause;
    return asProofRow(row, { verdict: 'not decided', undecided: cause.message });
  }
}

function asProofRow({ policy, statement, action, resource }: Row, finding: Finding): ProofRow {
  const nothing = { shared: [], undecided: undefined, counterexample: undefined };
  return { policy, statement: statement.label, action, resource, ...nothing, ...finding };
}

function createSearch(input: ProveInput, budget: StepBudget): Search {
  const { profile, role, ownership, resources } = input;
  const layers = readLayers(input);
  const qualified = qualifiedKeys(layers);
  const hasSeveral = (key: string) => isMultivalued(key, qualified.has(key));
  const solvers = new Map<string, Solver>();
  const solverFor = (reading: Reading) => {
    const name = JSON.stringify([[...reading.fixed], reading.excluded]);
    const solver =
      solvers.get(name) ??
      createSolver({ symbols: createSymbols(profile, role, reading), isMultivalued: hasSeveral, budget });
    solvers.set(name, solver);
    return solver;
  };
  const claims = readClaims(ownership, resources);
  return { profile, role, layers, claims, solverFor, isMultivalued: hasSeveral, budget };
}

/** Keys, in lower case, with a set operator in front somewhere. */
function qualifiedKeys(layers: Layers): ReadonlySet<string> {
  const conditions = policiesOf(layers)
    .flatMap(({ statements }) => statements)
    .flatMap((statement) => statement.conditions);
  return new Set(
    conditions.filter(({ qualifier }) => qualifier !== undefined).map(({ key }) => key.toLowerCase()),
  );
}
