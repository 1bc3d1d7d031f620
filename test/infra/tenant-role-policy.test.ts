import { expect, test } from 'vitest';
import { parsePolicy } from '../../policy/parse-policy.ts';
import { deployed, statementsOf, templateOf } from './synthesized.ts';

const ARNS = {
  SampleTenantDataBucket: 'arn:aws:s3:::data',
  SampleTenantDataTable: 'arn:aws:dynamodb:eu-central-1:111122223333:table/items',
};

test('the functions that administer, and no others, are told what the tenant role may do', () => {
  const template = templateOf();
  const told = Object.entries(template.findResources('AWS::Lambda::Function'))
    .map(([id, resource]) => [id, resource['Properties'].Environment?.Variables?.LATCHKEY_TENANT_ROLE_POLICY])
    .filter(([, policy]) => policy !== undefined);
  expect(told.map(([id]) => String(id).slice(0, -8)).sort()).toEqual([
    'AdministrationOnboardingFunction',
    'AdministrationTenantResourceFunction',
    'AdministrationTenantsFunction',
  ]);
  for (const [, policy] of told) {
    const document = JSON.parse(deployed(policy, ARNS) as string);
    expect(document.Statement).toEqual(deployed(statementsOf(template, 'TenantRole'), ARNS));
    expect(parsePolicy(document, 'role').statements).toHaveLength(3);
  }
});
