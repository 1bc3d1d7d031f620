import { PolicyError } from '../../../policy/policy-error.ts';
import { AwsError } from '../aws-error.ts';
import { type InlinePolicy, type LocalRole, parseIdentityPolicy } from '../roles.ts';

/** What an operation on a role's inline policies works on. */
export interface RolePolicyCall {
  readonly role: LocalRole;
  /** Empty for an operation that names no policy. */
  readonly policyName: string;
  /** Empty for an operation that writes none. */
  readonly policyDocument: string;
}

/** Does it, and gives the result element where the operation has one; throws the AwsError that IAM answers. */
type RolePolicyOperation = (call: RolePolicyCall) => object | undefined;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: white space does not count. */
const INLINE_POLICIES_MAX_CHARACTERS = 10_240;

/** The operations on a role's inline policies that this IAM knows. They count at once, for sessions that live as well. */
export const ROLE_POLICY_OPERATIONS: ReadonlyMap<string, RolePolicyOperation> = new Map<
  string,
  RolePolicyOperation
>([
  ['PutRolePolicy', putRolePolicy],
  ['GetRolePolicy', getRolePolicy],
  ['DeleteRolePolicy', deleteRolePolicy],
  ['ListRolePolicies', listRolePolicies],
]);

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html */
function putRolePolicy({ role, policyName, policyDocument }: RolePolicyCall): undefined {
  const policy = parseDocument(policyDocument, `${policyName} of ${role.arn}`);
  const others = [...role.policies].filter(([name]) => name !== policyName);
  const documents = [policyDocument, ...others.map(([, { document }]) => document)];
  if (documents.join('').replaceAll(/\s/g, '').length > INLINE_POLICIES_MAX_CHARACTERS) {
    throw new AwsError(
      'LimitExceeded',
      409,
      `Maximum policy size of ${INLINE_POLICIES_MAX_CHARACTERS} bytes exceeded for role ${role.name}`,
    );
  }
  role.policies.set(policyName, policy);
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html: the document comes URL-encoded. */
function getRolePolicy({ role, policyName }: RolePolicyCall): object {
  const { document } = policyOf(role, policyName);
  return { RoleName: role.name, PolicyName: policyName, PolicyDocument: encodeURIComponent(document) };
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html */
function deleteRolePolicy({ role, policyName }: RolePolicyCall): undefined {
  policyOf(role, policyName);
  role.policies.delete(policyName);
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html: always all of them. */
function listRolePolicies({ role }: RolePolicyCall): object {
  return { PolicyNames: { member: [...role.policies.keys()] }, IsTruncated: false };
}

function policyOf(role: LocalRole, policyName: string): InlinePolicy {
  const policy = role.policies.get(policyName);
  if (policy !== undefined) return policy;
  throw noSuchEntity(`The role policy with name ${policyName} cannot be found.`);
}

function parseDocument(document: string, name: string): InlinePolicy {
  try {
    return { document, parsed: parseIdentityPolicy(JSON.parse(document), name) };
  } catch (error) {
    if (!(error instanceof PolicyError || error instanceof SyntaxError)) throw error;
    // AWS says less; what it says goes to the requester, the place that is wrong to the log.
    throw new AwsError('MalformedPolicyDocument', 400, 'Syntax errors in policy.', { cause: error.message });
  }
}

/** What IAM answers for something that is not there. */
export function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntity', 404, message);
}
