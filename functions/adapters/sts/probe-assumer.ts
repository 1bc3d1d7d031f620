import { AssumeRoleCommand, type AssumeRoleCommandOutput } from '@aws-sdk/client-sts';
import { VendingError } from '../../core/errors.ts';
import { SESSION_MIN_SECONDS } from '../../core/grant/durations.ts';
import { secret } from '../../core/secret.ts';
import type { ProbeAssumer } from '../../core/verification/probe-ports.ts';
import type { AwsAccess } from '../aws-client-config.ts';
import { createStsClient } from './regional-sts.ts';
import { stsFailure } from './sts-failure.ts';

/**
 * Asks STS for the sessions of a verification: shorter than any other, and each with a policy that leaves it next to nothing.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function createProbeAssumer(access: AwsAccess): ProbeAssumer {
  const client = createStsClient(access, { attempts: 2 });
  return {
    async assume(assumption, policy) {
      const { roleArn, roleSessionName, tags, transitiveTagKeys, sourceIdentity, externalId } = assumption;
      const command = new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: roleSessionName,
        DurationSeconds: SESSION_MIN_SECONDS,
        Policy: JSON.stringify(policy),
        // Not empty lists: what asks for no tags is not to look like what asks for some.
        ...(tags.length > 0 ? { Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })) } : {}),
        ...(transitiveTagKeys.length > 0 ? { TransitiveTagKeys: [...transitiveTagKeys] } : {}),
        SourceIdentity: sourceIdentity,
        ExternalId: externalId,
      });
      let answer: AssumeRoleCommandOutput;
      try {
        answer = await client.send(command);
      } catch (cause) {
        throw stsFailure(cause);
      }
      const { AccessKeyId, SecretAccessKey, SessionToken } = answer.Credentials ?? {};
      if (!AccessKeyId || !SecretAccessKey || !SessionToken)
        throw new VendingError('sts_rejected', {
          cause: 'the answer of STS lacks a part of the credentials',
        });
      return {
        accessKeyId: AccessKeyId,
        secretAccessKey: secret(SecretAccessKey),
        sessionToken: secret(SessionToken),
      };
    },
  };
}
