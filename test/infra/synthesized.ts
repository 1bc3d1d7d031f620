import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { inject } from 'vitest';
import cdk from '../../cdk.json' with { type: 'json' };
import { TenantRegistry } from '../../infra/constructs/tenant-registry.ts';
import { TenantRole } from '../../infra/constructs/tenant-role.ts';
import { createApp } from '../../infra/create-app.ts';
import type { Environment } from '../../infra/environment.ts';
import { profileDefinitions } from '../../profiles/index.ts';

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

/** A stack for one construct, with the feature flags of the real app. */
export function emptyStack(): Stack {
  const { context, outdir } = testAppProps();
  const app = new App({ context: { ...cdk.context, ...context }, outdir, analyticsReporting: false });
  return new Stack(app, 'stack', { env: { region: 'eu-central-1' } });
}

/** A stack with what the constructs of the administration are made from. */
export function stackWithParts() {
  const stack = emptyStack();
  const vendRole = new Role(stack, 'Vend', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const tenantRole = new TenantRole(stack, 'Tenant', { vendRole, description: 'test' });
  tenantRole.permit(new PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::data/a'] }));
  return {
    stack,
    vendRole,
    tenantRole,
    registry: new TenantRegistry(stack, 'Registry', { retainData: false }),
    resources: {
      tenantRoleArn: tenantRole.role.roleArn,
      tenantBucketArn: 'arn:aws:s3:::data',
      tenantTableArn: 'arn:aws:dynamodb:eu-central-1:111122223333:table/items',
    },
    logRetentionDays: RetentionDays.ONE_WEEK,
  };
}

/** The whole stack's template for an environment that differs from the plain one in this. */
export function templateOf(differences: Partial<Environment> = {}): Template {
  const environment = { ...plainEnvironment, ...differences };
  const app = createApp({ environments: [environment], profileDefinitions, ...testAppProps() });
  return Template.fromStack(app.node.findChild(`latchkey-${environment.name}`) as Stack);
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
