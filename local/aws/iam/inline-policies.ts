import { PolicyError } from '../../../policy/policy-error.ts';
import { AwsError } from '../aws-error.ts';
import { type InlinePolicy, type LocalRole, parseIdentityPolicy } from '../roles.ts';

/** A role or a user, as far as its inline policies go. */
export interface PolicyHolder extends Pick<LocalRole, 'arn' | 'policies'> {
  /** Without the path. */
  readonly name: string;
}

/** What holds inline policies. */
export interface HolderKind {
  /** As it stands in the names of operations and parameters. */
  readonly type: 'Role' | 'User';
  /** As it stands in ARNs and errors. */
  readonly word: 'role' | 'user';
  /** Of all inline policies together; white space does not count. */
  readonly maxCharacters: number;
}

/** What an operation on inline policies works on. */
export interface InlinePolicyCall {
  readonly holder: PolicyHolder;
  /** Empty for an operation that names no policy. */
  readonly policyName: string;
  /** Empty for an operation that writes none. */
  readonly policyDocument: string;
}

/** An operation on the inline policies of one kind of holder. */
export interface InlinePolicyOperation {
  readonly kind: HolderKind;
  /** The parameters beside the holder's name. */
  readonly takes: readonly ('PolicyName' | 'PolicyDocument')[];
  /** Does it, and gives the result element where the operation has one; throws the AwsError that IAM answers. */
  readonly run: (call: InlinePolicyCall) => object | undefined;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const ROLE: HolderKind = { type: 'Role', word: 'role', maxCharacters: 10_240 };
const USER: HolderKind = { type: 'User', word: 'user', maxCharacters: 2048 };

/** The operations on inline policies that this IAM knows. They count at once, for sessions that live as well. */
export const INLINE_POLICY_OPERATIONS: ReadonlyMap<string, InlinePolicyOperation> = new Map([
  ...operationsOn(ROLE),
  ...operationsOn(USER),
]);

function operationsOn(kind: HolderKind): readonly (readonly [string, InlinePolicyOperation])[] {
  return [
    [
      `Put${kind.type}Policy`,
      { kind, takes: ['PolicyName', 'PolicyDocument'], run: (call) => putPolicy(kind, call) },
    ],
    [`Get${kind.type}Policy`, { kind, takes: ['PolicyName'], run: (call) => getPolicy(kind, call) }],
    [`Delete${kind.type}Policy`, { kind, takes: ['PolicyName'], run: (call) => deletePolicy(kind, call) }],
    [`List${kind.type}Policies`, { kind, takes: [], run: listPolicies }],
  ];
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html and …_PutUserPolicy.html */
function putPolicy(
  { word, maxCharacters }: HolderKind,
  { holder, policyName, policyDocument }: InlinePolicyCall,
): undefined {
  const policy = parseDocument(policyDocument, `${policyName} of ${holder.arn}`);
  const others = [...holder.policies].filter(([name]) => name !== policyName);
  const documents = [policyDocument, ...others.map(([, { document }]) => document)];
  if (documents.join('').replaceAll(/\s/g, '').length > maxCharacters) {
    throw new AwsError(
      'LimitExceeded',
      409,
      `Maximum policy size of ${maxCharacters} bytes exceeded for ${word} ${holder.name}`,
    );
  }
  holder.policies.set(policyName, policy);
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html: the document comes URL-encoded. */
function getPolicy(kind: HolderKind, { holder, policyName }: InlinePolicyCall): object {
  const { document } = policyOf(kind, holder, policyName);
  return {
    [`${kind.type}Name`]: holder.name,
    PolicyName: policyName,
    PolicyDocument: encodeURIComponent(document),
  };
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html */
function deletePolicy(kind: HolderKind, { holder, policyName }: InlinePolicyCall): undefined {
  policyOf(kind, holder, policyName);
  holder.policies.delete(policyName);
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html: always all of them. */
function listPolicies({ holder }: InlinePolicyCall): object {
  return { PolicyNames: { member: [...holder.policies.keys()] }, IsTruncated: false };
}

function policyOf({ word }: HolderKind, { policies }: PolicyHolder, policyName: string): InlinePolicy {
  const policy = policies.get(policyName);
  if (policy !== undefined) return policy;
  throw noSuchEntity(`The ${word} policy with name ${policyName} cannot be found.`);
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
