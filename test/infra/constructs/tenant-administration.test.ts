import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { listed } from '../../../functions/core/profile/policy-document.ts';
import { readOnboardingEnvironment } from '../../../functions/onboarding/environment.ts';
import { readRevokeEnvironment } from '../../../functions/revoke/environment.ts';
import { readAdministrationEnvironment } from '../../../functions/tenants/environment.ts';
import { readVerifyEnvironment } from '../../../functions/verify/environment.ts';
import { TenantAdministration } from '../../../infra/constructs/tenant-administration.ts';
import type { Environment } from '../../../infra/environment.ts';
import { deployed, everyChoice, stackWithParts, statementsOf } from '../synthesized.ts';

const SBT = {
  tenantTemplate: { profiles: ['app'], defaultProfile: 'app', displayName: '{{tenantId}}' },
} as const;

function administrationTemplate(choices: Partial<Environment> = {}): Template {
  const { stack, ...parts } = stackWithParts(choices);
  const { sbt } = choices;
  new TenantAdministration(stack, 'A', { ...parts, ...(sbt === undefined ? {} : { sbt }) });
  return Template.fromStack(stack);
}

/** With every role and user that sessions can be made from. */
const federated = administrationTemplate({
  domain: everyChoice.domain,
  signingKeys: ['spring'],
  iamUsers: { federation: true, tenants: ['acme'] },
});

const template = administrationTemplate();
const arnOf = (idPrefix: string) => ({ 'Fn::GetAtt': [expect.stringMatching(`^${idPrefix}`), 'Arn'] });
const allow = (Action: string | readonly string[], Resource: unknown) => ({
  Effect: 'Allow',
  Action,
  Resource,
});

const ADMINISTERS = [
  allow('dynamodb:Query', { 'Fn::Join': ['', [arnOf('RegistryTable'), '/index/list']] }),
  allow(
    ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'].map((operation) => `dynamodb:${operation}`),
    arnOf('RegistryTable'),
  ),
  allow('lambda:InvokeFunction', [arnOf('ARevokeFunction'), arnOf('AVerifyFunction')]),
  allow('events:PutEvents', arnOf('ABus')),
];
const logsTo = (idPrefix: string) => allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arnOf(idPrefix));

describe('may', () => {
  test('tenants: administer, and publish role templates', () => {
    expect(statementsOf(template, 'ATenantsRole')).toEqual([
      logsTo('ATenantsLog'),
      ...ADMINISTERS,
      allow(['s3:GetObject', 's3:PutObject'], { 'Fn::Join': ['', [arnOf('ATemplatesBucket'), '/*']] }),
    ]);
  });

  test('onboarding: administer, and take what is in its queue', () => {
    expect(statementsOf(template, 'AOnboardingRole')).toEqual([
      logsTo('AOnboardingLog'),
      ...ADMINISTERS,
      allow(
        [
          'ChangeMessageVisibility',
          'DeleteMessage',
          'GetQueueAttributes',
          'GetQueueUrl',
          'ReceiveMessage',
        ].map((operation) => `sqs:${operation}`),
        arnOf('AEventsQueue'),
      ),
    ]);
  });

  test('tenant-resource: administer', () => {
    expect(statementsOf(template, 'ATenantResourceRole')).toEqual([
      logsTo('ATenantResourceLog'),
      ...ADMINISTERS,
    ]);
  });

  test("revoke: change the inline policies of the tenant role, and keep the roles' revocations", () => {
    expect(statementsOf(template, 'ARevokeRole')).toEqual([
      logsTo('ARevokeLog'),
      allow(['iam:DeleteRolePolicy', 'iam:PutRolePolicy'], arnOf('TenantRole')),
      {
        ...allow(['dynamodb:GetItem', 'dynamodb:PutItem'], arnOf('RegistryTable')),
        Condition: {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['revocations#*'] },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      },
    ]);
  });

  test('revoke: the same on every role and user that sessions are made from, and on no other', () => {
    const statements = statementsOf(federated, 'ARevokeRole');
    expect(statements).toHaveLength(4);
    expect(statements).toContainEqual(
      allow(
        ['iam:DeleteRolePolicy', 'iam:PutRolePolicy'],
        ['PrincipalsFederatedRole', 'PrincipalsUsersMfaRole', 'TenantRole'].map(arnOf),
      ),
    );
    expect(statements).toContainEqual(
      allow(
        ['iam:DeleteUserPolicy', 'iam:PutUserPolicy'],
        ['PrincipalsUsersFederationUser', 'PrincipalsUsersTenantacmeUser'].map(arnOf),
      ),
    );
  });

  const everyStatement = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties: { Roles, PolicyDocument } }) =>
      PolicyDocument.Statement.map((statement: object) => ({ role: Roles[0].Ref, ...statement })),
  );
  const rolesThatMay = (pattern: RegExp): string[] =>
    everyStatement
      .filter(({ Action }) => listed(Action).some((action) => pattern.test(action)))
      .map(({ role }) => role.slice(0, -8));

  test('make a session: the vend role alone, under which verify runs', () => {
    expect(rolesThatMay(/^(sts:|\*)/)).toEqual(['Vend']);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Role: arnWithin('Vend'),
      Description: Match.stringLikeRegexp('verifies'),
    });
    expect(statementsOf(template, 'Vend')).toContainEqual(logsTo('AVerifyLog'));
  });

  test('change a role: revoke alone', () => {
    expect(rolesThatMay(/^iam:/)).toEqual(['ARevokeRole']);
  });

  test('invoke a function: the three doors verify and revoke, the framework the one behind it', () => {
    expect(rolesThatMay(/^lambda:Invoke/).toSorted()).toEqual([
      'AOnboardingRole',
      'ATenantProviderRole',
      'ATenantResourceRole',
      'ATenantsRole',
    ]);
    const framework = statementsOf(template, 'ATenantProviderRole').slice(1);
    expect(JSON.stringify(framework)).not.toMatch(/AVerify|ARevoke/);
    // Nor does a function's own policy let anybody in but the schedule, and API Gateway to tenants.
    const permissions = Object.values(template.findResources('AWS::Lambda::Permission'));
    const services = permissions.map(({ Properties }) => [
      Properties.FunctionName['Fn::GetAtt'][0].slice(0, -8),
      Properties.Principal,
    ]);
    expect(new Set(services.map((each) => each.join(' ')))).toEqual(
      new Set(['ARevokeFunction events.amazonaws.com', 'ATenantsFunction apigateway.amazonaws.com']),
    );
  });
});

