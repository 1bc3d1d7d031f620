import { createHash } from 'node:crypto';
import { parsePolicy } from '../../policy/parse-policy.ts';
import type { Policy } from '../../policy/policy.ts';
import { checkIdentityBased, checkTrustPolicy } from '../../policy/policy-kind.ts';

/** An IAM role as one writes it down: policy documents out of JSON, in any account. */
export interface RoleDefinition {
  /** `arn:aws:iam::111122223333:role/latchkey-tenant` */
  readonly arn: string;
  readonly trustPolicy: unknown;
  /** The role's own permissions, by name. */
  readonly policies: Readonly<Record<string, unknown>>;
  /** The managed policy beyond which no other gives the role anything; left out, there is none. */
  readonly boundary?: unknown;
  /** 3600 to 43200; IAM's default is 3600. */
  readonly maxSessionDurationSeconds?: number;
}

/** An IAM role of a local account, its policies parsed. It has no tags. */
export interface LocalRole {
  readonly arn: string;
  readonly account: string;
  /** Without the path, as it stands in the ARNs of sessions. */
  readonly name: string;
  /** `AROA…`, always the same for the same ARN. */
  readonly id: string;
  readonly trustPolicy: Policy;
  /** The role's own permissions by name, as they are now: IAM changes them. */
  readonly policies: Map<string, InlinePolicy>;
  readonly boundary: Policy | undefined;
  readonly maxSessionDurationSeconds: number;
}

/** An inline policy of a role or user: as it was written, and parsed. */
export interface InlinePolicy {
  readonly document: string;
  readonly parsed: Policy;
}

/** Every role of the local accounts by its ARN. */
export type Roles = ReadonlyMap<string, LocalRole>;

/** Every managed policy of the local accounts, and those of AWS that are wanted, by ARN. */
export type ManagedPolicies = ReadonlyMap<string, Policy>;

const ROLE_ARN = /^arn:aws[\w-]*:iam::(?<account>\d{12}):role\/(?:[\w+=,.@-]+\/)*(?<name>[\w+=,.@-]{1,64})$/;
const ROLE_ID_CHARACTERS = 17;

/** The account and name that a role's ARN holds; undefined when it is not one. */
export function splitRoleArn(arn: string): { readonly account: string; readonly name: string } | undefined {
  const { account, name } = ROLE_ARN.exec(arn)?.groups ?? {};
  return account === undefined || name === undefined ? undefined : { account, name };
}

/** Parses roles; throws on an ARN that is no role's, a duration that IAM would not take, and with a PolicyError on a policy. */
export function parseRoles(definitions: readonly RoleDefinition[]): Map<string, LocalRole> {
  return new Map(definitions.map((definition) => [definition.arn, parseRole(definition)]));
}

/** Adds a role, or puts it in the place of one with the same ARN; sessions of that one keep what they had. Throws as `parseRoles` does. */
export function addRole(roles: Map<string, LocalRole>, definition: RoleDefinition): void {
  roles.set(definition.arn, parseRole(definition));
}

/** What a role may do now. */
export function policiesOf({ policies }: Pick<LocalRole, 'policies'>): readonly Policy[] {
  return [...policies.values()].map(({ parsed }) => parsed);
}

/** Parses managed policies, given as ARN → document. */
export function parseManagedPolicies(documents: Readonly<Record<string, unknown>>): ManagedPolicies {
  return new Map(
    Object.entries(documents).map(([arn, document]) => [arn, parseIdentityPolicy(document, arn)]),
  );
}

/** Parses a policy that may stand on a role or narrow a session; a PolicyError when it names principals. */
export function parseIdentityPolicy(document: unknown, name: string): Policy {
  const policy = parsePolicy(document, name);
  checkIdentityBased(policy);
  return policy;
}

/** Parses the inline policies of a role or user by name; a PolicyError when one names principals. */
export function parseInlinePolicies(
  policies: Readonly<Record<string, unknown>>,
  arn: string,
): Map<string, InlinePolicy> {
  return new Map(
    Object.entries(policies).map(([name, document]) => [
      name,
      { document: JSON.stringify(document), parsed: parseIdentityPolicy(document, `${name} of ${arn}`) },
    ]),
  );
}

function parseRole({
  arn,
  trustPolicy,
  policies,
  boundary,
  maxSessionDurationSeconds = 3600,
}: RoleDefinition): LocalRole {
  const parts = splitRoleArn(arn);
  if (parts === undefined) throw new Error(`role: got ${arn}, expected the ARN of an IAM role`);
  if (!(maxSessionDurationSeconds >= 3600 && maxSessionDurationSeconds <= 43_200)) {
    throw new Error(`${arn}: got a maximum of ${maxSessionDurationSeconds} s, expected 3600 to 43200`);
  }
  const trust = parsePolicy(trustPolicy, `trust policy of ${arn}`);
  checkTrustPolicy(trust);
  return {
    ...parts,
    arn,
    id: `AROA${createHash('sha256').update(arn).digest('hex').toUpperCase().slice(0, ROLE_ID_CHARACTERS)}`,
    trustPolicy: trust,
    policies: parseInlinePolicies(policies, arn),
    boundary: boundary === undefined ? undefined : parseIdentityPolicy(boundary, `boundary of ${arn}`),
    maxSessionDurationSeconds,
  };
}
