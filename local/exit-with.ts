import { ConfigurationError } from '../functions/core/errors.ts';

/** Ends the process: with one clear line for what its user can mend, with the stack for a fault of ours. */
export function exitWith(error: unknown): never {
  if (error instanceof ConfigurationError) console.error(`latchkey: ${error.message}`);
  else console.error(error);
  process.exit(1);
}
