import type { Parameters } from '../query/query-call.ts';
import { notImplemented } from './errors.ts';

/** Throws 501 NotImplemented when an operation was given a parameter that nobody read. */
export function refuseUntaken(operation: string, parameters: Parameters): void {
  const [first] = parameters.untaken();
  if (first !== undefined) throw notImplemented(`the parameter ${first} of ${operation}`);
}

/** Throws 501 NotImplemented when a member of a list has a field that is not known. */
export function refuseOtherFields(
  operation: string,
  member: ReadonlyMap<string, string>,
  known: readonly string[],
): void {
  for (const field of member.keys()) {
    if (!known.includes(field)) throw notImplemented(`the field ${field} in a list of ${operation}`);
  }
}
