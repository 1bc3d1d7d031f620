import { expect, test } from 'vitest';
import {
  ACCOUNT,
  arn,
  BUS,
  DECODE_ROLE_ARN,
  EVENT_QUEUE,
  FEDERATED_ROLE_ARN,
  FEDERATION_USER_ARN,
  IAM_USER_ROLE_ARN,
  MFA_ROLE_ARN,
  ONBOARDING_ROLE_ARN,
  REGION,
  REGISTRY_TABLE,
  RESOURCES,
  REVOKE_FUNCTION,
  REVOKE_ROLE_ARN,
  SAML_ROLE_ARN,
  SIGNING_KEY_ID,
  TEMPLATE_BUCKET,
  TENANT_ROLE_ARN,
  TENANT_USER_ARN_PREFIX,
  TENANTS_ROLE_ARN,
  USAGE_TABLE,
  USER_SECRETS_PREFIX,
  VEND_ROLE_ARN,
  VERIFY_FUNCTION,
} from '../../local/account.ts';
import type { RoleDefinition } from '../../local/aws/roles.ts';
import { secretArn } from '../../local/aws/secrets-manager.ts';
import { type IdentityProviders, placeOf } from '../../local/identity-providers.ts';
import { ROLES } from '../../local/roles.ts';
import { SAML_PROVIDER } from '../../local/saml-provider.ts';
import { federatedRole } from '../../local/tenant-roles.ts';
import { createUsers, secretNameOf } from '../../local/users.ts';
import { deployed, statementsOf, templateOf } from '../infra/synthesized.ts';

/** Those that a server here has, but for their URLs: one that says the tenant, one of a tenant, and Latchkey. */
const PROVIDERS: IdentityProviders = {
  latchkey: 'https://vend.example.com',
  openId: [
    { url: 'https://id.example.com/pool', audience: 'https://latchkey.local', tenantId: undefined },
    { url: 'https://id.initech.example', audience: 'https://latchkey.local', tenantId: 'initech' },
  ],
  saml: [SAML_PROVIDER],
};

const template = templateOf({
  name: 'local',
  region: REGION,
  customerRoleArns: ['arn:aws:iam::*:role/latchkey-*'],
  domain: {
    name: placeOf(PROVIDERS.latchkey ?? ''),
    certificateArn: `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/vend`,
  },
  signingKeys: ['first'],
  identityProviders: [
    ...PROVIDERS.openId.map(({ url, audience, tenantId }) => ({
      arn: arn.openIdProvider(placeOf(url)),
      audience,
      ...(tenantId !== undefined && { tenantId }),
    })),
    ...PROVIDERS.saml.map(({ providerArn, tenantId }) => ({ arn: providerArn, tenantId })),
  ],
  iamUsers: { federation: true, tenants: ['acme'] },
});
const ACME_USER_ARN = `${TENANT_USER_ARN_PREFIX}acme`;
const secretOf = (userArn: string) => secretArn(secretNameOf(userArn), { account: ACCOUNT, region: REGION });
const ARNS = {
  'AWS::AccountId': ACCOUNT,
  VendRole: VEND_ROLE_ARN,
  TenantRole: TENANT_ROLE_ARN,
  PrincipalsFederatedRole: FEDERATED_ROLE_ARN,
  PrincipalsUsersMfaRole: MFA_ROLE_ARN,
  PrincipalsIssuerKey: arn.key(SIGNING_KEY_ID),
  PrincipalsIssuerProvider: arn.openIdProvider(placeOf(PROVIDERS.latchkey ?? '')),
  PrincipalsUsersFederationUser: FEDERATION_USER_ARN,
  PrincipalsUsersFederationSecret: secretOf(FEDERATION_USER_ARN),
  PrincipalsUsersTenantacmeUser: ACME_USER_ARN,
  PrincipalsUsersTenantacmeSecret: secretOf(ACME_USER_ARN),
  SampleTenantDataBucket: RESOURCES.tenantBucketArn,
  SampleTenantDataTable: RESOURCES.tenantTableArn,
  TenantRegistry: arn.table(REGISTRY_TABLE),
  UsageTable: arn.table(USAGE_TABLE),
  AdministrationTemplatesBucket: arn.bucket(TEMPLATE_BUCKET),
  AdministrationVerifyFunction: arn.function(VERIFY_FUNCTION),
  AdministrationRevokeFunction: arn.function(REVOKE_FUNCTION),
  AdministrationBus: arn.bus(BUS),
  AdministrationEventsQueue: arn.queue(EVENT_QUEUE),
};

