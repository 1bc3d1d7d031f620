import { Duration } from 'aws-cdk-lib';
import { ArnPrincipal, Grant, type IGrantable, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { PolicyConditions } from '../../functions/core/profile/policy-document.ts';
import { BoundedRole, TAGGED_FOR_A_TENANT } from './bounded-role.ts';

/** Who may make sessions from the role, and on what terms. */
export interface TenantRoleProps {
  /** The one principal that the role trusts. It is let assume the role at the same time: AWS wants both. */
  readonly vendRole: IRole;
  readonly description: string;
  /** Demanded on top, for a role in an account other than the vend function's (the confused deputy). */
  readonly externalId?: string;
}

/**
 * A role that tenants' sessions are made from. The vend function alone can assume it, and only with a `TenantId` tag:
 * what the role permits may lean on `aws:PrincipalTag/TenantId`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
export class TenantRole extends BoundedRole {
  constructor(scope: Construct, id: string, { vendRole, description, externalId }: TenantRoleProps) {
    const trusted = new ArnPrincipal(vendRole.roleArn);
    const demandsExternalId =
      externalId === undefined ? {} : { StringEquals: { 'sts:ExternalId': externalId } };
    super(scope, id, {
      description,
      // Also the most that AWS gives to a session made from a session.
      maxSessionDuration: Duration.hours(1),
      assumedBy: trusted.withConditions({ ...TAGGED_FOR_A_TENANT, ...demandsExternalId }),
      furtherTrust: [
        new PolicyStatement({
          actions: ['sts:TagSession'],
          principals: [trusted],
          conditions: TAGGED_FOR_A_TENANT,
        }),
        // Without the tag condition: naming a source, or in what context, opens nothing while the role cannot be assumed.
        new PolicyStatement({ actions: ['sts:SetSourceIdentity', 'sts:SetContext'], principals: [trusted] }),
      ],
    });
    grantVend(vendRole, [this.role.roleArn]);
  }
}

/**
 * Lets `grantee` make tagged sessions from roles, which must trust it as well. Chaining and crossing accounts take all
 * four actions of the caller. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required
 */
export function grantVend(grantee: IGrantable, roleArns: string[], conditions: PolicyConditions = {}): Grant {
  return Grant.addToPrincipal({
    grantee,
    actions: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity', 'sts:SetContext'],
    resourceArns: roleArns,
    conditions,
  });
}
