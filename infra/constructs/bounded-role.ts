import { type Duration, Stack } from 'aws-cdk-lib';
import { type IPrincipal, PolicyDocument, type PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { TENANT_TAG_KEY } from '../../functions/core/grant/session-tags.ts';
import type { PolicyConditions } from '../../functions/core/profile/policy-document.ts';
import { BoundedIdentity } from './bounded-identity.ts';

/** Who may make sessions from the role, on what terms, and for how long. */
export interface BoundedRoleProps {
  readonly description: string;
  readonly maxSessionDuration: Duration;
  readonly assumedBy: IPrincipal;
  /** Statements of the trust policy beside those that let `assumedBy` assume the role. */
  readonly furtherTrust: readonly PolicyStatement[];
}

/** A role that sessions of tenants are made from, and that holds no more than what is permitted to it. */
export class BoundedRole extends BoundedIdentity {
  readonly role: Role;
  private readonly permitted = new PolicyDocument();

  constructor(scope: Construct, id: string, { furtherTrust, ...props }: BoundedRoleProps) {
    super(scope, id, { kind: 'role', description: props.description });
    this.role = new Role(this, 'Role', { ...props, permissionsBoundary: this.boundary });
    this.role.assumeRolePolicy?.addStatements(...furtherTrust);
  }

  override permit(...statements: readonly PolicyStatement[]): void {
    super.permit(...statements);
    this.permitted.addStatements(...statements);
    for (const statement of statements) this.role.addToPolicy(statement);
  }

  /** All that has been permitted when the template is made, as a policy in JSON: for whoever previews sessions. */
  permittedJson(): string {
    return Stack.of(this).toJsonString(this.permitted);
  }
}

/** What a request says of the tenant that a session is for. */
export const TENANT_TAG = `aws:RequestTag/${TENANT_TAG_KEY}`;

/**
 * `Null` demands the tag: other operators can pass when it is absent. A tag with a slash would say more than a tenant
 * id in `${aws:PrincipalTag/TenantId}/*`, an empty one less. Which other tags come along is left to the profiles, so
 * `aws:TagKeys` is not tied down.
 */
export const TAGGED_FOR_A_TENANT = {
  Null: { [TENANT_TAG]: 'false' },
  StringLike: { [TENANT_TAG]: '?*' },
  StringNotLike: { [TENANT_TAG]: '*/*' },
} satisfies PolicyConditions;
