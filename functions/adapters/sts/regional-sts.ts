import { STSClient } from '@aws-sdk/client-sts';
import { type Circuit, createCircuit } from '../../core/circuit.ts';
import type { Deadline } from '../../core/deadline.ts';
import { type ErrorCode, VendingError } from '../../core/errors.ts';
import { type Secret, secret } from '../../core/secret.ts';
import { type AwsAccess, awsClientConfig } from '../aws-client-config.ts';
import { type AskedWith, isProviderUnreachable, isRegionOff, stsFailure } from './sts-failure.ts';

/** The two seconds that botocore gives a credential source have room for two such tries. */
const TIMEOUTS = { connectMilliseconds: 300, answerMilliseconds: 750 };
/** One try to the end of its answer, which may come in pieces. */
const TRY_MILLISECONDS = 800;
/** Who has had so long for an answer of STS has had a fair time. */
const FAIR_MILLISECONDS = 400;
/** Between two tries in the same Region, and up to twice as much. */
const RETRY_MILLISECONDS = 50;
/** With less time left than this, an answer could not be had any more. */
const LEAST_MILLISECONDS = 100;
/** The SDK's default of 50 holds a busy function back long before STS does. */
const MAX_SOCKETS = 256;
/** A Region whose STS has failed so often in a row is left alone for so long. */
const CIRCUIT = { failures: 3, openMilliseconds: 2000 };

/** Where STS is asked, and with whose credentials. */
export interface RegionalStsOptions extends AwsAccess {
  /** Asked in this order when the function's own Region cannot be reached or throttles. */
  readonly fallbacks?: readonly { readonly region: string; readonly endpoint: string | undefined }[];
}

/** One question to STS: how it is sent, and what is read in the answer. */
export interface StsQuestion<Answer, Read> extends AskedWith {
  readonly send: (client: STSClient, options: { readonly abortSignal: AbortSignal }) => Promise<Answer>;
  /** Throws a `VendingError` for an answer that cannot be used. */
  readonly read: (answer: Answer, region: string) => Read;
  readonly deadline: Deadline;
  /** Whether it holds what is good once, an MFA code: then nobody is asked a second time, there or elsewhere. */
  readonly once?: boolean;
}

/** STS in several Regions, as one. */
export interface RegionalSts {
  /** Throws a `VendingError`: what the last Region that was asked refused, or that none could be asked. */
  ask<Answer, Read>(question: StsQuestion<Answer, Read>): Promise<Read>;
}

/** One Region's STS. */
interface Place {
  readonly region: string;
  readonly client: STSClient;
  readonly circuit: Circuit;
}

/**
 * STS of the function's own Region and, when that cannot be reached or throttles, of the others, within the deadline. Tokens
 * of one Region are good in all. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_region-endpoints.html
 */
export function createRegionalSts({ fallbacks = [], ...access }: RegionalStsOptions): RegionalSts {
  const places: readonly Place[] = [access, ...fallbacks].map(({ region, endpoint }) => ({
    region,
    client: createStsClient({ ...access, region, endpoint }),
    circuit: createCircuit(CIRCUIT),
  }));
  // Where there is nowhere else to turn to, the same is asked twice.
  const tries = places.length === 1 ? [...places, ...places] : places;
  const own = secretsOf(access);
  return {
    async ask(question) {
      let failure = new VendingError('sts_unavailable', {
        cause: 'no Region was asked: each has just failed, or there is no time left',
        retryAfterSeconds: CIRCUIT.openMilliseconds / 1000,
      });
      for (const [index, place] of tries.entries()) {
        if (index > 0 && place === tries[index - 1]) await pause();
        if (question.deadline.remainingMilliseconds() < LEAST_MILLISECONDS) break;
        if (!place.circuit.isClosed()) continue;
        try {
          return await askAt(place, { ...question, secrets: [...own, ...(question.secrets ?? [])] });
        } catch (error) {
          if (!(error instanceof VendingError) || question.once) throw error;
          if (!HELPED_ELSEWHERE.has(error.code) && !(isRegionOff(error) && places.length > 1)) throw error;
          failure = error;
        }
      }
      throw failure;
    },
  };
}

/** Of whoever asks: a refused signature is answered with what was signed, and a session token is a part of that. */
function secretsOf({ credentials: { secretAccessKey, sessionToken } }: AwsAccess): readonly Secret[] {
  return [secretAccessKey, ...(sessionToken === undefined ? [] : [sessionToken])].map(secret);
}

/** What another Region, or another moment, may answer otherwise. */
const HELPED_ELSEWHERE: ReadonlySet<ErrorCode> = new Set(['sts_unavailable', 'sts_throttled']);

async function askAt<Answer, Read>(
  { region, client, circuit }: Place,
  { send, read, deadline: { signal }, ...askedWith }: StsQuestion<Answer, Read>,
): Promise<Read> {
  const startedAt = performance.now();
  const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(TRY_MILLISECONDS)]);
  try {
    const answer = read(await send(client, { abortSignal }), region);
    circuit.succeeded();
    return answer;
  } catch (cause) {
    const failure = cause instanceof VendingError ? cause : stsFailure(cause, askedWith);
    // A refusal is an answer; and that a request had no time left says nothing of STS.
    if (failure.code !== 'sts_unavailable' || isProviderUnreachable(failure)) circuit.succeeded();
    else if (!(signal.aborted && performance.now() - startedAt < FAIR_MILLISECONDS)) circuit.failed();
    throw failure;
  }
}

/** Jittered, so that what failed for many at once is not asked by all of them at once again. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS * (1 + Math.random())));
}

/** A client of one Region's STS. One try a call by itself: who calls may know where else to try. */
export function createStsClient(access: AwsAccess, { attempts = 1 } = {}): STSClient {
  const { requestHandler, ...config } = awsClientConfig(access, TIMEOUTS);
  return new STSClient({
    ...config,
    maxAttempts: attempts,
    requestHandler: { ...requestHandler, httpsAgent: { maxSockets: MAX_SOCKETS, keepAlive: true } },
  });
}
