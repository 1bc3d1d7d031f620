import { ridesInToken } from '../functions/core/grant/method.ts';
import type { Profile } from '../functions/core/profile/profile.ts';
import type { Proof, ProveInput, RolePolicies } from './proof.ts';
import { proveProfile } from './prove-profile.ts';
import { proveRole } from './prove-role.ts';
import { proveUser } from './prove-user.ts';

/** The roles of a deployment, as far as they are known. */
export interface DeployedRoles {
  readonly tenantRole: RolePolicies | undefined;
  /** That of tokens and assertions. */
  readonly federatedRole: RolePolicies | undefined;
}

const EVERYTHING: RolePolicies = {
  identityPolicies: {
    'a role that is not known': {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    },
  },
};

/**
 * Every proof that a profile needs: of its sessions, and, where anybody can have one without Latchkey, of their role alone; of the
 * tenants' IAM users, where sessions have no policy but theirs.
 */
export function proveDeployed(
  profile: Profile,
  roles: DeployedRoles,
  over: Pick<ProveInput, 'ownership' | 'resources' | 'managedPolicies'>,
): readonly Proof[] {
  const { ownership, resources } = over;
  if (profile.method === 'sessionToken')
    return [proveUser({ profile, tenantRole: roles.tenantRole, ownership, resources })];
  const role = roleOf(profile, roles, resources) ?? EVERYTHING;
  return [
    proveProfile({ ...over, profile, role }),
    ...(ridesInToken(profile) ? [proveRole({ profile: profile.name, role, ownership, resources })] : []),
  ];
}

/** Undefined for a role that nobody here knows, and for an IAM user that federates. */
function roleOf(
  { roleArn }: Profile,
  { tenantRole, federatedRole }: DeployedRoles,
  { tenantRoleArn, federatedRoleArn }: ProveInput['resources'],
): RolePolicies | undefined {
  if (roleArn === undefined) return undefined;
  if (roleArn === tenantRoleArn) return tenantRole;
  return roleArn === federatedRoleArn ? federatedRole : undefined;
}
