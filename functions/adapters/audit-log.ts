import type { Logger } from '@aws-lambda-powertools/logger';
import { ConfigurationError } from '../core/errors.ts';
import type { AuditLog } from '../core/ports.ts';

/** Writes every outcome as one structured line: level INFO for what was granted, WARN for what was refused. */
export function createAuditLog(logger: Pick<Logger, 'info' | 'warn'>): AuditLog {
  return {
    record({ cause, ...event }) {
      const line = cause === undefined ? event : { ...event, cause: describe(cause) };
      if (event.code === 'granted') logger.info('audit', { audit: line });
      else logger.warn('audit', { audit: line });
    },
  };
}

/**
 * What may be said of an error in a log. AWS's messages and our own configuration faults name ARNs and members; the
 * message of anything else may quote what it choked on (JSON.parse does), which can be a token, so it stays out and
 * the place in the code has to do.
 */
function describe(cause: unknown): unknown {
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
