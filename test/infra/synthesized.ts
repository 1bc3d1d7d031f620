import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { afterAll } from 'vitest';
import cdk from '../../cdk.json' with { type: 'json' };
import { createApp } from '../../infra/create-app.ts';
import type { Environment } from '../../infra/environment.ts';
import { profileDefinitions } from '../../profiles/index.ts';

// The CDK removes its output when its process ends; a worker of vitest does not end in that way.
const outdirs = mkdtempSync(join(tmpdir(), 'latchkey-infra-'));
afterAll(() => rmSync(outdirs, { recursive: true, force: true }));

/** For an app under test: no esbuild (what a function is bundled into does not matter here), and an output of its own. */
export function testAppProps() {
  return { context: { 'aws:cdk:bundling-stacks': [] }, outdir: mkdtempSync(join(outdirs, 'app-')) };
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

/** The statements of all policies that are attached to a role, by the beginning of its logical id. */
export function statementsOf(template: Template, rolePrefix: string): unknown[] {
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) =>
      Properties.Roles.some((role: { Ref: string }) => role.Ref.startsWith(rolePrefix)),
    )
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

/**
 * A part of a template as CloudFormation would deploy it: `Fn::Join` joined, and every `Fn::GetAtt` of an ARN replaced by
 * what `arns` has for the beginning of its logical id.
 */
export function deployed(part: unknown, arns: Readonly<Record<string, string>>): unknown {
  return JSON.parse(JSON.stringify(part), (_key, value) => {
    if (Array.isArray(value?.['Fn::Join'])) return value['Fn::Join'][1].join(value['Fn::Join'][0]);
    const logicalId: string | undefined = value?.['Fn::GetAtt']?.[0];
    if (logicalId === undefined) return value;
    const arn = Object.entries(arns).find(([prefix]) => logicalId.startsWith(prefix))?.[1];
    if (arn === undefined)
      throw new Error(`got ${logicalId}, expected one of ${Object.keys(arns).join(', ')}`);
    return arn;
  });
}
