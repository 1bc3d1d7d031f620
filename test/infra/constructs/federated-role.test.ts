import { Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { describe, expect, test } from 'vitest';
import { FederatedRole } from '../../../infra/constructs/federated-role.ts';
import { SelfIssuer } from '../../../infra/constructs/self-issuer.ts';
import { identityProvidersOf } from '../../../infra/identity-provider.ts';
import { type ContextFacts, createContext } from '../../../policy/context.ts';
import { evaluateResourcePolicy } from '../../../policy/evaluate.ts';
import type { RequestPrincipal } from '../../../policy/principals.ts';
import { deployedAccount } from '../deployed-account.ts';
import { emptyStack, everyChoice } from '../synthesized.ts';

const LATCHKEY = 'arn:aws:iam::111122223333:oidc-provider/vend.example.com';
const COMPANY = 'arn:aws:iam::111122223333:oidc-provider/id.example.com';
const GLOBEX = 'arn:aws:iam::111122223333:oidc-provider/id.globex.example/tenant';
const ACME = 'arn:aws:iam::111122223333:saml-provider/acme';

function roleTemplate(region = 'eu-central-1'): Template {
  const stack = emptyStack(region);
  const selfIssuer = new SelfIssuer(stack, 'Issuer', {
    domainName: 'vend.example.com',
    signingKeys: ['spring'],
    retainData: false,
  });
  const identityProviders = identityProvidersOf(everyChoice);
  const role = new FederatedRole(stack, 'Federated', {
    selfIssuer,
    identityProviders,
    region,
    description: 'test',
  });
  role.permit(new PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::data/a'] }));
  return Template.fromStack(stack);
}

const template = roleTemplate();
const trustPolicy = deployedAccount(template).trustPolicy('Federated');

type Values = ContextFacts['values'];

function trusts(
  action: string,
  principal: string | RequestPrincipal,
  values: Values,
  policy = trustPolicy,
): boolean {
  const keys = ['vend.example.com', 'id.example.com', 'id.globex.example/tenant'].flatMap((place) => [
    `${place}:aud`,
    `${place}:sub`,
  ]);
  const context = createContext({
    values,
    absent: ['aws:RequestTag/*', 'SAML:aud', ...keys].filter((key) => !(key in values)),
  });
  return (
    evaluateResourcePolicy(policy, {
      action,
      resource: 'arn:aws:iam::111122223333:role/federated',
      context,
      principal: typeof principal === 'string' ? { type: 'federated', provider: principal } : principal,
    }).effect === 'allowed'
  );
}

const tag = (tenantId: string): Values => ({ 'aws:RequestTag/TenantId': tenantId });
const OWN: Values = { 'vend.example.com:aud': 'sts.amazonaws.com', 'vend.example.com:sub': 'tenant:acme' };
const OF_COMPANY: Values = { 'id.example.com:aud': 'latchkey', 'id.example.com:sub': 'ann' };
const OF_GLOBEX: Values = { 'id.globex.example/tenant:aud': 'globex-app' };
const SIGN_IN: Values = { 'SAML:aud': 'https://signin.aws.amazon.com/saml' };
const TOKEN = 'sts:AssumeRoleWithWebIdentity';
const ASSERTION = 'sts:AssumeRoleWithSAML';

describe('trust', () => {
  test.each<[string, string, string, Values, boolean]>([
    ['a token of its own', TOKEN, LATCHKEY, { ...OWN, ...tag('acme') }, true],
    ['for another audience', TOKEN, LATCHKEY, { ...OWN, ...tag('acme'), 'vend.example.com:aud': 'x' }, false],
    ['of nobody', TOKEN, LATCHKEY, { ...OWN, ...tag('acme'), 'vend.example.com:sub': '' }, false],
    ['of one tenant, for another', TOKEN, LATCHKEY, { ...OWN, ...tag('globex') }, false],
    ['of no tenant', TOKEN, LATCHKEY, { ...OWN, ...tag('acme'), 'vend.example.com:sub': 'acme' }, false],
    ['of any tenant', TOKEN, LATCHKEY, { ...OWN, ...tag('*') }, false],
    [
      'without a subject',
      TOKEN,
      LATCHKEY,
      { ...tag('acme'), 'vend.example.com:aud': 'sts.amazonaws.com' },
      false,
    ],
    ['without a tag', TOKEN, LATCHKEY, OWN, false],
    ['with an empty tag', TOKEN, LATCHKEY, { ...OWN, ...tag('') }, false],
    ['for a folder of the tenant', TOKEN, LATCHKEY, { ...OWN, ...tag('acme/reports') }, false],
    ["a token of the company's, for any tenant", TOKEN, COMPANY, { ...OF_COMPANY, ...tag('acme') }, true],
    ['for another app', TOKEN, COMPANY, { ...tag('acme'), 'id.example.com:aud': 'other' }, false],
    ['without a tag', TOKEN, COMPANY, OF_COMPANY, false],
    ['for a folder of the tenant', TOKEN, COMPANY, { ...OF_COMPANY, ...tag('acme/..') }, false],
    ["a token of a tenant's, for itself", TOKEN, GLOBEX, { ...OF_GLOBEX, ...tag('globex') }, true],
    ['for another tenant', TOKEN, GLOBEX, { ...OF_GLOBEX, ...tag('acme') }, false],
    ['for another app', TOKEN, GLOBEX, { ...tag('globex'), 'id.globex.example/tenant:aud': 'x' }, false],
    ['without a tag', TOKEN, GLOBEX, OF_GLOBEX, false],
    ["an assertion of a tenant's, for itself", ASSERTION, ACME, { ...SIGN_IN, ...tag('acme') }, true],
    [
      'to the Region',
      ASSERTION,
      ACME,
      { ...tag('acme'), 'SAML:aud': 'https://eu-central-1.signin.aws.amazon.com/saml' },
      true,
    ],
    ['for another tenant', ASSERTION, ACME, { ...SIGN_IN, ...tag('globex') }, false],
    ['to somebody else', ASSERTION, ACME, { ...tag('acme'), 'SAML:aud': 'https://evil.example/saml' }, false],
    ['without a tag', ASSERTION, ACME, SIGN_IN, false],
    [
      'a provider that nobody named',
      TOKEN,
      'arn:aws:iam::111122223333:oidc-provider/evil.example',
      { ...OWN, ...OF_COMPANY, ...tag('acme') },
      false,
    ],
  ])('%s: %s, %s', (_what, action, provider, values, allowed) => {
    expect(trusts(action, provider, values)).toBe(allowed);
    // Tagged under the very same conditions.
    expect(trusts('sts:TagSession', provider, values)).toBe(allowed);
  });

  test('takes a token for no assertion, nor the other way round', () => {
    expect(trusts(TOKEN, ACME, { ...SIGN_IN, ...tag('acme') })).toBe(false);
    expect(trusts(ASSERTION, GLOBEX, { ...OF_GLOBEX, ...SIGN_IN, ...tag('globex') })).toBe(false);
  });

  test.each([LATCHKEY, COMPANY, GLOBEX, ACME])('%s may name a source', (provider) => {
    expect(trusts('sts:SetSourceIdentity', provider, {})).toBe(true);
  });

  test.each(['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity', TOKEN, ASSERTION])(
    '%s: no principal of the account may, a role of the functions neither',
    (action) => {
      const roleArn = 'arn:aws:iam::111122223333:role/vend';
      const session = 'arn:aws:sts::111122223333:assumed-role/vend/session';
      const values = { ...OWN, ...SIGN_IN, ...tag('acme') };
      expect(trusts(action, { type: 'roleSession', roleArn, sessionArn: session }, values)).toBe(false);
      expect(trusts(action, { type: 'user', arn: 'arn:aws:iam::111122223333:user/ann' }, values)).toBe(false);
    },
  );

  test.each([
    ['cn-north-1', 'https://signin.amazonaws.cn/saml'],
    ['us-gov-west-1', 'https://signin.amazonaws-us-gov.com/saml'],
  ])('%s: assertions are for %s', (region, audience) => {
    const policy = deployedAccount(roleTemplate(region)).trustPolicy('Federated');
    const values = { ...tag('acme'), 'SAML:aud': audience };
    expect(trusts(ASSERTION, ACME, values, policy)).toBe(true);
    expect(trusts(ASSERTION, ACME, values)).toBe(false);
  });
});

test('a session lasts twelve hours at most, and can be given no more than what is permitted', () => {
  template.hasResourceProperties('AWS::IAM::Role', {
    MaxSessionDuration: 43_200,
    PermissionsBoundary: { Ref: Object.keys(template.findResources('AWS::IAM::ManagedPolicy'))[0] },
  });
  const permitted = [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/a' }];
  expect(deployedAccount(template).identityStatements('Federated')).toEqual(permitted);
  template.hasResourceProperties('AWS::IAM::ManagedPolicy', { PolicyDocument: { Statement: permitted } });
});
