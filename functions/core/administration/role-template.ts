import { ConfigurationError } from '../errors.ts';
import { ROLE_CHAINING_MAX_SECONDS } from '../grant/durations.ts';
import { TENANT_TAG_KEY } from '../grant/session-tags.ts';
import { partitionOf } from '../partitions.ts';
import type { TenantId } from '../tenant-id.ts';

/** Whom a role in a customer's own account lets in. */
export interface CustomerRole {
  readonly tenantId: TenantId;
  readonly externalId: string;
  /** The vend function's role, the one principal that the role trusts. */
  readonly vendRoleArn: string;
}

/**
 * A CloudFormation template of a role that the vend function alone can assume, for this tenant alone: with its external
 * id and its tag. What the role may open is its owner's to say, by managed policies.
 */
export function renderRoleTemplate(customer: CustomerRole): object {
  const { tenantId } = customer;
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `A role in your account for ${tenantId}: Latchkey alone can make sessions from it, for ${tenantId} alone, of one hour at most. Hand the RoleArn in its outputs to whoever sent you this.`,
    Parameters: renderParameters(tenantId),
    Conditions: {
      HasManagedPolicies: {
        'Fn::Not': [{ 'Fn::Equals': [{ 'Fn::Join': ['', { Ref: 'ManagedPolicyArns' }] }, ''] }],
      },
    },
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: { Ref: 'RoleName' },
          Description: `sessions that Latchkey makes for ${tenantId}`,
          MaxSessionDuration: ROLE_CHAINING_MAX_SECONDS,
          ManagedPolicyArns: {
            'Fn::If': ['HasManagedPolicies', { Ref: 'ManagedPolicyArns' }, { Ref: 'AWS::NoValue' }],
          },
          AssumeRolePolicyDocument: renderTrustPolicy(customer),
        },
      },
    },
    Outputs: {
      RoleArn: { Description: 'the role for Latchkey', Value: { 'Fn::GetAtt': ['Role', 'Arn'] } },
    },
  };
}

/**
 * A link that opens the CloudFormation console with the template filled in, in the Region that its reader used last.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-create-stacks-quick-create-links.html
 * Throws `ConfigurationError` for a partition that is not known.
 */
export function quickCreateUrl(
  { tenantId, vendRoleArn }: Pick<CustomerRole, 'tenantId' | 'vendRoleArn'>,
  templateUrl: string,
): string {
  // Encoded: a presigned URL has a query of its own.
  const query = new URLSearchParams({ templateURL: templateUrl, stackName: `latchkey-${tenantId}` });
  const partition = partitionOf(vendRoleArn);
  if (partition === undefined)
    throw new ConfigurationError(
      `vendRoleArn: got ${vendRoleArn}, expected one of a partition that is known`,
    );
  return `https://${partition.consoleHost}/cloudformation/home#/stacks/create/review?${query}`;
}

function renderParameters(tenantId: TenantId): object {
  return {
    RoleName: {
      Type: 'String',
      Default: `latchkey-${tenantId}`,
      AllowedPattern: '[a-zA-Z0-9_+=,.@-]{1,64}',
      Description: 'Name of the role.',
    },
    ManagedPolicyArns: {
      Type: 'CommaDelimitedList',
      Default: '',
      Description: 'ARNs of the managed policies that say what the role may open, with commas between them.',
    },
  };
}

/**
 * The external id keeps out whoever has Latchkey name this role for another tenant (the confused deputy); the tag is
 * what the role's policies may lean on. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
function renderTrustPolicy({ tenantId, externalId, vendRoleArn }: CustomerRole): object {
  const tag = `aws:RequestTag/${TENANT_TAG_KEY}`;
  const Null = { [tag]: 'false' };
  const trusted = { Effect: 'Allow', Principal: { AWS: vendRoleArn } };
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AssumeRole',
        ...trusted,
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': externalId, [tag]: tenantId }, Null },
      },
      {
        Sid: 'TagSession',
        ...trusted,
        Action: 'sts:TagSession',
        Condition: { StringEquals: { [tag]: tenantId }, Null },
      },
      // Without a condition: naming a source opens nothing while the role cannot be assumed.
      { Sid: 'SetSourceIdentity', ...trusted, Action: 'sts:SetSourceIdentity' },
    ],
  };
}
