import type { AwsCredentialIdentity, Provider } from '@smithy/types';
import { RefusedError, UnreachableError, UsageError } from '../failure.ts';
import { readProblem } from '../read-problem.ts';
import { createRequestSigner, type RequestSigner, type UnsignedRequest } from './sign-request.ts';
import type { Target } from './target.ts';

/** A request to the operators' API. */
export interface ApiRequest extends UnsignedRequest {
  /** Of one attempt. */
  readonly timeoutSeconds?: number;
}

/** A success. */
export interface ApiAnswer {
  readonly status: number;
  /** As it came; empty where there is nothing to say. */
  readonly text: string;
  /** What the text holds, undefined for an empty one. */
  readonly document: unknown;
}

/**
 * The operators' API as its commands use it. Throws `UsageError` where there are no AWS credentials, `RefusedError` for
 * an answer that is not a success, and `UnreachableError`.
 */
export type OperatorsApi = (request: ApiRequest) => Promise<ApiAnswer>;

/** What a client is made of. */
export interface OperatorsApiOptions {
  readonly target: Target;
  readonly credentials: Provider<AwsCredentialIdentity>;
  /** Which profile of the AWS configuration was asked for. */
  readonly awsProfile: string | undefined;
  readonly fetch: typeof fetch;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const ATTEMPTS = 3;
const TIMEOUT_SECONDS = 30;
/** Nobody waits longer before a terminal without being told why. */
const LONGEST_PAUSE_SECONDS = 20;

/** Client of the operators' API: signs, waits, tries again, and takes answers apart. */
export function createOperatorsApi(options: OperatorsApiOptions): OperatorsApi {
  const { target, credentials, awsProfile, fetch, sleep } = options;
  const sign = createRequestSigner(target, demandCredentials(credentials, awsProfile));
  return async (request) => {
    assertPath(request.path);
    const { status, text } = await persist(request, sleep, () => send(request, sign, fetch));
    return { status, text, document: parseDocument(text, target) };
  };
}

type RawAnswer = Omit<ApiAnswer, 'document'>;

async function persist(
  request: ApiRequest,
  sleep: OperatorsApiOptions['sleep'],
  attempt: () => Promise<RawAnswer>,
): Promise<RawAnswer> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      const pause = count < ATTEMPTS ? pauseSeconds(error, request, count) : undefined;
      if (pause === undefined) throw error;
      await sleep(pause * 1000);
    }
  }
}

/** WHATWG URLs take such segments away, and the request would be another one: DELETE /tenants/.. has no tenant in it. */
function assertPath(path: readonly string[]): void {
  for (const segment of path)
    if (['', '.', '..'].includes(segment)) throw new UsageError(`got '${segment}', expected an id`);
}

function demandCredentials(
  provider: Provider<AwsCredentialIdentity>,
  awsProfile: string | undefined,
): Provider<AwsCredentialIdentity> {
  const cure =
    awsProfile === undefined
      ? 'set AWS_PROFILE, or sign in to AWS'
      : `AWS_PROFILE is ${awsProfile}; sign in to it, or set another`;
  return async () => {
    try {
      return await provider();
    } catch (cause) {
      const { message } = cause as Error;
      throw new UsageError(`no AWS credentials: ${message}; ${cure}`, { cause });
    }
  };
}

async function send(request: ApiRequest, sign: RequestSigner, fetchAnswer: typeof fetch): Promise<RawAnswer> {
  const { url, ...signed } = await sign(request);
  const timeoutSeconds = request.timeoutSeconds ?? TIMEOUT_SECONDS;
  const exchange = async () => {
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    // A redirect would carry the signature elsewhere, and is not what the API answers.
    const response = await fetchAnswer(url, { ...signed, redirect: 'manual', signal });
    return { response, text: await response.text() };
  };
  const { response, text } = await exchange().catch((cause: unknown) => {
    throw new UnreachableError(`${new URL(url).host}: ${describeCause(cause, timeoutSeconds)}`, { cause });
  });
  if (!response.ok) throw new RefusedError(readProblem(response, text), text);
  return { status: response.status, text };
}

function parseDocument(text: string, { endpoint }: Target): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `${endpoint.host} answers, but not as the operators' API of Latchkey does`;
    throw new UnreachableError(message, { cause });
  }
}

/** Of a failed fetch, only the errors underneath say what happened. */
function describeCause(error: unknown, timeoutSeconds: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutSeconds} s`;
  const { cause } = error;
  if (cause instanceof Error) return cause.message || String((cause as NodeJS.ErrnoException).code);
  return error.message;
}

const TRANSIENT: ReadonlySet<number> = new Set([429, 503, 504]);

/** How long to wait before the request goes out again; undefined where that would be of no use, or not safe. */
function pauseSeconds(error: unknown, request: ApiRequest, count: number): number | undefined {
  const problem = error instanceof RefusedError ? error.problem : undefined;
  const transient = problem ? TRANSIENT.has(problem.status) : error instanceof UnreachableError;
  if (!transient) return undefined;
  if (isConditional(request) && problem?.status !== 429) return undefined;
  const jitter = Math.random() * 0.5 * 2 ** count;
  const pause = (problem?.retryAfterSeconds ?? 0) + jitter;
  return pause > LONGEST_PAUSE_SECONDS ? undefined : pause;
}

/**
 * All requests may be repeated, but one that depends on a version, and was done before its answer got lost, would then
 * be told that the version is another. A body says a version where an earlier answer is put back.
 */
function isConditional({ headers = {}, body }: ApiRequest): boolean {
  if ('if-match' in headers || 'if-none-match' in headers) return true;
  return body !== undefined && Object.hasOwn(Object(JSON.parse(body)), 'version');
}
