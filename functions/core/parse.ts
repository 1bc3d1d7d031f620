import * as z from 'zod/mini';
import { ConfigurationError, type Fault } from './errors.ts';
import { faultWords } from './fault-words.ts';

// zod/mini comes without words.
z.config({ localeError: faultWords });

/**
 * The value as the schema types it; throws `ConfigurationError` naming `what` (`tenant acme`), the member that is
 * wrong and why. The way in for everything that an operator wrote.
 */
export function parse<S extends z.ZodMiniType>(schema: S, value: unknown, what: string): z.output<S> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => ({ path, message }));
  throw new ConfigurationError(`${what}: ${describeFaults(faults)}`, { faults });
}

/** `member.path: what is wrong; …`, every fault. What was got is named by its type, never by its value. */
function describeFaults(faults: readonly Fault[]): string {
  return faults
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ');
}
