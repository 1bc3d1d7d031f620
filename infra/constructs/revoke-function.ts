import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { RevokeVariables } from '../../functions/revoke/environment.ts';
import type { Environment } from '../environment.ts';
import type { BoundedRole } from './bounded-role.ts';
import { BundledFunction } from './bundled-function.ts';
import type { TenantPrincipals } from './tenant-principals.ts';
import type { TenantRegistry } from './tenant-registry.ts';

/** Whose sessions the function cuts off, and where it keeps which. */
export interface RevokeFunctionProps extends Pick<Environment, 'logRetentionDays'> {
  readonly registry: TenantRegistry;
  readonly principals: TenantPrincipals;
}

/**
 * Cuts off tenants' sessions by a Deny in an inline policy of the role or IAM user that they are of, and sweeps what has expired.
 *
 * IAM cannot say which statements a role may be given: by its permissions this function could write an Allow as well.
 * What bounds it is the permissions boundary of each role and user, which it cannot touch: no inline policy gives more than that.
 * Nor can it touch a trust policy or a key, or assume anything.
 *
 * The policy that it writes is not CloudFormation's: while a revocation is kept, as long as sessions can last, IAM refuses to delete
 * the role or user (DeleteConflict), and so CloudFormation to delete the stack.
 */
export class RevokeFunction extends BundledFunction {
  constructor(scope: Construct, id: string, props: RevokeFunctionProps) {
    const { registry, principals, logRetentionDays } = props;
    const variables: RevokeVariables = {
      LATCHKEY_REGISTRY_TABLE: registry.table.tableName,
      ...principalVariables(scope, principals),
    };
    super(scope, id, {
      description: "Latchkey: cuts off tenants' outstanding sessions",
      entry: 'revoke/handler.ts',
      variables,
      memoryMegabytes: 512,
      // Whoever asks waits no longer: functions/adapters/administration/function-invoker.ts.
      timeout: Duration.seconds(15),
      logRetentionDays,
    });
    Grant.addToPrincipal({
      grantee: this.role,
      actions: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'],
      resourceArns: rolesOf(principals).map(({ role }) => role.roleArn),
    });
    const users = principals.iamUsers?.users ?? [];
    if (users.length > 0)
      Grant.addToPrincipal({
        grantee: this.role,
        actions: ['iam:PutUserPolicy', 'iam:DeleteUserPolicy'],
        resourceArns: users.map(({ user }) => user.userArn),
      });
    registry.grantRevocations(this.role);
    new Rule(this, 'Sweep', {
      description: 'Latchkey: drops revocations whose sessions have all expired',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [
        new LambdaFunction(this.function, {
          event: RuleTargetInput.fromObject({ operation: 'sweep' }),
          // The next one is due.
          maxEventAge: Duration.minutes(5),
        }),
      ],
    });
  }
}

function rolesOf({ tenantRole, longSessionRoles }: TenantPrincipals): readonly BoundedRole[] {
  return [tenantRole, ...longSessionRoles];
}

/** On what it cuts off, as it is told. */
function principalVariables(
  scope: Construct,
  { tenantRole, longSessionRoles, iamUsers }: TenantPrincipals,
): Omit<RevokeVariables, 'LATCHKEY_REGISTRY_TABLE'> {
  const json = (roles: readonly BoundedRole[]) =>
    Stack.of(scope).toJsonString(roles.map(({ role }) => role.roleArn));
  const { federationUserArn, tenantUserArnPrefix } = iamUsers ?? {};
  return {
    LATCHKEY_TENANT_ROLE_ARNS: json([tenantRole]),
    ...(longSessionRoles.length === 0 ? {} : { LATCHKEY_LONG_SESSION_ROLE_ARNS: json(longSessionRoles) }),
    ...(federationUserArn === undefined ? {} : { LATCHKEY_FEDERATION_USER_ARN: federationUserArn }),
    ...(tenantUserArnPrefix === undefined ? {} : { LATCHKEY_TENANT_USER_ARN_PREFIX: tenantUserArnPrefix }),
  };
}
