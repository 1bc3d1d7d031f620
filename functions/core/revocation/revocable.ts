import { ROLE_CHAINING_MAX_SECONDS, ROLE_MAX_SECONDS, USER_MAX_SECONDS } from '../grant/durations.ts';
import type { TenantId } from '../tenant-id.ts';
import { REVOCATION_POLICY_MAX_CHARACTERS, REVOCATION_USER_POLICY_MAX_CHARACTERS } from './revocation.ts';

/** A role or IAM user that sessions are made from, and how they are cut off on it. */
export interface Revocable {
  readonly arn: string;
  /** Whether it is all tenants', whose sessions are told apart by their tag; an IAM user's own sessions (GetSessionToken) carry none. */
  readonly isShared: boolean;
  /** The longest session that can have been made from it, in seconds. */
  readonly longestSessionSeconds: number;
  /** What it may be given in statements that cut off sessions. */
  readonly policyMaxCharacters: number;
}

/** What a deployment has of them; what is left out, it does not have. */
export interface RevocablePrincipals {
  /** Roles that a function assumes: it is a session itself, so theirs end within the hour. */
  readonly chainedRoleArns: readonly string[];
  /** Roles that sessions of up to 12 hours are made from: for a token, an assertion or an MFA code. */
  readonly longSessionRoleArns: readonly string[];
  /** The IAM user of all federated users. */
  readonly federationUserArn: string | undefined;
  /** Of the IAM users that are one tenant's each: with the tenant's id behind it. */
  readonly tenantUserArnPrefix: string | undefined;
}

/** Those that are known by name; each is swept. */
export function sharedRevocables({
  chainedRoleArns,
  longSessionRoleArns,
  federationUserArn,
}: RevocablePrincipals): readonly Revocable[] {
  const roles = [
    ...longSessionRoleArns.map((arn) => [arn, ROLE_MAX_SECONDS] as const),
    ...chainedRoleArns
      .filter((arn) => !longSessionRoleArns.includes(arn))
      .map((arn) => [arn, ROLE_CHAINING_MAX_SECONDS] as const),
  ];
  return [
    ...roles.map(([arn, longestSessionSeconds]) => ({
      arn,
      isShared: true,
      longestSessionSeconds,
      policyMaxCharacters: REVOCATION_POLICY_MAX_CHARACTERS,
    })),
    ...(federationUserArn === undefined ? [] : [ofUser(federationUserArn, true)]),
  ];
}

/** The one of this ARN where the deployment has it, and where this tenant has sessions of it: never another tenant's user. */
export function findRevocable(
  principals: RevocablePrincipals,
  arn: string,
  tenantId: TenantId,
): Revocable | undefined {
  const { tenantUserArnPrefix } = principals;
  if (tenantUserArnPrefix !== undefined && arn === tenantUserArnPrefix + tenantId) return ofUser(arn, false);
  return sharedRevocables(principals).find((revocable) => revocable.arn === arn);
}

function ofUser(arn: string, isShared: boolean): Revocable {
  return {
    arn,
    isShared,
    longestSessionSeconds: USER_MAX_SECONDS,
    policyMaxCharacters: REVOCATION_USER_POLICY_MAX_CHARACTERS,
  };
}
