import { TENANT_TAG_KEY } from '../functions/core/grant/session-tags.ts';
import { STS_AUDIENCE, SUBJECT_PREFIX } from '../functions/core/self-issued/identity-token.ts';
import {
  ACCOUNT,
  arn,
  FEDERATED_ROLE_ARN,
  MFA_ROLE_ARN,
  TENANT_ROLE_ARN,
  TENANT_USER_ARN_PREFIX,
  VEND_ROLE_ARN,
} from './account.ts';
import type { RoleDefinition } from './aws/roles.ts';
import { type IdentityProviders, placeOf } from './identity-providers.ts';
import { policy } from './policy-document.ts';
import { TENANT_DATA } from './tenant-data.ts';

const REQUEST_TAG = `aws:RequestTag/${TENANT_TAG_KEY}`;
/** A request that says of which tenant a session is: no other tag would do, and none without one. */
export const TAGGED_FOR_A_TENANT = {
  Null: { [REQUEST_TAG]: 'false' },
  StringLike: { [REQUEST_TAG]: '?*' },
  StringNotLike: { [REQUEST_TAG]: '*/*' },
};
const TWELVE_HOURS = 43_200;
/** Who an assertion for STS in this Region is for. */
const SAML_AUDIENCES = ['https://signin.aws.amazon.com/saml', 'https://us-east-1.signin.aws.amazon.com/saml'];

/** The role that the vend function assumes for tenants, as in the stack. */
export const TENANT_ROLE: RoleDefinition = {
  arn: TENANT_ROLE_ARN,
  trustPolicy: policy(
    {
      Principal: { AWS: VEND_ROLE_ARN },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Condition: TAGGED_FOR_A_TENANT,
    },
    { Principal: { AWS: VEND_ROLE_ARN }, Action: ['sts:SetSourceIdentity', 'sts:SetContext'] },
  ),
  policies: { tenantData: TENANT_DATA },
  boundary: TENANT_DATA,
};

/** The role that a tenant's IAM user assumes with an MFA code, for its tenant alone, as in the stack. */
export const MFA_ROLE: RoleDefinition = {
  arn: MFA_ROLE_ARN,
  trustPolicy: policy(
    {
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Condition: {
        ...TAGGED_FOR_A_TENANT,
        StringEquals: { 'aws:PrincipalArn': `${TENANT_USER_ARN_PREFIX}\${${REQUEST_TAG}}` },
        Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      },
    },
    {
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: 'sts:SetSourceIdentity',
      Condition: { StringLike: { 'aws:PrincipalArn': `${TENANT_USER_ARN_PREFIX}*` } },
    },
  ),
  policies: { tenantData: TENANT_DATA },
  boundary: TENANT_DATA,
  maxSessionDurationSeconds: TWELVE_HOURS,
};

/** The role that takes tokens and assertions, of nobody but these, as in the stack. */
export function federatedRole({ latchkey, openId, saml }: IdentityProviders): RoleDefinition {
  const trusts = [
    ...(latchkey === undefined ? [] : [trustLatchkey(latchkey)]),
    ...openId.map(trustOpenId),
    ...saml.map(trustSaml),
  ];
  const Federated = trusts.map(({ Principal }) => Principal.Federated);
  return {
    arn: FEDERATED_ROLE_ARN,
    trustPolicy: policy(...trusts, { Principal: { Federated }, Action: 'sts:SetSourceIdentity' }),
    policies: { tenantData: TENANT_DATA },
    boundary: TENANT_DATA,
    maxSessionDurationSeconds: TWELVE_HOURS,
  };
}

/** The tokens that Latchkey signs: for STS, and where subject and tag say the same tenant. */
function trustLatchkey(url: string) {
  const place = placeOf(url);
  return {
    Principal: { Federated: arn.openIdProvider(place) },
    Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
    Condition: {
      ...TAGGED_FOR_A_TENANT,
      StringEquals: {
        [`${place}:aud`]: STS_AUDIENCE,
        [`${place}:sub`]: `${SUBJECT_PREFIX}\${${REQUEST_TAG}}`,
      },
    },
  };
}

/** A tenant's own issuer is taken at its word for that tenant alone. */
function trustOpenId({ url, audience, tenantId }: IdentityProviders['openId'][number]) {
  const place = placeOf(url);
  return {
    Principal: { Federated: arn.openIdProvider(place) },
    Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
    Condition: {
      ...(tenantId === undefined ? TAGGED_FOR_A_TENANT : {}),
      StringEquals: {
        [`${place}:aud`]: audience,
        ...(tenantId === undefined ? {} : { [REQUEST_TAG]: tenantId }),
      },
    },
  };
}

function trustSaml({ providerArn, tenantId }: IdentityProviders['saml'][number]) {
  return {
    Principal: { Federated: providerArn },
    Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
    Condition: { StringEquals: { 'SAML:aud': SAML_AUDIENCES, [REQUEST_TAG]: tenantId } },
  };
}
