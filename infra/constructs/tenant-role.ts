import { Duration, Stack } from 'aws-cdk-lib';
import {
  ArnPrincipal,
  Grant,
  type IGrantable,
  type IRole,
  ManagedPolicy,
  PolicyDocument,
  PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { TENANT_TAG_KEY } from '../../functions/core/grant/session-tags.ts';
import type { PolicyConditions } from '../../functions/core/profile/policy-document.ts';

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
export class TenantRole extends Construct {
  readonly role: Role;
  private readonly boundary: ManagedPolicy;
  private readonly permitted = new PolicyDocument();

  constructor(scope: Construct, id: string, { vendRole, description, externalId }: TenantRoleProps) {
    super(scope, id);
    const trusted = new ArnPrincipal(vendRole.roleArn);
    const demandsExternalId =
      externalId === undefined ? {} : { StringEquals: { 'sts:ExternalId': externalId } };
    this.boundary = new ManagedPolicy(this, 'Boundary', {
      description: `The most that a policy of the role can permit. ${description}`,
    });
    this.role = new Role(this, 'Role', {
      description,
      permissionsBoundary: this.boundary,
      // Also the most that AWS gives to a session made from a session.
      maxSessionDuration: Duration.hours(1),
      assumedBy: trusted.withConditions({ ...TAGGED_FOR_A_TENANT, ...demandsExternalId }),
    });
    this.role.assumeRolePolicy?.addStatements(
      new PolicyStatement({
        actions: ['sts:TagSession'],
        principals: [trusted],
        conditions: TAGGED_FOR_A_TENANT,
      }),
      // Without the tag condition: naming a source opens nothing while the role cannot be assumed.
      new PolicyStatement({ actions: ['sts:SetSourceIdentity'], principals: [trusted] }),
    );
    grantVend(vendRole, [this.role.roleArn]);
  }

  /**
   * Lets sessions do this, as far as their session policies let them as well. It stands in the role's own policy and again
   * in its permissions boundary: a policy that something else puts on the role can take away from it, and add nothing.
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
   */
  permit(...statements: readonly PolicyStatement[]): void {
    this.boundary.addStatements(...statements);
    this.permitted.addStatements(...statements);
    for (const statement of statements) this.role.addToPolicy(statement);
  }

  /** All that has been permitted when the template is made, as a policy in JSON: for whoever previews sessions. */
  permittedJson(): string {
    return Stack.of(this).toJsonString(this.permitted);
  }
}

/**
 * Lets `grantee` make tagged sessions from roles, which must trust it as well. Chaining and crossing accounts take all
 * three actions of the caller. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required
 */
export function grantVend(grantee: IGrantable, roleArns: string[], conditions: PolicyConditions = {}): Grant {
  return Grant.addToPrincipal({
    grantee,
    actions: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
    resourceArns: roleArns,
    conditions,
  });
}

const TENANT_TAG = `aws:RequestTag/${TENANT_TAG_KEY}`;

/**
 * `Null` demands the tag: other operators can pass when it is absent. A tag with a slash would say more than a tenant
 * id in `${aws:PrincipalTag/TenantId}/*`, an empty one less. Which other tags come along is left to the profiles, so
 * `aws:TagKeys` is not tied down.
 */
const TAGGED_FOR_A_TENANT: PolicyConditions = {
  Null: { [TENANT_TAG]: 'false' },
  StringLike: { [TENANT_TAG]: '?*' },
  StringNotLike: { [TENANT_TAG]: '*/*' },
};
