/*
 * How IAM users are called. These are physical names, unlike all others: profiles and grants name a tenant's user by the tenant's id
 * alone, `{{resources.tenantUserArnPrefix}}{{tenant.id}}`, and its keys lie in a secret that is named for it.
 */

/** The path of an environment's users. It keeps no names apart: a user's name is unique in the account. */
export function userPath(environment: string): string {
  return `/latchkey/${environment}/`;
}

/** The user that federates. No tenant's: no id holds a dot. */
export function federationUserName(environment: string): string {
  return `latchkey-${environment}.federation`;
}

/** What the names of the secrets with their keys begin with; a user's name follows. */
export function userSecretsPrefix(environment: string): string {
  return `latchkey-${environment}/users/`;
}
