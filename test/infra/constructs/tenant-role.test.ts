import { Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, test } from 'vitest';
import { TenantRole } from '../../../infra/constructs/tenant-role.ts';
import { type ContextFacts, createContext } from '../../../policy/context.ts';
import { evaluateResourcePolicy } from '../../../policy/evaluate.ts';
import { parsePolicy } from '../../../policy/parse-policy.ts';
import { deployed, emptyStack, statementsOf } from '../synthesized.ts';

const VEND_ROLE = 'arn:aws:iam::111122223333:role/vend';
const TENANT_ROLE = 'arn:aws:iam::111122223333:role/tenant';

function tenantRoleTemplate(externalId?: string): Template {
  const stack = emptyStack();
  const vendRole = new Role(stack, 'Vend', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const demands = externalId === undefined ? {} : { externalId };
  const tenantRole = new TenantRole(stack, 'Tenant', { vendRole, description: 'test', ...demands });
  tenantRole.permit(new PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::data/a'] }));
  return Template.fromStack(stack);
}

function trustPolicyOf(template: Template): unknown {
  const roles = Object.entries(template.findResources('AWS::IAM::Role'));
  return roles.find(([id]) => id.startsWith('Tenant'))?.[1]['Properties'].AssumeRolePolicyDocument;
}

/** What the trust policy says to the vend function, or whoever else comes, with these tags. */
function trusts(
  { action, caller = VEND_ROLE, externalId }: { action: string; caller?: string; externalId?: string },
  values: ContextFacts['values'],
): string {
  const policy = parsePolicy(
    deployed(trustPolicyOf(tenantRoleTemplate(externalId)), { Vend: VEND_ROLE }),
    'trust policy',
  );
  const context = createContext({
    values,
    absent: ['aws:RequestTag/*', 'sts:ExternalId'].filter((key) => !(key in values)),
  });
  const principal = { type: 'roleSession', roleArn: caller, sessionArn: `${caller}/session` } as const;
  return evaluateResourcePolicy(policy, { action, resource: TENANT_ROLE, context, principal }).effect;
}

const TAGGED = { 'aws:RequestTag/TenantId': 'acme' };

describe('trust', () => {
  test.each(['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity', 'sts:SetContext'])(
    '%s: the vend function may, for a tenant, with tags of a profile beside',
    (action) => {
      expect(trusts({ action }, { ...TAGGED, 'aws:RequestTag/Plan': 'gold' })).toBe('allowed');
    },
  );

  test.each(['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity', 'sts:SetContext'])(
    '%s: nobody else may',
    (action) => {
      const caller = 'arn:aws:iam::111122223333:role/another';
      expect(trusts({ action, caller }, TAGGED)).toBe('implicitlyDenied');
    },
  );

  test.each([
    ['without a tag', {}],
    ['with another tag alone', { 'aws:RequestTag/Plan': 'gold' }],
    ['with an empty tag', { 'aws:RequestTag/TenantId': '' }],
    ["with a folder of the tenant's", { 'aws:RequestTag/TenantId': 'acme/reports' }],
    ['with a way into another', { 'aws:RequestTag/TenantId': 'acme/../globex' }],
  ])('neither assumed nor tagged %s', (_case, values) => {
    expect(trusts({ action: 'sts:AssumeRole' }, values)).toBe('implicitlyDenied');
    expect(trusts({ action: 'sts:TagSession' }, values)).toBe('implicitlyDenied');
  });

  test.each([
    ['the agreed one', { 'sts:ExternalId': 'agreed' }, 'allowed'],
    ['another', { 'sts:ExternalId': 'guessed' }, 'implicitlyDenied'],
    ['none', {}, 'implicitlyDenied'],
  ])('an external id, where one is demanded: %s', (_case, values, effect) => {
    const attempt = { action: 'sts:AssumeRole', externalId: 'agreed' };
    expect(trusts(attempt, { ...TAGGED, ...values })).toBe(effect);
  });
});

test('a session lasts an hour at most', () => {
  tenantRoleTemplate().hasResourceProperties('AWS::IAM::Role', {
    Description: 'test',
    MaxSessionDuration: 3600,
  });
});

test('what it permits is also the most that anything written into its policies can permit', () => {
  const template = tenantRoleTemplate();
  const permitted = [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/a' }];
  expect(statementsOf(template, 'Tenant')).toEqual(permitted);
  template.hasResourceProperties('AWS::IAM::ManagedPolicy', { PolicyDocument: { Statement: permitted } });
  const [boundary = ''] = Object.keys(template.findResources('AWS::IAM::ManagedPolicy'));
  template.hasResourceProperties('AWS::IAM::Role', {
    Description: 'test',
    PermissionsBoundary: { Ref: boundary },
  });
});

test('the vend function is given what making a session takes, on this role alone', () => {
  expect(statementsOf(tenantRoleTemplate(), 'Vend')).toEqual([
    {
      Effect: 'Allow',
      Action: ['sts:AssumeRole', 'sts:SetContext', 'sts:SetSourceIdentity', 'sts:TagSession'],
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^TenantRole/), 'Arn'] },
    },
  ]);
});
