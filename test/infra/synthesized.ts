import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { inject } from 'vitest';
import cdk from '../../cdk.json' with { type: 'json' };
import { TenantPrincipals } from '../../infra/constructs/tenant-principals.ts';
import { TenantRegistry } from '../../infra/constructs/tenant-registry.ts';
import { TenantRole } from '../../infra/constructs/tenant-role.ts';
import { UsageTable } from '../../infra/constructs/usage-table.ts';
import type { Environment } from '../../infra/environment.ts';
import { LatchkeyStack } from '../../infra/stacks/latchkey-stack.ts';

/** For an app under test: no esbuild (what a function is bundled into does not matter here), and an output of its own. */
export function testAppProps() {
  return {
    context: { 'aws:cdk:bundling-stacks': [] },
    outdir: mkdtempSync(join(inject('temporaryFolder'), 'app-')),
  };
}

/** An environment that leaves every choice at its simplest. */
export const plainEnvironment: Environment = {
  name: 'test',
  region: 'eu-central-1',
  retainData: false,
  logRetentionDays: RetentionDays.ONE_WEEK,
  throttle: { requestsPerSecond: 10, burst: 20 },
  memoryMegabytes: 512,
  tenantData: 'sample',
  apiGatewayLogRole: 'create',
};

/** What an environment may have besides, all at once; not VPC endpoints, which go with no domain. */
export const everyChoice = {
  account: '111122223333',
  vendsPerSecond: 100,
  stsFallbackRegions: ['eu-west-1'],
  deadlineMilliseconds: 1500,
  allowedOrigins: ['https://app.example.com'],
  webAcl: { requestsPerFiveMinutes: 1000 },
  domain: {
    name: 'vend.example.com',
    certificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/0b1c2d3e-1111-2222-3333-444455556666',
  },
  tenantData: {
    bucketArn: 'arn:aws:s3:::company-data',
    tableArn: 'arn:aws:dynamodb:eu-central-1:111122223333:table/company-items',
  },
  customerRoleArns: ['arn:aws:iam::*:role/latchkey-*', 'arn:aws:iam::444455556666:role/latchkey'],
  apiGatewayLogRole: 'exists',
  alarmTopicArn: 'arn:aws:sns:eu-central-1:111122223333:operators',
  signingKeys: ['spring', 'autumn'],
  identityProviders: [
    { arn: 'arn:aws:iam::111122223333:oidc-provider/id.example.com', audience: 'latchkey' },
    {
      arn: 'arn:aws:iam::111122223333:oidc-provider/id.globex.example/tenant',
      audience: 'globex-app',
      tenantId: 'globex',
    },
    { arn: 'arn:aws:iam::111122223333:saml-provider/acme', tenantId: 'acme' },
  ],
  iamUsers: { federation: true, tenants: ['acme', 'globex'] },
  sbt: { tenantTemplate: { profiles: ['app'], defaultProfile: 'app' } },
} as const satisfies Partial<Environment>;

/** With the feature flags of the real app. */
function testApp(): App {
  const { context, outdir } = testAppProps();
  return new App({ context: { ...cdk.context, ...context }, outdir, analyticsReporting: false });
}

/** A stack for one construct. */
export function emptyStack(region = 'eu-central-1'): Stack {
  return new Stack(testApp(), 'stack', { env: { region } });
}

/** A stack with what the constructs of the administration are made from. */
export function stackWithParts(choices: Partial<Environment> = {}) {
  const stack = emptyStack();
  const vendRole = new Role(stack, 'Vend', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const tenantRole = new TenantRole(stack, 'Tenant', { vendRole, description: 'test' });
  tenantRole.permit(new PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::data/a'] }));
  const tenantData = {
    bucketArn: 'arn:aws:s3:::data',
    tableArn: 'arn:aws:dynamodb:eu-central-1:111122223333:table/items',
  };
  return {
    stack,
    vendRole,
    principals: new TenantPrincipals(stack, 'Principals', {
      ...plainEnvironment,
      ...choices,
      tenantRole,
      tenantData,
    }),
    registry: new TenantRegistry(stack, 'Registry', { retainData: false }),
    usage: new UsageTable(stack, 'Usage'),
    resources: {
      tenantRoleArn: tenantRole.role.roleArn,
      tenantBucketArn: tenantData.bucketArn,
      tenantTableArn: tenantData.tableArn,
    },
    logRetentionDays: RetentionDays.ONE_WEEK,
  };
}

/** The whole stack's template for an environment that differs from the plain one in this. What createApp checks besides, its own test does. */
export function templateOf(differences: Partial<Environment> = {}): Template {
  const environment = { ...plainEnvironment, ...differences };
  return Template.fromStack(new LatchkeyStack(testApp(), `latchkey-${environment.name}`, { environment }));
}

/** What Lambda itself sets on every function. */
export const LAMBDA_VARIABLES = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
};

/** The variables that a stack sets on the function of this logical id, as it would read them. */
export function variablesOf(
  template: Template,
  idPrefix: string,
  arns: Readonly<Record<string, string>>,
): Record<string, string> {
  const functions = Object.entries(template.findResources('AWS::Lambda::Function'));
  const found = functions.find(([id]) => id.startsWith(idPrefix))?.[1];
  const variables = deployed(found?.['Properties'].Environment.Variables, arns);
  return { ...(variables as Record<string, string>), ...LAMBDA_VARIABLES };
}

/** The only resource of its type. */
export function onlyResource(
  template: Template,
  type: string,
): ReturnType<Template['findResources']>[string] {
  template.resourceCountIs(type, 1);
  return Object.values(template.findResources(type))[0] ?? {};
}

/** The routes on which API Gateway may invoke a function: `GET /whoami`, with `*` for a path parameter. */
export function invokedRoutes(template: Template): (string | undefined)[] {
  // A permission to invoke names method and path in its source ARN.
  const permissions = Object.values(template.findResources('AWS::Lambda::Permission'));
  const invoked = permissions.map(({ Properties }) => Properties.SourceArn['Fn::Join'][1].at(-1));
  return invoked.map((end: string) => /^\/([A-Z]+)(\/.*)$/.exec(end)?.slice(1).join(' '));
}

/** The statements of all policies that are attached to a role, by the beginning of its logical id. */
export function statementsOf(template: Template, rolePrefix: string): unknown[] {
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) =>
      Properties.Roles.some((role: { Ref: string }) => role.Ref.startsWith(rolePrefix)),
    )
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

/**
 * A part of a template as CloudFormation would deploy it: `Fn::Join` joined, and every `Fn::GetAtt` and `Ref` replaced by
 * what `arns` has for the beginning of its logical id.
 */
export function deployed(part: unknown, arns: Readonly<Record<string, string>>): unknown {
  return JSON.parse(JSON.stringify(part), (_key, value) => {
    if (Array.isArray(value?.['Fn::Join'])) return value['Fn::Join'][1].join(value['Fn::Join'][0]);
    const logicalId: string | undefined = value?.['Fn::GetAtt']?.[0] ?? value?.Ref;
    if (logicalId === undefined) return value;
    const arn = Object.entries(arns).find(([prefix]) => logicalId.startsWith(prefix))?.[1];
    if (arn === undefined)
      throw new Error(`got ${logicalId}, expected one of ${Object.keys(arns).join(', ')}`);
    return arn;
  });
}
