import { expect, test } from 'vitest';
import {
  ACCOUNT,
  arn,
  BUS,
  EVENT_QUEUE,
  ONBOARDING_ROLE_ARN,
  REGION,
  REGISTRY_TABLE,
  RESOURCES,
  REVOKE_FUNCTION,
  REVOKE_ROLE_ARN,
  TEMPLATE_BUCKET,
  TENANT_ROLE_ARN,
  TENANTS_ROLE_ARN,
  USAGE_TABLE,
  VEND_ROLE_ARN,
  VERIFY_FUNCTION,
} from '../../local/account.ts';
import { ROLES } from '../../local/roles.ts';
import { deployed, statementsOf, templateOf } from '../infra/synthesized.ts';

const template = templateOf({ region: REGION, customerRoleArns: ['arn:aws:iam::*:role/latchkey-*'] });
const ARNS = {
  'AWS::AccountId': ACCOUNT,
  VendRole: VEND_ROLE_ARN,
  TenantRole: TENANT_ROLE_ARN,
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

/** What a document means, however it is written: a line for every action on every resource, without Sids, in one order. */
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
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const localRole = (roleArn: string) => {
  const role = ROLES.find((each) => each.arn === roleArn);
  const statementsIn = (document: unknown) => (document as { Statement: unknown[] }).Statement;
  return {
    trust: normalised(statementsIn(role?.trustPolicy)),
    permissions: normalised(Object.values(role?.policies ?? {}).flatMap(statementsIn)),
  };
};

const deployedRole = (prefix: string) => {
  const roles = Object.entries(template.findResources('AWS::IAM::Role'));
  const role = roles.find(([id]) => id.startsWith(prefix))?.[1];
  const trust = deployed(role?.['Properties'].AssumeRolePolicyDocument, ARNS) as { Statement: unknown[] };
  // Lambda writes the log of a deployed function; a local one has none to write.
  const statements = (statementsOf(template, prefix) as { Action: unknown }[]).filter(
    ({ Action }) => !JSON.stringify(Action).includes('logs:'),
  );
  return { trust: normalised(trust.Statement), permissions: normalised(deployed(statements, ARNS)) };
};

test.each([
  ['the tenant role', TENANT_ROLE_ARN, 'TenantRole'],
  ['the vend function’s role', VEND_ROLE_ARN, 'VendRole'],
  ['the tenants function’s role', TENANTS_ROLE_ARN, 'AdministrationTenantsRole'],
  ['the onboarding function’s role', ONBOARDING_ROLE_ARN, 'AdministrationOnboardingRole'],
  ['the revoke function’s role', REVOKE_ROLE_ARN, 'AdministrationRevokeRole'],
])('%s on this machine is the one that is deployed', (_what, roleArn, prefix) => {
  expect(localRole(roleArn)).toEqual(deployedRole(prefix));
});

test('the tenant resource’s function, which runs under the onboarding role here, may do what that role may but for the queue', () => {
  const { permissions } = deployedRole('AdministrationOnboardingRole');
  const withoutQueue = permissions.filter((statement) => !statement.includes('sqs:'));
  expect(withoutQueue.length).toBeLessThan(permissions.length);
  expect(deployedRole('AdministrationTenantResourceRole').permissions).toEqual(withoutQueue);
});

test('the permissions boundary of the tenant role is the one that is deployed', () => {
  const [boundary] = Object.values(template.findResources('AWS::IAM::ManagedPolicy'));
  const statements = deployed(boundary?.['Properties'].PolicyDocument.Statement, ARNS);
  const local = ROLES.find(({ arn }) => arn === TENANT_ROLE_ARN)?.boundary as { Statement: unknown };
  expect(normalised(statements)).toEqual(normalised(local.Statement));
});
