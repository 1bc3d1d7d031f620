import { parseEndpoint } from './endpoint.ts';
import { LatchkeyError } from './error.ts';
import { isMfaCodeSource } from './mfa-code.ts';
import type { LatchkeyOptions } from './options.ts';

/** Options that have been checked, with their defaults. */
export interface ParsedOptions extends Omit<LatchkeyOptions, 'endpoint'> {
  readonly endpoint: URL;
  readonly advisoryRefreshSeconds: number;
  readonly mandatoryRefreshSeconds: number;
  readonly timeoutMilliseconds: number;
}

/** As botocore's advisory window, and JavaScript's own one. */
const ADVISORY_SECONDS = 900;
const MANDATORY_SECONDS = 300;
const TIMEOUT_MILLISECONDS = 10_000;
/** Beyond it, `setTimeout` fires at once. */
const LONGEST_TIMER_MILLISECONDS = 2 ** 31 - 1;

/** Checks what can be checked here; what the server knows better, it refuses itself. Throws `options_invalid`. */
export function parseOptions(options: LatchkeyOptions): ParsedOptions {
  const { token, profile, mfa, durationSeconds, timeoutMilliseconds = TIMEOUT_MILLISECONDS } = options;
  const { advisoryRefreshSeconds = ADVISORY_SECONDS } = options;
  const { mandatoryRefreshSeconds = Math.min(MANDATORY_SECONDS, advisoryRefreshSeconds) } = options;
  if (!isTokenSource(token))
    throw invalid(
      'got no token, expected the JWT, { file } with its path, or an async function that gives it',
    );
  if (profile === '') throw invalid('got an empty profile, expected a name, or none for the default profile');
  if (mfa !== undefined && !isMfaCodeSource(mfa.code))
    throw invalid(
      'got no mfa.code, expected 6 digits, an async function that gives them, or { command: [program, ...arguments] }, with timeoutSeconds up to 3600',
    );
  if (durationSeconds !== undefined && !(Number.isInteger(durationSeconds) && durationSeconds > 0))
    throw invalid(`got durationSeconds ${durationSeconds}, expected whole seconds`);
  if (!(timeoutMilliseconds > 0 && timeoutMilliseconds <= LONGEST_TIMER_MILLISECONDS))
    throw invalid(`got timeoutMilliseconds ${timeoutMilliseconds}, expected more than 0`);
  if (!(mandatoryRefreshSeconds >= 0 && Number.isFinite(advisoryRefreshSeconds)))
    throw invalid(
      `got windows of ${advisoryRefreshSeconds} and ${mandatoryRefreshSeconds} s, expected seconds from 0 on`,
    );
  if (mandatoryRefreshSeconds > advisoryRefreshSeconds)
    throw invalid(
      `got mandatoryRefreshSeconds ${mandatoryRefreshSeconds}, expected at most advisoryRefreshSeconds ${advisoryRefreshSeconds}`,
    );
  return {
    ...options,
    endpoint: parseEndpoint(options.endpoint),
    advisoryRefreshSeconds,
    mandatoryRefreshSeconds,
    timeoutMilliseconds,
  };
}

/** JavaScript callers get here with an environment variable that is not set. */
function isTokenSource(token: unknown): boolean {
  if (typeof token === 'string') return token !== '';
  if (typeof token === 'function') return true;
  return typeof token === 'object' && token !== null && 'file' in token && typeof token.file === 'string';
}

function invalid(message: string): LatchkeyError {
  return new LatchkeyError('options_invalid', message);
}