/** What a document means, however it is written: a line for every action on every resource, without Sids, and every list in one order. */
function normalised(statements: unknown): string[] {
  const lines = (statements as Record<string, unknown>[]).flatMap((statement) =>
    [statement['Action']].flat().flatMap((Action) =>
      // A trust policy names no resource.
      [statement['Resource'] ?? null]
        .flat()
        .map((Resource) => ({ ...statement, Sid: undefined, Action, Resource })),
    ),
  );
  const texts = lines.map((line) =>
    JSON.stringify(line, (_key, value) =>
      Array.isArray(value) && value.length === 1 ? value[0] : sorted(value),
    ),
  );
  return [...new Set(texts)].sort();
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.toSorted();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const statementsIn = (document: unknown) => (document as { Statement: unknown[] }).Statement;

const localRole = (roleArn: string) => {
  const role = [...ROLES, federatedRole(PROVIDERS)].find((each) => each.arn === roleArn);
  return {
    trust: normalised(statementsIn(role?.trustPolicy)),
    permissions: normalised(Object.values(role?.policies ?? {}).flatMap(statementsIn)),
    seconds: role?.maxSessionDurationSeconds ?? 3600,
  };
};

const deployedRole = (prefix: string) => {
  const roles = Object.entries(template.findResources('AWS::IAM::Role'));
  const { AssumeRolePolicyDocument, MaxSessionDuration = 3600 } =
    roles.find(([id]) => id.startsWith(prefix))?.[1]['Properties'] ?? {};
  const trust = deployed(AssumeRolePolicyDocument, ARNS);
  // Lambda writes the log of a deployed function; a local one has none to write.
  const statements = (statementsOf(template, prefix) as { Action: unknown }[]).filter(
    ({ Action }) => !JSON.stringify(Action).includes('logs:'),
  );
  return {
    trust: normalised(statementsIn(trust)),
    permissions: normalised(deployed(statements, ARNS)),
    seconds: MaxSessionDuration,
  };
};

test.each([
  ['the tenant role', TENANT_ROLE_ARN, 'TenantRole'],
  ['the federated role', FEDERATED_ROLE_ARN, 'PrincipalsFederatedRole'],
  ['the MFA role', MFA_ROLE_ARN, 'PrincipalsUsersMfaRole'],
  ['the vend function’s role', VEND_ROLE_ARN, 'VendRole'],
  ['the saml function’s role', SAML_ROLE_ARN, 'SamlRole'],
  ['the iam-user function’s role', IAM_USER_ROLE_ARN, 'IamUserRole'],
  ['the decode function’s role', DECODE_ROLE_ARN, 'DecodeRole'],
  ['the tenants function’s role', TENANTS_ROLE_ARN, 'AdministrationTenantsRole'],
  ['the onboarding function’s role', ONBOARDING_ROLE_ARN, 'AdministrationOnboardingRole'],
  ['the revoke function’s role', REVOKE_ROLE_ARN, 'AdministrationRevokeRole'],
])('%s on this machine is the one that is deployed', (_what, roleArn, prefix) => {
  const role = localRole(roleArn);
  expect(role.permissions.length).toBeGreaterThan(0);
  expect(role).toEqual(deployedRole(prefix));
});

test('the tenant resource’s function, which runs under the onboarding role here, may do what that role may but for the queue', () => {
  const { permissions } = deployedRole('AdministrationOnboardingRole');
  const withoutQueue = permissions.filter((statement) => !statement.includes('sqs:'));
  expect(withoutQueue.length).toBeLessThan(permissions.length);
  expect(deployedRole('AdministrationTenantResourceRole').permissions).toEqual(withoutQueue);
});

type Bounded = Pick<RoleDefinition, 'arn' | 'policies' | 'boundary'>;
const boundedRoles: readonly Bounded[] = [...ROLES, federatedRole(PROVIDERS)];

test.each([
  ['tenant role', TENANT_ROLE_ARN, 'TenantRoleBoundary', boundedRoles],
  ['federated role', FEDERATED_ROLE_ARN, 'PrincipalsFederatedRoleBoundary', boundedRoles],
  ['MFA role', MFA_ROLE_ARN, 'PrincipalsUsersMfaRoleBoundary', boundedRoles],
  ['federation user', FEDERATION_USER_ARN, 'PrincipalsUsersFederationBoundary', createUsers()],
  ['user of acme', ACME_USER_ARN, 'PrincipalsUsersTenantacmeBoundary', createUsers()],
])(
  'the permissions boundary of the %s is the one that is deployed, and what it may',
  (_what, arn, prefix, all) => {
    const policies = Object.entries(template.findResources('AWS::IAM::ManagedPolicy'));
    const boundary = policies.find(([id]) => id.startsWith(prefix))?.[1];
    const expected = normalised(deployed(boundary?.['Properties'].PolicyDocument.Statement, ARNS));
    const local = all.find((each) => each.arn === arn);
    expect(normalised(statementsIn(local?.boundary))).toEqual(expected);
    expect(normalised(Object.values(local?.policies ?? {}).flatMap(statementsIn))).toEqual(expected);
  },
);

test('IAM users are called as the deployed ones are, and their secrets as well', () => {
  const named = (type: string, name: (properties: Record<string, string>) => string) =>
    Object.values(template.findResources(type))
      .map(({ Properties }) => name(Properties))
      .sort();
  const userArns = named('AWS::IAM::User', ({ Path, UserName }) => arn.user(`${Path?.slice(1)}${UserName}`));
  expect(userArns).toEqual([ACME_USER_ARN, FEDERATION_USER_ARN]);
  const secrets = named('AWS::SecretsManager::Secret', ({ Name = '' }) => Name);
  expect(secrets).toEqual(userArns.map(secretNameOf));
  expect(secrets.every((name) => name.startsWith(USER_SECRETS_PREFIX))).toBe(true);
});
