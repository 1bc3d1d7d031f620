import { AssumeRoleCommand, type AssumeRoleCommandOutput, STSClient } from '@aws-sdk/client-sts';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import type { VendedCredentials } from '../core/credentials.ts';
import { VendingError } from '../core/errors.ts';
import type { Grant } from '../core/grant.ts';
import type { RoleAssumer } from '../core/ports.ts';
import { secret } from '../core/secret.ts';
import { type AwsAccess, awsClientConfig } from './aws-client-config.ts';
import { stsFailure } from './sts-failure.ts';

/** Two tries within the two seconds that botocore gives a credential source. */
const ATTEMPTS = 2;
const RETRY_MILLISECONDS = 50;
const TIMEOUTS = { connectMilliseconds: 300, answerMilliseconds: 750 };
/** The SDK's default of 50 holds a busy function back long before STS does. */
const MAX_SOCKETS = 256;

/** Grants into credentials, by AssumeRole. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export function createRoleAssumer(access: AwsAccess): RoleAssumer {
  const client = createStsClient(access);
  return {
    async assume(grant, { signal }) {
      // STS takes a missing policy for "the whole role"; nothing gets here without one, and nothing leaves without one.
      if (grant.policy === '') throw new VendingError('policy_unrenderable');
      let answer: AssumeRoleCommandOutput;
      try {
        answer = await client.send(new AssumeRoleCommand(commandInput(grant)), { abortSignal: signal });
      } catch (cause) {
        throw stsFailure(cause);
      }
      return credentialsIn(answer, access.region);
    },
  };
}

/** The client that roles are assumed with. */
export function createStsClient(access: AwsAccess): STSClient {
  const { requestHandler, ...config } = awsClientConfig(access, TIMEOUTS);
  return new STSClient({
    ...config,
    retryStrategy: new ConfiguredRetryStrategy(ATTEMPTS, RETRY_MILLISECONDS),
    requestHandler: { ...requestHandler, httpsAgent: { maxSockets: MAX_SOCKETS, keepAlive: true } },
  });
}

function commandInput(grant: Grant) {
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

/** Blank credentials, or some without an end, are worse than none: clients keep them. */
function credentialsIn(
  { Credentials, AssumedRoleUser, PackedPolicySize, SourceIdentity }: AssumeRoleCommandOutput,
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
  ) {
    throw new VendingError('sts_rejected', {
      cause: 'the answer of STS lacks a part of the credentials',
    });
  }
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
