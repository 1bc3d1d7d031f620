import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnResource, type Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../functions/core/errors.ts';
import { createApp } from '../../infra/create-app.ts';
import type { Environment } from '../../infra/environment.ts';
import { environments } from '../../infra/environments.ts';
import { app as appProfile } from '../../profiles/app.ts';
import { profileDefinitions } from '../../profiles/index.ts';
import { plainEnvironment, testAppProps } from './synthesized.ts';

interface Violation {
  readonly ruleName: string;
  readonly reason?: string;
}
interface Report {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly violations: readonly Violation[];
    readonly suppressedViolations?: readonly Violation[];
  }[];
}

function appOf(these: readonly Environment[]) {
  return createApp({ environments: these, profileDefinitions, ...testAppProps() });
}

/** What AwsSolutions and the CDK's own validation wrote down at synth, warnings too. */
function reportOf(these: readonly Environment[]): Report {
  const { directory } = appOf(these).synth();
  return JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8'));
}

describe('findings', { timeout: 60_000 }, () => {
  test.each<[string, readonly Environment[]]>([
    ['dev, staging and prod', environments],
    [
      'with everything that an environment may have',
      [
        {
          ...plainEnvironment,
          tenantData: {
            bucketArn: 'arn:aws:s3:::company-data',
            tableArn: 'arn:aws:dynamodb:eu-central-1:111122223333:table/company-items',
          },
          customerRoleArns: ['arn:aws:iam::*:role/latchkey-*', 'arn:aws:iam::111122223333:role/latchkey'],
          apiGatewayLogRole: 'exists',
          alarmTopicArn: 'arn:aws:sns:eu-central-1:111122223333:operators',
          sbt: { tenantTemplate: { profiles: ['app'], defaultProfile: 'app' } },
        },
      ],
    ],
  ])('none is left: %s', (_which, these) => {
    const { pluginReports } = reportOf(these);
    // The CDK's own validation is listed only when it has found something: that it runs is shown below.
    expect(pluginReports.map(({ pluginName }) => pluginName)).toContain('AwsSolutions');
    expect(pluginReports.flatMap(({ violations }) => violations)).toEqual([]);
  });

  test('every acknowledged one has its reason', () => {
    const acknowledged = reportOf(environments).pluginReports.flatMap(
      ({ suppressedViolations }) => suppressedViolations ?? [],
    );
    expect(acknowledged).not.toEqual([]);
    for (const { reason } of acknowledged) expect(reason).toMatch(/^.{40,}$/);
  });

  test('of AwsSolutions end synth', () => {
    const app = appOf([plainEnvironment]);
    new Bucket(app.node.findChild('latchkey-test') as Stack, 'Open');
    expect(() => app.synth()).toThrow(/AwsSolutions-S10/);
  });

  test("of the CDK's own template validation end synth", () => {
    const app = appOf([plainEnvironment]);
    new CfnResource(app.node.findChild('latchkey-test') as Stack, 'Misspelled', {
      type: 'AWS::DynamoDB::Table',
      properties: { KeySchemas: [] },
    });
    expect(() => app.synth()).toThrow(/CloudFormation Validate/);
  });
});

describe('a profile that the function would not start with ends synth', () => {
  const extra = { arn: 'arn:aws:iam::111122223333:policy/extra', boundedBecause: 'somebody says so' };
  const unread = { ...appProfile, policyArns: [extra] };
  const unbounded = {
    ...appProfile,
    policy: {
      Version: '2012-10-17',
      Statement: [
        { Sid: 'All', Effect: 'Allow', Action: 's3:GetObject', Resource: '{{resources.tenantBucketArn}}/*' },
      ],
    },
  };
  const elsewhere = { ...appProfile, roleArn: '{{resources.auditRoleArn}}' };
  const customers = { ...appProfile, roleArn: 'arn:aws:iam::444455556666:role/latchkey-acme' };
  const tooLong = {
    ...appProfile,
    policy: { ...appProfile.policy, Statement: Array(4).fill(appProfile.policy.Statement).flat() },
  };

  test.each([
    ['not bounded to the tenant', unbounded, /^profile app: statement All: got an Allow/],
    ['a resource that no stack provides', elsewhere, /^profile app: got \{\{resources\.auditRoleArn\}\}/],
    ['a role that no stack may assume', customers, /^profile app: roleArn: got another role, expected \{\{/],
    [
      'not proved to keep tenants apart',
      unread,
      /^profile app: NOT PROVED[\s\S]*not decided[\s\S]*policy\/extra/,
    ],
    ['too long once names are as long as they can be', tooLong, /^profile app: policy: got \d+ characters/],
  ])('%s', (_what, profile, message) => {
    const attempt = () => createApp({ environments: [plainEnvironment], profileDefinitions: [profile] });
    expect(attempt).toThrow(ConfigurationError);
    expect(attempt).toThrow(message);
  });
});

test('an environment that is wrong ends synth', () => {
  expect(() => appOf([{ ...plainEnvironment, region: 'Frankfurt' }])).toThrow(ConfigurationError);
});

test('one stack for each environment, protected where its data is kept', () => {
  const { stacks } = appOf(environments).synth();
  expect(
    Object.fromEntries(
      stacks.map(({ stackName, terminationProtection }) => [stackName, terminationProtection]),
    ),
  ).toEqual({ 'latchkey-dev': false, 'latchkey-staging': false, 'latchkey-prod': true });
});
