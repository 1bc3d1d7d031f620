import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { describe, expect, it, test } from 'vitest';
import {
  quickCreateUrl,
  renderRoleTemplate,
} from '../../../../functions/core/administration/role-template.ts';
import { createContext } from '../../../../policy/context.ts';
import { evaluateResourcePolicy } from '../../../../policy/evaluate.ts';
import { parsePolicy } from '../../../../policy/parse-policy.ts';
import { EXTERNAL_ID } from '../sample.ts';
import { ACME, OTHER_ROLE, VEND_ROLE } from './sample-administration.ts';

const template = renderRoleTemplate({ tenantId: ACME, externalId: EXTERNAL_ID, vendRoleArn: VEND_ROLE });

/** The template as the CDK reads it: a reference that leads nowhere or a property that there is not is an error. */
function included(): Template {
  const folder = mkdtempSync(join(tmpdir(), 'role-template-'));
  try {
    const templateFile = join(folder, 'template.json');
    writeFileSync(templateFile, JSON.stringify(template));
    const app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
    const stack = new Stack(app, 'Customer');
    Validations.of(app).acknowledge({
      id: 'CloudFormation-Validate::F3031',
      reason: 'the condition is not looked at: an empty list of policies is never used',
    });
    new CfnInclude(stack, 'Role', { templateFile });
    return Template.fromStack(stack);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const cdk = included();
const [role] = Object.values(cdk.findResources('AWS::IAM::Role'));
const trust = parsePolicy(role?.['Properties'].AssumeRolePolicyDocument, 'trust policy');

interface Asking {
  readonly action?: string;
  readonly roleArn?: string;
  readonly externalId?: string | undefined;
  readonly tag?: string | undefined;
}

function askedBy({ action = 'sts:AssumeRole', roleArn = VEND_ROLE, ...asking }: Asking): string {
  const { externalId, tag } = { externalId: EXTERNAL_ID, tag: ACME, ...asking };
  return evaluateResourcePolicy(trust, {
    action,
    resource: 'arn:aws:iam::444455556666:role/latchkey-acme',
    context: createContext({ values: { 'sts:ExternalId': externalId, 'aws:RequestTag/TenantId': tag } }),
    principal: { type: 'roleSession', roleArn, sessionArn: `${roleArn}/x` },
  }).effect;
}

describe("the role in a customer's account", () => {
  it.each(['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'])(
    'lets the vend function do %s',
    (action) => {
      expect(askedBy({ action })).toBe('allowed');
    },
  );

  test.each<[string, Asking]>([
    ['another role of the same account', { roleArn: OTHER_ROLE }],
    ['a request without an external id', { externalId: undefined }],
    ['a request with another external id', { externalId: 'x'.repeat(43) }],
    ['a request without a tenant tag', { tag: undefined }],
    ['a request with an empty tenant tag', { tag: '' }],
    ['a request for another tenant', { tag: 'globex' }],
    ['a tag of another tenant', { action: 'sts:TagSession', tag: 'globex' }],
    ['no tag', { action: 'sts:TagSession', tag: undefined }],
    ['a tag by another role', { action: 'sts:TagSession', roleArn: OTHER_ROLE }],
    ['a source identity by another role', { action: 'sts:SetSourceIdentity', roleArn: OTHER_ROLE }],
  ])('refuses %s', (_what, asking) => {
    expect(askedBy(asking)).toBe('implicitlyDenied');
  });

  it('lasts an hour, has the name that its owner wants and the policies that they name', () => {
    expect(role?.['Properties']).toMatchObject({
      MaxSessionDuration: 3600,
      RoleName: { Ref: 'RoleName' },
      ManagedPolicyArns: {
        'Fn::If': ['HasManagedPolicies', { Ref: 'ManagedPolicyArns' }, { Ref: 'AWS::NoValue' }],
      },
    });
    cdk.hasParameter('RoleName', { Default: 'latchkey-acme' });
    cdk.hasOutput('RoleArn', { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } });
  });
});

describe('the link to CloudFormation', () => {
  test.each([
    ['aws', 'console.aws.amazon.com'],
    ['aws-cn', 'console.amazonaws.cn'],
    ['aws-us-gov', 'console.amazonaws-us-gov.com'],
  ])('leads to the console of partition %s', (partition, host) => {
    const vendRoleArn = `arn:${partition}:iam::111122223333:role/vend`;
    const url = new URL(quickCreateUrl({ tenantId: ACME, vendRoleArn }, 'https://x.example/t?a=1&b=%2F'));
    expect(url.host).toBe(host);
    const [path, query] = url.hash.split('?');
    expect(path).toBe('#/stacks/create/review');
    expect(Object.fromEntries(new URLSearchParams(query))).toEqual({
      templateURL: 'https://x.example/t?a=1&b=%2F',
      stackName: 'latchkey-acme',
    });
  });
});
