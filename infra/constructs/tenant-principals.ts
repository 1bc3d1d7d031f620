import { Construct } from 'constructs';
import type { Environment, TenantDataArns } from '../environment.ts';
import { identityProvidersOf } from '../identity-provider.ts';
import type { ProvidedPrincipals } from '../provided-resources.ts';
import type { BoundedRole } from './bounded-role.ts';
import { FederatedRole } from './federated-role.ts';
import { IamUsers } from './iam-users.ts';
import { SelfIssuer } from './self-issuer.ts';
import { grantTenantData } from './tenant-data.ts';
import type { TenantRole } from './tenant-role.ts';

/** What the environment turns on, and what is there already. */
export interface TenantPrincipalsProps
  extends Pick<
    Environment,
    'name' | 'region' | 'retainData' | 'domain' | 'signingKeys' | 'identityProviders' | 'iamUsers'
  > {
  readonly tenantRole: TenantRole;
  readonly tenantData: TenantDataArns;
}

/** Everybody that sessions of tenants are made from: the tenant role, and what the environment turns on beside it. All of them permit the same. */
export class TenantPrincipals extends Construct {
  readonly tenantRole: TenantRole;
  readonly selfIssuer: SelfIssuer | undefined;
  readonly federatedRole: FederatedRole | undefined;
  readonly iamUsers: IamUsers | undefined;
  /** Roles whose sessions last longer than an hour. */
  readonly longSessionRoles: readonly BoundedRole[];
  /**
   * Roles that nobody but Latchkey can have sessions of, so that the name of each is one that Latchkey gave. Whoever holds a token of
   * an identity provider names the session as they like.
   */
  readonly namedByLatchkey: readonly BoundedRole[];

  constructor(scope: Construct, id: string, props: TenantPrincipalsProps) {
    super(scope, id);
    const { tenantRole, identityProviders = [] } = props;
    this.tenantRole = tenantRole;
    this.selfIssuer = this.makeIssuer(props);
    this.federatedRole = this.makeFederatedRole(props);
    this.iamUsers = this.makeUsers(props);
    const mfaRoles = listOf(this.iamUsers?.mfaRole);
    this.longSessionRoles = [...listOf(this.federatedRole), ...mfaRoles];
    this.namedByLatchkey = [
      tenantRole,
      ...(identityProviders.length === 0 ? listOf(this.federatedRole) : []),
      ...mfaRoles,
    ];
  }

  /** What profiles may name of them. */
  resources(): ProvidedPrincipals {
    const { federationUserArn, tenantUserArnPrefix, mfaRole } = this.iamUsers ?? {};
    return {
      tenantRoleArn: this.tenantRole.role.roleArn,
      ...(this.federatedRole === undefined ? {} : { federatedRoleArn: this.federatedRole.role.roleArn }),
      ...(mfaRole === undefined ? {} : { mfaRoleArn: mfaRole.role.roleArn }),
      ...(federationUserArn === undefined ? {} : { federationUserArn }),
      ...(tenantUserArnPrefix === undefined ? {} : { tenantUserArnPrefix }),
    };
  }

  private makeIssuer({ domain, signingKeys, retainData }: TenantPrincipalsProps): SelfIssuer | undefined {
    if (signingKeys === undefined || domain === undefined) return undefined;
    return new SelfIssuer(this, 'Issuer', { domainName: domain.name, signingKeys, retainData });
  }

  private makeFederatedRole(props: TenantPrincipalsProps): FederatedRole | undefined {
    const identityProviders = identityProvidersOf(props);
    if (this.selfIssuer === undefined && identityProviders.length === 0) return undefined;
    const federatedRole = new FederatedRole(this, 'FederatedRole', {
      selfIssuer: this.selfIssuer,
      identityProviders,
      region: props.region,
      description:
        'Latchkey: sessions of one tenant each, for tokens and assertions that carry the tag TenantId',
    });
    grantTenantData(federatedRole, props.tenantData);
    return federatedRole;
  }

  private makeUsers({ name, iamUsers, tenantData }: TenantPrincipalsProps): IamUsers | undefined {
    return iamUsers === undefined ? undefined : new IamUsers(this, 'Users', { name, iamUsers, tenantData });
  }
}

function listOf<T>(one: T | undefined): readonly T[] {
  return one === undefined ? [] : [one];
}
