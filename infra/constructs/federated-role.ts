import { Duration } from 'aws-cdk-lib';
import { CompositePrincipal, FederatedPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { PolicyConditions } from '../../functions/core/profile/policy-document.ts';
import { STS_AUDIENCE, SUBJECT_PREFIX } from '../../functions/core/self-issued/identity-token.ts';
import type { Environment } from '../environment.ts';
import type { IdentityProvider } from '../identity-provider.ts';
import { samlAudiences } from '../partition.ts';
import { BoundedRole, TAGGED_FOR_A_TENANT, TENANT_TAG } from './bounded-role.ts';
import type { SelfIssuer } from './self-issuer.ts';

/** Whose tokens and assertions the role takes: of one at least. */
export interface FederatedRoleProps extends Pick<Environment, 'region'> {
  readonly selfIssuer?: SelfIssuer | undefined;
  readonly identityProviders: readonly IdentityProvider[];
  readonly description: string;
}

/** Whose word is taken, for which call of STS, and on what terms. */
interface Trust {
  readonly providerArn: string;
  readonly action: 'sts:AssumeRoleWithWebIdentity' | 'sts:AssumeRoleWithSAML';
  readonly conditions: PolicyConditions;
}

/**
 * A role for sessions that STS makes for a token or an assertion, without credentials and so without chaining: up to twelve
 * hours. No principal of this account can assume it, the vend function neither. Whoever holds a token that is taken here has
 * what the role permits, for the tenant of the token's tag: its own policy must bound it, and does.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp.html
 */
export class FederatedRole extends BoundedRole {
  constructor(scope: Construct, id: string, props: FederatedRoleProps) {
    const { selfIssuer, identityProviders, region, description } = props;
    const trusts = [
      ...(selfIssuer === undefined ? [] : [trustIssuer(selfIssuer)]),
      ...identityProviders.map((provider) => trustProvider(provider, region)),
    ];
    super(scope, id, {
      description,
      maxSessionDuration: Duration.hours(12),
      assumedBy: new CompositePrincipal(
        ...trusts.map(({ providerArn, conditions, action }) =>
          new FederatedPrincipal(providerArn, { ...conditions }, action).withSessionTags(),
        ),
      ),
      furtherTrust: [
        // Naming a source opens nothing while the role cannot be assumed.
        new PolicyStatement({
          actions: ['sts:SetSourceIdentity'],
          principals: trusts.map(({ providerArn }) => new FederatedPrincipal(providerArn, {})),
        }),
      ],
    });
  }
}

/** The tokens that Latchkey signs: for STS, and where subject and tag say the same tenant. */
function trustIssuer({ providerArn, place }: SelfIssuer): Trust {
  return {
    providerArn,
    action: 'sts:AssumeRoleWithWebIdentity',
    conditions: {
      ...TAGGED_FOR_A_TENANT,
      StringEquals: {
        [`${place}:aud`]: STS_AUDIENCE,
        [`${place}:sub`]: `${SUBJECT_PREFIX}\${${TENANT_TAG}}`,
      },
    },
  };
}

/** A provider that a tenant controls is taken at its word for that tenant alone. */
function trustProvider(provider: IdentityProvider, region: string): Trust {
  const { arn, tenantId } = provider;
  const own = tenantId === undefined ? {} : { [TENANT_TAG]: tenantId };
  const audience =
    provider.kind === 'saml'
      ? { 'SAML:aud': samlAudiences(region) }
      : { [`${provider.place}:aud`]: provider.audience };
  return {
    providerArn: arn,
    action: provider.kind === 'saml' ? 'sts:AssumeRoleWithSAML' : 'sts:AssumeRoleWithWebIdentity',
    conditions: {
      // Equal to a tenant's id is neither absent nor empty, and has no slash.
      ...(tenantId === undefined ? TAGGED_FOR_A_TENANT : {}),
      StringEquals: { ...audience, ...own },
    },
  };
}
