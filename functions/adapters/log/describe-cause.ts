import { ConfigurationError } from '../../core/errors.ts';

/**
 * What may be said of an error in a log. AWS's messages and our own configuration faults name ARNs and members; the
 * message of anything else may quote what it choked on (JSON.parse does), which can be a token, so it stays out and
 * the place in the code has to do.
 */
export function describeCause(cause: unknown): unknown {
  // A string is a sentence of our own: see VendingErrorOptions.
  if (typeof cause === 'string') return cause;
  if (!(cause instanceof Error)) return { name: typeof cause };
  const { name, message, stack = '' } = cause;
  if ('$metadata' in cause || cause instanceof ConfigurationError) return { name, message };
  const at = stack
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 4);
  const code = 'code' in cause && typeof cause.code === 'string' ? { code: cause.code } : {};
  return { name, ...code, at: at.map((line) => line.trim()) };
}
