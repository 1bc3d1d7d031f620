import { VendingError } from '../errors.ts';
import type { Precondition } from './administration.ts';

/** Throws `precondition_failed` unless what is stored (undefined: nothing) is what the precondition names (RFC 9110, 13.1). */
export function assertPrecondition(precondition: Precondition, version: number | undefined): void {
  if (precondition === 'any') return;
  const expected = precondition === 'absent' ? undefined : precondition;
  if (version !== expected) throw new VendingError('precondition_failed');
}
