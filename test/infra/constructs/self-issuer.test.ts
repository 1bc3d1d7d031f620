import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, test } from 'vitest';
import { readVendEnvironment } from '../../../functions/vend/environment.ts';
import { SelfIssuer, type SelfIssuerProps } from '../../../infra/constructs/self-issuer.ts';
import { createContext } from '../../../policy/context.ts';
import { evaluatePolicies } from '../../../policy/evaluate.ts';
import { deployedAccount } from '../deployed-account.ts';
import { emptyStack, onlyResource } from '../synthesized.ts';

const KEY = 'AWS::KMS::Key';

function issuerOf(differences: Partial<SelfIssuerProps> = {}) {
  const stack = emptyStack();
  const issuer = new SelfIssuer(stack, 'Issuer', {
    domainName: 'vend.example.com',
    signingKeys: ['spring', 'autumn'],
    retainData: false,
    ...differences,
  });
  issuer.grantSign(new Role(stack, 'Vend', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
  const variables = stack.resolve(issuer.variables());
  return { template: Template.fromStack(stack), variables };
}

const { template, variables } = issuerOf();
const account = deployedAccount(template);
const [spring, autumn] = [account.arn('IssuerKeyspring'), account.arn('IssuerKeyautumn')];

test('keys are RSA of 2048 bits, to sign with and for nothing else', () => {
  template.resourceCountIs(KEY, 2);
  template.allResourcesProperties(KEY, { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' });
});

test.each([
  { retainData: true, policy: 'Retain' },
  { retainData: false, policy: 'Delete' },
])('retainData $retainData: keys $policy', ({ retainData, policy }) => {
  issuerOf({ retainData }).template.allResources(KEY, { DeletionPolicy: policy });
});

test('a key stays itself when it comes to sign, and when another goes', () => {
  const idsOf = (signingKeys: readonly string[]) =>
    Object.keys(issuerOf({ signingKeys }).template.findResources(KEY));
  const [before, turned, alone] = [['spring', 'autumn'], ['autumn', 'spring'], ['autumn']].map(idsOf);
  expect(turned?.toSorted()).toEqual(before?.toSorted());
  expect(before).toEqual(expect.arrayContaining(alone ?? []));
});

test('IAM knows the issuer by its URL, for STS alone, and need not reach it', () => {
  expect(onlyResource(template, 'AWS::IAM::OIDCProvider')['Properties']).toEqual({
    Url: 'https://vend.example.com',
    ClientIdList: ['sts.amazonaws.com'],
    ThumbprintList: ['8da7f965ec5efc37910f1c6e59fdc1cc6a6ede16'],
  });
});

test("a function is told what the vend function's own reader takes: the issuer, and the keys in their order", () => {
  const environment = readVendEnvironment({
    ...(account.resolve(variables) as Record<string, string>),
    LATCHKEY_REGISTRY_TABLE: 'registry',
    LATCHKEY_USAGE_TABLE: 'usage',
    LATCHKEY_RESOURCES: '{}',
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
  });
  expect(environment.issuer).toEqual({ url: 'https://vend.example.com', signingKeys: [spring, autumn] });
});

describe('whoever may sign', () => {
  const ALGORITHM = 'RSASSA_PKCS1_V1_5_SHA_256';

  test.each([
    ['signs with the first key', 'kms:Sign', spring, ALGORITHM, true],
    ['not by another algorithm', 'kms:Sign', spring, 'RSASSA_PSS_SHA_256', false],
    ['not with another key', 'kms:Sign', autumn, ALGORITHM, false],
    ['reads the public half of the first', 'kms:GetPublicKey', spring, undefined, true],
    ['and of the others', 'kms:GetPublicKey', autumn, undefined, true],
    ['changes nothing', 'kms:PutKeyPolicy', spring, undefined, false],
    ['deletes nothing', 'kms:ScheduleKeyDeletion', spring, undefined, false],
  ])('%s', (_what, action, resource, algorithm, allowed) => {
    const context = createContext({ values: { 'kms:SigningAlgorithm': algorithm } });
    const { effect } = evaluatePolicies(account.identityPolicies('Vend'), { action, resource, context });
    expect(effect === 'allowed').toBe(allowed);
  });
});