function arnWithin(idPrefix: string) {
  return { 'Fn::GetAtt': [Match.stringLikeRegexp(`^${idPrefix}`), 'Arn'] };
}

describe('functions are set exactly the variables that their own readers take: ', () => {
  const of = (from: Template, idPrefix: string): Record<string, string> => {
    const functions = Object.entries(from.findResources('AWS::Lambda::Function'));
    const variables = functions.find(([id]) => id.startsWith(idPrefix))?.[1]['Properties'].Environment
      .Variables;
    const named = JSON.parse(JSON.stringify(variables), (_key, value) =>
      typeof value?.Ref === 'string' ? (NAMES[value.Ref] ?? `name-of-${value.Ref}`) : value,
    );
    return { ...(deployed(named, ARNS) as Record<string, string>), ...LAMBDA };
  };
  const NAMES: Readonly<Record<string, string>> = { 'AWS::AccountId': '111122223333' };
  const ARNS = {
    Tenant: 'arn:aws:iam::111122223333:role/tenant',
    Vend: 'arn:aws:iam::111122223333:role/vend',
    PrincipalsIssuerKey: 'arn:aws:kms:eu-central-1:111122223333:key/spring',
    PrincipalsFederatedRole: 'arn:aws:iam::111122223333:role/federated',
    PrincipalsUsersMfaRole: 'arn:aws:iam::111122223333:role/mfa',
    PrincipalsUsersFederation: 'arn:aws:iam::111122223333:user/latchkey/test/latchkey-test.federation',
  };
  const LAMBDA = {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
  };
  const administration = {
    vendRoleArn: ARNS.Vend,
    registryTable: expect.stringContaining('RegistryTable'),
    verifyFunction: expect.stringContaining('VerifyFunction'),
    revokeFunction: expect.stringContaining('RevokeFunction'),
    eventBus: expect.stringContaining('ABus'),
    resources: expect.objectContaining({ tenantRoleArn: ARNS.Tenant }),
  };

  test('tenants', () => {
    expect(readAdministrationEnvironment(of(template, 'ATenantsFunction'))).toMatchObject({
      ...administration,
      templateBucket: expect.stringContaining('TemplatesBucket'),
    });
  });

  test.each(['AOnboardingFunction', 'ATenantResourceFunction'])('%s', (id) => {
    expect(readAdministrationEnvironment(of(template, id))).toMatchObject({
      ...administration,
      templateBucket: undefined,
    });
  });

  test('onboarding, with the SaaS Builder Toolkit', () => {
    const variables = of(administrationTemplate({ sbt: SBT }), 'AOnboardingFunction');
    expect(readOnboardingEnvironment(variables).sbtTenant).toBeTypeOf('function');
    expect(readOnboardingEnvironment(of(template, 'AOnboardingFunction')).sbtTenant).toBeUndefined();
  });

  test('verify', () => {
    expect(readVerifyEnvironment(of(template, 'AVerifyFunction')).resources).toMatchObject({
      tenantRoleArn: ARNS.Tenant,
    });
  });

  test('verify, with keys to sign with', () => {
    expect(readVerifyEnvironment(of(template, 'AVerifyFunction')).issuer).toBeUndefined();
    expect(readVerifyEnvironment(of(federated, 'AVerifyFunction')).issuer).toEqual({
      url: 'https://vend.example.com',
      signingKeys: [ARNS.PrincipalsIssuerKey],
    });
  });

  test('revoke', () => {
    expect(readRevokeEnvironment(of(template, 'ARevokeFunction')).principals).toEqual({
      chainedRoleArns: [ARNS.Tenant],
      longSessionRoleArns: [],
      federationUserArn: undefined,
      tenantUserArnPrefix: undefined,
    });
    expect(readRevokeEnvironment(of(federated, 'ARevokeFunction')).principals).toEqual({
      chainedRoleArns: [ARNS.Tenant],
      longSessionRoleArns: [ARNS.PrincipalsFederatedRole, ARNS.PrincipalsUsersMfaRole],
      federationUserArn: ARNS.PrincipalsUsersFederation,
      tenantUserArnPrefix: 'arn:aws:iam::111122223333:user/latchkey/test/',
    });
  });
});

test('revocations are swept every five minutes', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    ScheduleExpression: 'rate(5 minutes)',
    Targets: [Match.objectLike({ Arn: arnWithin('ARevokeFunction'), Input: '{"operation":"sweep"}' })],
  });
});

test('role templates lie in a private bucket, for a day, and go with the stack', () => {
  template.hasResource('AWS::S3::Bucket', {
    DeletionPolicy: 'Delete',
    Properties: {
      BucketEncryption: Match.anyValue(),
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 1, Status: 'Enabled' })] },
    },
  });
  template.hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      ]),
    },
  });
});
