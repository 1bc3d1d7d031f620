import { Duration } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { BoundedRole, TAGGED_FOR_A_TENANT, TENANT_TAG } from './bounded-role.ts';

/** Whose sessions. */
export interface MfaRoleProps {
  /** The ARN of a tenant's IAM user, up to the tenant's id. */
  readonly tenantUserArnPrefix: string;
  readonly description: string;
}

/**
 * A role for sessions that a tenant's IAM user asks for with a code of its MFA device: an IAM user's, they are not chained, and
 * last up to twelve hours. A user can assume it for the tenant that it is named for, and for no other.
 *
 * The policy trusts the account, and so leaves it to policies of the account who may ask at all (those of the tenants' users);
 * its conditions say who can be let. Naming the users would be a statement each, and IAM has room for six.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
 */
export class MfaRole extends BoundedRole {
  constructor(scope: Construct, id: string, { tenantUserArnPrefix, description }: MfaRoleProps) {
    const account = new AccountRootPrincipal();
    super(scope, id, {
      description,
      maxSessionDuration: Duration.hours(12),
      assumedBy: account
        .withConditions({
          ...TAGGED_FOR_A_TENANT,
          // What IAM puts in is literal: a tag cannot hold a wildcard, and none is read as one.
          StringEquals: { 'aws:PrincipalArn': `${tenantUserArnPrefix}\${${TENANT_TAG}}` },
          Bool: { 'aws:MultiFactorAuthPresent': 'true' },
        })
        .withSessionTags(),
      furtherTrust: [
        // Naming a source opens nothing while the role cannot be assumed.
        new PolicyStatement({
          actions: ['sts:SetSourceIdentity'],
          principals: [account],
          conditions: { StringLike: { 'aws:PrincipalArn': `${tenantUserArnPrefix}*` } },
        }),
      ],
    });
  }
}
