import { expect, test } from 'vitest';
import {
  DATA_TABLE,
  REGION,
  REGISTRY_TABLE,
  RESOURCES,
  ROLES,
  TENANT_ROLE_ARN,
  VEND_ROLE_ARN,
} from '../../local/account.ts';
import { deployed, statementsOf, templateOf } from '../infra/synthesized.ts';

const template = templateOf({ region: REGION });
const ARNS = {
  VendRole: VEND_ROLE_ARN,
  TenantRole: TENANT_ROLE_ARN,
  SampleTenantDataBucket: RESOURCES.tenantBucketArn,
  SampleTenantDataTable: RESOURCES.tenantTableArn,
  TenantRegistry: RESOURCES.tenantTableArn.replace(DATA_TABLE, REGISTRY_TABLE),
  VendLog: 'arn:aws:logs:us-east-1:111122223333:log-group:vend',
};

/** Lists for single values and no Sids, in one order: what a document means, however it is written. */
function normalised(statements: unknown): string[] {
  return (statements as Record<string, unknown>[])
    .map((statement) => ({ ...statement, Sid: undefined, Action: [statement['Action']].flat().sort() }))
    .map((statement) =>
      JSON.stringify(statement, (_key, value) =>
        Array.isArray(value) && value.length === 1 ? value[0] : sorted(value),
      ),
    )
    .sort();
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const localRole = (arn: string) => {
  const role = ROLES.find((each) => each.arn === arn);
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
  const permissions = (deployed(statementsOf(template, prefix), ARNS) as { Action: unknown }[]).filter(
    ({ Action }) => !JSON.stringify(Action).includes('logs:'),
  );
  return { trust: normalised(trust.Statement), permissions: normalised(permissions) };
};

test.each([
  ['the tenant role', TENANT_ROLE_ARN, 'TenantRole'],
  ['the vend function’s role', VEND_ROLE_ARN, 'VendRole'],
])('%s on this machine is the one that is deployed', (_what, arn, prefix) => {
  expect(localRole(arn)).toEqual(deployedRole(prefix));
});
