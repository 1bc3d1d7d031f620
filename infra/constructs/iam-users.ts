import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import { Grant, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Environment, TenantDataArns } from '../environment.ts';
import { federationUserName, userPath, userSecretsPrefix } from '../user-names.ts';
import { asReported } from './as-reported.ts';
import { TAGGED_FOR_A_TENANT, TENANT_TAG } from './bounded-role.ts';
import { BoundedUser } from './bounded-user.ts';
import { MfaRole } from './mfa-role.ts';
import { grantTenantData } from './tenant-data.ts';

/** Which users, and what belongs to their tenants. */
export interface IamUsersProps {
  /** The environment's name. */
  readonly name: string;
  readonly iamUsers: NonNullable<Environment['iamUsers']>;
  readonly tenantData: TenantDataArns;
}

/**
 * IAM users with long-term keys: one that federates, and one for each tenant that is to have MFA or sessions of a user. Their keys
 * are in Secrets Manager, for the one function that is let read them.
 *
 * Whoever operates the account enrolls the tenants' MFA devices, and takes them away before a user can go: CloudFormation cannot, and
 * IAM deletes no user that has one. Nor one that a revocation has given a policy, until it is swept.
 */
export class IamUsers extends Construct {
  /** What stands before a user's name in the name of its secret. */
  readonly secretsPrefix: string;
  readonly users: readonly BoundedUser[];
  readonly federationUserArn: string | undefined;
  /** ARNs of tenants' users, up to the tenant's id; undefined where there are none. */
  readonly tenantUserArnPrefix: string | undefined;
  /** What tenants' users ask for with MFA; undefined where there are none. */
  readonly mfaRole: MfaRole | undefined;
  private readonly props: IamUsersProps;

  constructor(scope: Construct, id: string, props: IamUsersProps) {
    super(scope, id);
    this.props = props;
    const { name, iamUsers } = props;
    const { federation = false, tenants = [] } = iamUsers;
    this.secretsPrefix = userSecretsPrefix(name);
    const federationUser = federation ? this.makeFederationUser() : undefined;
    this.federationUserArn = federationUser?.user.userArn;
    // A path begins with a slash, and an ARN has it behind `user`.
    this.tenantUserArnPrefix =
      tenants.length === 0 ? undefined : arnOf(this, 'iam', 'user', userPath(name).slice(1));
    this.mfaRole = this.makeMfaRole();
    const tenantUsers = tenants.map((tenantId) => this.makeTenantUser(tenantId));
    this.users = [...(federationUser === undefined ? [] : [federationUser]), ...tenantUsers];
  }

  /** Lets `grantee` read the users' keys, and no other secret. */
  grantReadKeys(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: this.users.map(({ secret }) => secret.secretArn),
    });
  }

  private makeMfaRole(): MfaRole | undefined {
    const { tenantUserArnPrefix } = this;
    if (tenantUserArnPrefix === undefined) return undefined;
    const mfaRole = new MfaRole(this, 'MfaRole', {
      tenantUserArnPrefix,
      description: "Latchkey: sessions of one tenant each, of the tenants' IAM users with MFA",
    });
    grantTenantData(mfaRole, this.props.tenantData);
    return mfaRole;
  }

  /** It may do nothing by itself: what it permits is of the tenant of a tag that it has not, and its federated sessions have. */
  private makeFederationUser(): BoundedUser {
    const federationUser = this.makeUser('Federation', federationUserName(this.props.name));
    const federated = arnOf(this, 'sts', 'federated-user', '*');
    grantTenantData(federationUser, this.props.tenantData);
    federationUser.permit(
      new PolicyStatement({
        actions: ['sts:GetFederationToken', 'sts:TagSession'],
        resources: [federated],
        conditions: TAGGED_FOR_A_TENANT,
      }),
    );
    Validations.of(federationUser).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::${asReported(this, federated)}]`,
      reason:
        'federated users are named after callers, who are not known here; each is of one tenant by its tag',
    });
    return federationUser;
  }

  /** With MFA it may use its tenant's data, by that tenant's very id; without, ask for a session of the MFA role, which demands it. */
  private makeTenantUser(tenantId: string): BoundedUser {
    const tenantUser = this.makeUser(`Tenant-${tenantId}`, tenantId);
    grantTenantData(tenantUser, this.props.tenantData, {
      tenant: tenantId,
      mfa: 'required',
    });
    if (this.mfaRole === undefined) return tenantUser;
    const resources = [this.mfaRole.role.roleArn];
    tenantUser.permit(
      new PolicyStatement({
        actions: ['sts:AssumeRole', 'sts:TagSession'],
        resources,
        conditions: {
          StringEquals: { [TENANT_TAG]: tenantId },
          // By its long-term keys: a session that was vended cannot make another, without a session policy.
          Null: { 'aws:TokenIssueTime': 'true' },
        },
      }),
      new PolicyStatement({ actions: ['sts:SetSourceIdentity'], resources }),
    );
    return tenantUser;
  }

  private makeUser(id: string, userName: string): BoundedUser {
    const { name, iamUsers } = this.props;
    return new BoundedUser(this, id, {
      userName,
      path: userPath(name),
      secretName: `${this.secretsPrefix}${userName}`,
      keySerial: iamUsers.keySerial,
    });
  }
}

function arnOf(scope: Construct, service: 'iam' | 'sts', resource: string, resourceName: string): string {
  const arnFormat = ArnFormat.SLASH_RESOURCE_NAME;
  return Stack.of(scope).formatArn({ service, region: '', resource, resourceName, arnFormat });
}
