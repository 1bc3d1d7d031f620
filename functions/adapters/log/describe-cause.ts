import { ConfigurationError } from '../../core/errors.ts';

/**
 * What was signed, as AWS repeats it when it refuses a signature: with the session token of whoever asked.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 */
const SIGNED = /\s*The (?:Canonical String|String-to-Sign)\b.*/is;

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
  if ('$metadata' in cause) return { name, message: message.replace(SIGNED, '') };
  if (cause instanceof ConfigurationError) return { name, message };
  const at = stack
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 4);
  const code = 'code' in cause && typeof cause.code === 'string' ? { code: cause.code } : {};
  return { name, ...code, at: at.map((line) => line.trim()) };
}
