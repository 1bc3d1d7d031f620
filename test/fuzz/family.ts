import fc from 'fast-check';
import type { Watch } from './watch.ts';

/** What one input came to: `granted`, `answered`, or the name of what refused it. */
export type Outcome = string;

/** What was done with the inputs of one family, until the first that broke a promise. */
export interface FamilyReport {
  readonly family: string;
  readonly inputs: number;
  readonly outcomes: ReadonlyMap<Outcome, number>;
  /** The most that one input took of the thread, in milliseconds: no synchronous step of it took longer. */
  readonly slowestMilliseconds: number;
  readonly finding: Finding | undefined;
}

/** An input that broke a promise, as small as it could be made. */
export interface Finding {
  readonly message: string;
  readonly input: string;
}

/** Inputs of one kind. */
export interface Family {
  readonly name: string;
  /** Of a hundred inputs. */
  readonly share: number;
  run(inputs: number, seed: number): Promise<FamilyReport>;
}

/** What a family of generated inputs is made of. */
export interface FamilyOptions<Input> {
  readonly name: string;
  readonly share: number;
  readonly inputs: fc.Arbitrary<Input>;
  /** Throws for a promise that is broken. */
  readonly attempt: (input: Input) => Outcome | Promise<Outcome>;
  readonly watch: Watch;
}

/** A family of generated inputs; the first that breaks a promise is shrunk. */
export function createFamily<Input>({ name, share, inputs, attempt, watch }: FamilyOptions<Input>): Family {
  return {
    name,
    share,
    async run(numRuns, seed) {
      const outcomes = new Map<Outcome, number>();
      watch.restart();
      const property = fc.asyncProperty(inputs, async (input) => {
        const outcome = await attempt(input);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        watch.assertUntouched();
      });
      const details = await fc.check(property, { seed, numRuns });
      const { counterexample, errorInstance } = details;
      const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
      return {
        family: name,
        inputs: details.numRuns,
        outcomes,
        slowestMilliseconds: watch.slowestMilliseconds(),
        finding: details.failed ? { message, input: fc.stringify(counterexample?.[0]) } : undefined,
      };
    },
  };
}
