import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import type { RolePolicyWriter } from '../../core/administration/administrative-ports.ts';
import { VendingError } from '../../core/errors.ts';
import type { PolicyDocument } from '../../core/profile/policy-document.ts';
import { type AwsAccess, awsClientConfig } from '../aws-client-config.ts';

/** The inline policy that holds nothing but revocations; the role's own policies have other names. */
export const REVOCATIONS_POLICY_NAME = 'latchkey-revocations';

/** IAM has one endpoint in the world, which may be far away, and is not quick. */
const TIMEOUTS = { connectMilliseconds: 1000, answerMilliseconds: 3000 };
/** Of IAM's few writes a second; a writer at the same time is a failure of the same kind. */
const ATTEMPTS = 3;

/**
 * Writes revocations to roles of this account, in IAM, which the client finds for the partition of its Region.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
 */
export function createIamRolePolicyWriter(access: AwsAccess): RolePolicyWriter {
  const client = new IAMClient({
    ...awsClientConfig(access, TIMEOUTS),
    maxAttempts: ATTEMPTS,
    retryMode: 'standard',
  });
  return {
    async write(roleArn, statements) {
      const policy = { RoleName: roleArn.split('/').at(-1), PolicyName: REVOCATIONS_POLICY_NAME };
      const document: PolicyDocument = { Version: '2012-10-17', Statement: statements };
      try {
        // IAM takes no policy without a statement.
        if (statements.length === 0) await client.send(new DeleteRolePolicyCommand(policy));
        else
          await client.send(
            new PutRolePolicyCommand({ ...policy, PolicyDocument: JSON.stringify(document) }),
          );
      } catch (cause) {
        if (statements.length === 0 && isNoSuchEntity(cause)) return;
        throw new VendingError('revocation_failed', { cause });
      }
    },
  };
}

function isNoSuchEntity(error: unknown): boolean {
  const { name } = error as { readonly name?: unknown };
  return name === 'NoSuchEntityException' || name === 'NoSuchEntity';
}
