import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  type AssumeRoleCommandOutput,
  STSClient,
} from '@aws-sdk/client-sts';
import { type Circuit, createCircuit } from '../../core/circuit.ts';
import type { Deadline } from '../../core/deadline.ts';
import { type ErrorCode, VendingError } from '../../core/errors.ts';
import type { VendedCredentials } from '../../core/grant/credentials.ts';
import type { Grant } from '../../core/grant/grant.ts';
import type { RoleAssumer } from '../../core/ports.ts';
import { secret } from '../../core/secret.ts';
import { type AwsAccess, awsClientConfig } from '../aws-client-config.ts';
import { isRegionOff, stsFailure } from './sts-failure.ts';

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
export interface RoleAssumerOptions extends AwsAccess {
  /** Asked in this order when the function's own Region cannot be reached or throttles. */
  readonly fallbacks?: readonly { readonly region: string; readonly endpoint: string | undefined }[];
}

/** One Region's STS. */
interface RegionalSts {
  readonly region: string;
  readonly client: STSClient;
  readonly circuit: Circuit;
}

/** Grants into credentials, by AssumeRole. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export function createRoleAssumer({ fallbacks = [], ...access }: RoleAssumerOptions): RoleAssumer {
  const regions: readonly RegionalSts[] = [access, ...fallbacks].map(({ region, endpoint }) => ({
    region,
    client: createStsClient({ ...access, region, endpoint }),
    circuit: createCircuit(CIRCUIT),
  }));
  // Where there is nowhere else to turn to, the same is asked twice.
  const tries = regions.length === 1 ? [...regions, ...regions] : regions;
  return {
    async assume(grant, deadline) {
      // STS takes a missing policy for "the whole role"; nothing gets here without one, and nothing leaves without one.
      if (grant.policy === '') throw new VendingError('policy_unrenderable');
      const input = commandInput(grant);
      let failure = new VendingError('sts_unavailable', {
        cause: 'no Region was asked: each has just failed, or there is no time left',
        retryAfterSeconds: CIRCUIT.openMilliseconds / 1000,
      });
      for (const [index, sts] of tries.entries()) {
        if (index > 0 && sts === tries[index - 1]) await pause();
        if (deadline.remainingMilliseconds() < LEAST_MILLISECONDS) break;
        if (!sts.circuit.isClosed()) continue;
        try {
          return await assumeAt(sts, input, deadline);
        } catch (error) {
          if (!(error instanceof VendingError)) throw error;
          if (!HELPED_ELSEWHERE.has(error.code) && !(isRegionOff(error) && regions.length > 1)) throw error;
          failure = error;
        }
      }
      throw failure;
    },
  };
}

/** What another Region, or another moment, may answer otherwise. */
const HELPED_ELSEWHERE: ReadonlySet<ErrorCode> = new Set(['sts_unavailable', 'sts_throttled']);

async function assumeAt(
  { region, client, circuit }: RegionalSts,
  input: AssumeRoleCommandInput,
  { signal }: Deadline,
): Promise<VendedCredentials> {
  const startedAt = performance.now();
  const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(TRY_MILLISECONDS)]);
  try {
    const answer = await client.send(new AssumeRoleCommand(input), { abortSignal });
    const credentials = credentialsIn(answer, input, region);
    circuit.succeeded();
    return credentials;
  } catch (cause) {
    const failure = cause instanceof VendingError ? cause : stsFailure(cause);
    // A refusal is an answer; and that a request had no time left says nothing of STS.
    if (failure.code !== 'sts_unavailable') circuit.succeeded();
    else if (!(signal.aborted && performance.now() - startedAt < FAIR_MILLISECONDS)) circuit.failed();
    throw failure;
  }
}

/** Jittered, so that what failed for many at once is not asked by all of them at once again. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS * (1 + Math.random())));
}

/** The client that roles are assumed with. One try a call by itself: who calls may know where else to try. */
export function createStsClient(access: AwsAccess, { attempts = 1 } = {}): STSClient {
  const { requestHandler, ...config } = awsClientConfig(access, TIMEOUTS);
  return new STSClient({
    ...config,
    maxAttempts: attempts,
    requestHandler: { ...requestHandler, httpsAgent: { maxSockets: MAX_SOCKETS, keepAlive: true } },
  });
}

function commandInput(grant: Grant): AssumeRoleCommandInput {
  return {
    RoleArn: grant.roleArn,
    RoleSessionName: grant.roleSessionName,
    DurationSeconds: grant.durationSeconds,
    Policy: grant.policy,
    // Not an empty list: AWS does not say whether that one narrows a session to nothing.
    ...(grant.policyArns.length > 0 ? { PolicyArns: grant.policyArns.map((arn) => ({ arn })) } : {}),
    Tags: grant.tags.map(({ key, value }) => ({ Key: key, Value: value })),
    ...(grant.transitiveTagKeys.length > 0 ? { TransitiveTagKeys: [...grant.transitiveTagKeys] } : {}),
    SourceIdentity: grant.sourceIdentity,
    ExternalId: grant.externalId,
  };
}

/**
 * Blank credentials, or some without an end, are worse than none: clients keep them. And an answer to another request, which
 * whatever stands in between could mix up, would be another tenant's: the name of a session says whose it is.
 */
function credentialsIn(
  { Credentials, AssumedRoleUser, PackedPolicySize, SourceIdentity }: AssumeRoleCommandOutput,
  { RoleSessionName }: AssumeRoleCommandInput,
  stsRegion: string,
): VendedCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  const { Arn, AssumedRoleId } = AssumedRoleUser ?? {};
  if (
    !AccessKeyId ||
    !SecretAccessKey ||
    !SessionToken ||
    !Arn ||
    !AssumedRoleId ||
    !(Expiration && Expiration.getTime() > 0)
  )
    throw unusable('the answer of STS lacks a part of the credentials');
  if (!Arn.endsWith(`/${RoleSessionName}`)) throw unusable('the answer of STS is of another session');
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: secret(SecretAccessKey),
    sessionToken: secret(SessionToken),
    expiration: Expiration,
    assumedRoleUser: { arn: Arn, assumedRoleId: AssumedRoleId },
    packedPolicySize: PackedPolicySize,
    sourceIdentity: SourceIdentity,
    stsRegion,
  };
}

function unusable(cause: string): VendingError {
  return new VendingError('sts_unavailable', { cause, retryAfterSeconds: 1 });
}
