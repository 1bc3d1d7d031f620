import { accountOf } from './arn.ts';
import { federatedUserName, isSubjectDigest, sessionName } from './grant/session-name.ts';
import type { Tenant } from './tenant/tenant.ts';

/** Whose names of sessions say truly which tenant a session is of: nobody but Latchkey chooses them. */
export interface SessionPrincipals {
  /** Roles of the deployment that nobody but Latchkey can assume. A role that takes tokens or assertions of others is none of them: whoever holds one chooses the session's name. */
  readonly roleArns: readonly string[];
  /** What the ARNs of the tenants' IAM users begin with, up to the tenant's id; undefined where there are none. */
  readonly tenantUserArnPrefix: string | undefined;
  /** The IAM user that makes federated users; undefined where there is none. */
  readonly federationUserArn: string | undefined;
}

/**
 * Whether the ARN of a principal is that of a session that was vended for the tenant: of one of these principals or of a role in
 * an account of the tenant's own that its record names, and with a name that Latchkey gives to the tenant's sessions, to the letter.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function isSessionOf(tenant: Tenant, arn: string, principals: SessionPrincipals): boolean {
  const { tenantUserArnPrefix: users, federationUserArn } = principals;
  if (users !== undefined && arn === `${users}${tenant.tenantId}`) return true;
  if (federationUserArn !== undefined && isFederatedUserOf(tenant, arn, federationUserArn)) return true;
  return rolesOf(tenant, principals).some((roleArn) => isRoleSessionOf(tenant, arn, roleArn));
}

function rolesOf({ roles }: Tenant, { roleArns }: SessionPrincipals): readonly string[] {
  const accounts = new Set(roleArns.map(accountOf));
  const named = Object.values(roles).map(({ roleArn }) => roleArn);
  // What a record names in the deployment's own account is not for the record to vouch for.
  return [...roleArns, ...named.filter((roleArn) => !accounts.has(accountOf(roleArn)))];
}

/** `arn:aws:iam::111122223333:role/path/name` is in sessions `arn:aws:sts::111122223333:assumed-role/name/<session>`: without the path. */
function isRoleSessionOf({ tenantId }: Tenant, arn: string, roleArn: string): boolean {
  const prefix = `${inSts(roleArn)}assumed-role/${roleArn.split('/').at(-1)}/`;
  const name = nameAfter(prefix, arn);
  return name !== undefined && isNamed(name, (digest) => sessionName(tenantId, digest));
}

/** `arn:aws:sts::111122223333:federated-user/<name>`, in the account of the user that makes them. */
function isFederatedUserOf({ tenantId }: Tenant, arn: string, userArn: string): boolean {
  const name = nameAfter(`${inSts(userArn)}federated-user/`, arn);
  return name !== undefined && isNamed(name, (digest) => federatedUserName(tenantId, digest));
}

/** `arn:aws:iam::111122223333:…` → `arn:aws:sts::111122223333:`, of the same partition and account. */
function inSts(arn: string): string {
  const [, partition] = arn.split(':');
  return `arn:${partition}:sts::${accountOf(arn)}:`;
}

function nameAfter(prefix: string, arn: string): string | undefined {
  return arn.startsWith(prefix) ? arn.slice(prefix.length) : undefined;
}

/** Made anew and compared whole: `acme` is the beginning of `acme-prod`, and not its name. */
function isNamed(name: string, nameOf: (digest: string) => string): boolean {
  const digest = name.slice(name.lastIndexOf('.') + 1);
  return isSubjectDigest(digest) && name === nameOf(digest);
}
