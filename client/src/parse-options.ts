import { parseEndpoint } from './endpoint.ts';
import { LatchkeyError } from './error.ts';
import { asObject } from './json-object.ts';
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

/** Checks what can be checked here; what the server knows better, it refuses itself. Throws `options_invalid`, which repeats no value but numbers. */
export function parseOptions(options: LatchkeyOptions): ParsedOptions {
  refuseUnknown(options);
  for (const [wrong, message] of faults(options)) if (wrong) throw invalid(message);
  const { timeoutMilliseconds = TIMEOUT_MILLISECONDS, advisoryRefreshSeconds = ADVISORY_SECONDS } = options;
  const { mandatoryRefreshSeconds = Math.min(MANDATORY_SECONDS, advisoryRefreshSeconds) } = options;
  if (!isNumber(timeoutMilliseconds, 0) || timeoutMilliseconds === 0)
    throw invalid(`got timeoutMilliseconds ${told(timeoutMilliseconds)}, expected more than 0`);
  if (timeoutMilliseconds > LONGEST_TIMER_MILLISECONDS)
    throw invalid(
      `got timeoutMilliseconds ${timeoutMilliseconds}, expected at most ${LONGEST_TIMER_MILLISECONDS}`,
    );
  if (!isNumber(mandatoryRefreshSeconds, 0) || !isNumber(advisoryRefreshSeconds, 0))
    throw invalid(
      `got windows of ${told(advisoryRefreshSeconds)} and ${told(mandatoryRefreshSeconds)} s, expected seconds from 0 on`,
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

/** Every option; a misspelled one would be passed over, and a default would count. */
const NAMES: Readonly<Record<keyof LatchkeyOptions, true>> = {
  endpoint: true,
  token: true,
  profile: true,
  durationSeconds: true,
  scope: true,
  mfa: true,
  route: true,
  advisoryRefreshSeconds: true,
  mandatoryRefreshSeconds: true,
  timeoutMilliseconds: true,
  cache: true,
  onEvent: true,
};

function refuseUnknown(options: unknown): void {
  const given = asObject(options);
  if (given === undefined) throw invalid('got no options, expected an object with endpoint and token');
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(NAMES, name));
  if (unknown !== undefined)
    throw invalid(`got the option ${unknown}, expected only ${Object.keys(NAMES).join(', ')}`);
}

/** What may be wrong with an option by itself, and how it is said. */
function faults({ token, profile, scope, mfa, route, durationSeconds, cache, onEvent }: LatchkeyOptions) {
  const { serialNumber, code } = asObject(mfa) ?? {};
  return [
    [
      !isTokenSource(token),
      'got no token, expected the JWT, { file } with its path, or an async function that gives it',
    ],
    [
      profile !== undefined && !isText(profile),
      `got ${profile === '' ? 'an empty' : 'no text as'} profile, expected a name, or none for the default profile`,
    ],
    [scope !== undefined && !isScope(scope), 'got no scope, expected an object with a text for each name'],
    [
      mfa !== undefined && !isMfaCodeSource(code),
      'got no mfa.code, expected 6 digits, an async function that gives them, or { command: [program, ...arguments] }, with timeoutSeconds up to 3600',
    ],
    [
      mfa !== undefined && !isText(serialNumber),
      'got no text as mfa.serialNumber, expected the serial number or ARN of a device',
    ],
    [
      route !== undefined && route !== 'iam-user',
      "got another route, expected iam-user, or none for profiles of Latchkey's own role",
    ],
    [
      durationSeconds !== undefined && !(Number.isInteger(durationSeconds) && durationSeconds > 0),
      `got durationSeconds ${told(durationSeconds)}, expected whole seconds`,
    ],
    [!isCache(cache), 'got no cache, expected true, false, or { directory } with a path'],
    [
      onEvent !== undefined && typeof onEvent !== 'function',
      'got an onEvent that is no function, expected one that takes an event',
    ],
  ] as const;
}

/** A number as it is; of anything else the type: it may be a secret that was put in the wrong place. */
function told(value: unknown): string {
  return typeof value === 'number' ? String(value) : `of type ${typeof value}`;
}

function isNumber(value: unknown, least: number): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= least;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isScope(scope: unknown): boolean {
  const values = asObject(scope);
  return values !== undefined && Object.values(values).every((value) => typeof value === 'string');
}

function isCache(cache: unknown): boolean {
  if (cache === undefined || typeof cache === 'boolean') return true;
  return isText(asObject(cache)?.['directory']);
}

/** JavaScript callers get here with an environment variable that is not set. */
function isTokenSource(token: unknown): boolean {
  if (isText(token) || typeof token === 'function') return true;
  return isText(asObject(token)?.['file']);
}

function invalid(message: string): LatchkeyError {
  return new LatchkeyError('options_invalid', message);
}
