import type { Logger } from '@aws-lambda-powertools/logger';
import { VendingError } from '../../core/errors.ts';
import { describeCause } from './describe-cause.ts';

/** What there is to say of one piece of work; no token, secret or credentials. */
type OutcomeFacts = Readonly<Record<string, unknown>>;

/** Where a function that others invoke writes down what became of its work, one line each. */
export interface OutcomeLog {
  /** Does the work and writes its line; throws what the work throws. */
  record<T>(facts: OutcomeFacts, work: () => Promise<T>, factsOf?: (result: T) => OutcomeFacts): Promise<T>;
}

/** A structured line an outcome, under `name`: level INFO for work that was done, WARN for work that failed. */
export function createOutcomeLog(name: string, logger: Pick<Logger, 'info' | 'warn'>): OutcomeLog {
  return {
    async record(facts, work, factsOf = () => ({})) {
      const startedAt = performance.now();
      const since = () => Math.round(performance.now() - startedAt);
      try {
        const result = await work();
        logger.info(name, { [name]: { ...facts, code: 'done', milliseconds: since(), ...factsOf(result) } });
        return result;
      } catch (error) {
        const isOurs = error instanceof VendingError;
        const code = isOurs ? error.code : 'internal_error';
        const cause =
          isOurs && error.cause === undefined ? {} : { cause: describeCause(isOurs ? error.cause : error) };
        logger.warn(name, { [name]: { ...facts, code, milliseconds: since(), ...cause } });
        throw error;
      }
    },
  };
}
