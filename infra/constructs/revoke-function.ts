import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { RevokeVariables } from '../../functions/revoke/environment.ts';
import type { Environment } from '../environment.ts';
import { BundledFunction } from './bundled-function.ts';
import type { TenantRegistry } from './tenant-registry.ts';
import type { TenantRole } from './tenant-role.ts';

/** Whose sessions the function cuts off, and where it keeps which. */
export interface RevokeFunctionProps extends Pick<Environment, 'logRetentionDays'> {
  readonly registry: TenantRegistry;
  readonly tenantRole: TenantRole;
}

/**
 * Cuts off tenants' sessions by a Deny in an inline policy of their role, and sweeps what has expired.
 *
 * IAM cannot say which statements a role may be given: by its permissions this function could write an Allow as well.
 * What bounds it is the tenant role's permissions boundary, which it cannot touch: no inline policy gives more than that.
 * Nor can it touch the trust policy, or assume anything.
 *
 * The policy that it writes is not CloudFormation's: for up to 65 minutes after a revocation IAM refuses to delete the
 * role (DeleteConflict), and so CloudFormation to delete the stack.
 */
export class RevokeFunction extends BundledFunction {
  constructor(scope: Construct, id: string, props: RevokeFunctionProps) {
    const { registry, tenantRole, logRetentionDays } = props;
    const roleArns = [tenantRole.role.roleArn];
    const variables: RevokeVariables = {
      LATCHKEY_REGISTRY_TABLE: registry.table.tableName,
      LATCHKEY_TENANT_ROLE_ARNS: Stack.of(scope).toJsonString(roleArns),
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
      resourceArns: roleArns,
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
