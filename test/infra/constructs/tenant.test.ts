import { Lazy, RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../../functions/core/errors.ts';
import { Tenant, type TenantProps } from '../../../infra/constructs/tenant.ts';
import { emptyStack, onlyResource } from '../synthesized.ts';

const TENANT = 'Custom::LatchkeyTenant';
const PROVIDER = { serviceToken: 'arn:aws:lambda:eu-central-1:111122223333:function:provider' };
const DEFINITION = { displayName: 'Acme', profiles: ['app'], defaultProfile: 'app' };

function tenantTemplate(differences: Partial<TenantProps> = {}): Template {
  const stack = emptyStack();
  const { externalId } = new Tenant(stack, 'Acme', {
    provider: PROVIDER,
    tenantId: 'acme',
    definition: DEFINITION,
    ...differences,
  });
  stack.exportValue(externalId, { name: 'externalId' });
  return Template.fromStack(stack);
}

test('is asked of the provider, its definition as JSON', () => {
  const { ServiceToken, tenantId, definition } = onlyResource(tenantTemplate(), TENANT)['Properties'];
  expect({ ServiceToken, tenantId }).toEqual({ ServiceToken: PROVIDER.serviceToken, tenantId: 'acme' });
  expect(JSON.parse(definition)).toEqual(DEFINITION);
});

test.each([
  [{}, undefined],
  [{ adopt: true }, 'true'],
])('%j: takes over a tenant that is there: %s', (differences, adopt) => {
  expect(onlyResource(tenantTemplate(differences), TENANT)['Properties'].adopt).toBe(adopt);
});

test('tells the external id that Latchkey made', () => {
  const [resource = ''] = Object.keys(tenantTemplate().findResources(TENANT));
  tenantTemplate().hasOutput('*', { Value: { 'Fn::GetAtt': [resource, 'externalId'] } });
});

test.each([
  [{}, 'Retain'],
  [{ removalPolicy: RemovalPolicy.DESTROY }, 'Delete'],
])('%j: %s', (differences, policy) => {
  tenantTemplate(differences).hasResource(TENANT, { DeletionPolicy: policy, UpdateReplacePolicy: policy });
});

describe('refused at synth', () => {
  test.each<[string, Partial<TenantProps>, RegExp]>([
    ['a tenant id', { tenantId: 'Acme/1' }, /^tenant id: /],
    ['a definition', { definition: { ...DEFINITION, defaultProfile: 'admin' } }, /defaultProfile: got admin/],
    ['a member', { definition: { ...DEFINITION, profile: 'app' } as never }, /profile/],
  ])('%s', (_what, differences, message) => {
    const attempt = () => tenantTemplate(differences);
    expect(attempt).toThrow(ConfigurationError);
    expect(attempt).toThrow(message);
  });

  test('not: what CloudFormation has yet to name', () => {
    const url = Lazy.string({ produce: () => 'https://issuer.example' });
    const definition = { ...DEFINITION, claims: [{ issuer: url, value: 'a' }], defaultProfile: 'admin' };
    const { definition: written } = onlyResource(tenantTemplate({ definition }), TENANT)['Properties'];
    expect(JSON.parse(written)).toMatchObject({ claims: [{ issuer: 'https://issuer.example' }] });
  });
});
