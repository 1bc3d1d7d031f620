import {
  DeleteRolePolicyCommand,
  DeleteUserPolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import type { RevocationPolicyWriter } from '../../core/administration/administrative-ports.ts';
import { VendingError } from '../../core/errors.ts';
import type { PolicyDocument, PolicyStatement } from '../../core/profile/policy-document.ts';
import { type AwsAccess, awsClientConfig } from '../aws-client-config.ts';

/** The inline policy that holds nothing but revocations; the own policies of a role or user have other names. */
export const REVOCATIONS_POLICY_NAME = 'latchkey-revocations';

/** IAM has one endpoint in the world, which may be far away, and is not quick. */
const TIMEOUTS = { connectMilliseconds: 1000, answerMilliseconds: 3000 };
/** Of IAM's few writes a second; a writer at the same time is a failure of the same kind. */
const ATTEMPTS = 3;

/**
 * Writes revocations to roles and users of this account, in IAM, which the client finds for the partition of its Region.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html and …/API_PutUserPolicy.html
 */
export function createIamPolicyWriter(access: AwsAccess): RevocationPolicyWriter {
  const client = new IAMClient({
    ...awsClientConfig(access, TIMEOUTS),
    maxAttempts: ATTEMPTS,
    retryMode: 'standard',
  });
  return {
    async write(arn, statements) {
      // IAM takes no policy without a statement.
      const document = statements.length === 0 ? undefined : documentOf(statements);
      try {
        if (isUser(arn)) await writeToUser(client, nameIn(arn), document);
        else await writeToRole(client, nameIn(arn), document);
      } catch (cause) {
        // Of nobody there are no sessions; a role that is not there is a mistake of the deployment's.
        if (isNoSuchEntity(cause) && (document === undefined || isUser(arn))) return;
        throw new VendingError('revocation_failed', { cause });
      }
    },
  };
}

const PolicyName = REVOCATIONS_POLICY_NAME;

async function writeToRole(client: IAMClient, RoleName: string, PolicyDocument: string | undefined) {
  if (PolicyDocument === undefined) await client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
  else await client.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
}

async function writeToUser(client: IAMClient, UserName: string, PolicyDocument: string | undefined) {
  if (PolicyDocument === undefined) await client.send(new DeleteUserPolicyCommand({ UserName, PolicyName }));
  else await client.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument }));
}

function documentOf(statements: readonly PolicyStatement[]): string {
  const document: PolicyDocument = { Version: '2012-10-17', Statement: statements };
  return JSON.stringify(document);
}

function isUser(arn: string): boolean {
  return arn.split(':')[5]?.startsWith('user/') === true;
}

/** Behind the path. */
function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

function isNoSuchEntity(error: unknown): boolean {
  const { name } = error as { readonly name?: unknown };
  return name === 'NoSuchEntityException' || name === 'NoSuchEntity';
}
