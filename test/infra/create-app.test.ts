import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnResource, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../functions/core/errors.ts';
import { createApp } from '../../infra/create-app.ts';
import type { Environment } from '../../infra/environment.ts';
import { environments } from '../../infra/environments.ts';
import { assertProfiles } from '../../infra/provided-resources.ts';
import { app as appProfile } from '../../profiles/app.ts';
import { profileDefinitions } from '../../profiles/index.ts';
import { everyChoice, plainEnvironment, testAppProps } from './synthesized.ts';

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

/** The app as it is deployed. */
const synthesized = appOf(environments).synth();

/** What AwsSolutions and the CDK's own validation wrote down at synth, warnings too. */
function reportOf({ directory }: CloudAssembly): Report {
  return JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8'));
}

const refusal = (message: RegExp) =>
  expect.objectContaining({ name: ConfigurationError.name, message: expect.stringMatching(message) });

const { account: _ofOne, ...anyAccount } = everyChoice;

describe('findings', { timeout: 60_000 }, () => {
  const whole = [
    { ...plainEnvironment, ...everyChoice },
    { ...plainEnvironment, ...anyAccount, name: 'here', tenantData: 'sample' as const },
  ];
  test.each([
    ['dev, staging and prod', () => synthesized],
    ['with everything that an environment may have', () => appOf(whole).synth()],
  ])('none is left: %s', (_which, synthesize) => {
    const { pluginReports } = reportOf(synthesize());
    // The CDK's own validation is listed only when it has found something: that it runs is shown below.
    expect(pluginReports.map(({ pluginName }) => pluginName)).toContain('AwsSolutions');
    expect(pluginReports.flatMap(({ violations }) => violations)).toEqual([]);
  });

  test('every acknowledged one has its reason', () => {
    const acknowledged = reportOf(synthesized).pluginReports.flatMap(
      ({ suppressedViolations }) => suppressedViolations ?? [],
    );
    expect(acknowledged).not.toEqual([]);
    for (const { reason } of acknowledged) expect(reason).toMatch(/^.{40,}$/);
  });

  test('of AwsSolutions end synth', () => {
    const app = appOf([]);
    new Bucket(new Stack(app, 'faulty'), 'Open');
    expect(() => app.synth()).toThrow(/AwsSolutions-S10/);
  });

  test("of the CDK's own template validation end synth", () => {
    const app = appOf([]);
    new CfnResource(new Stack(app, 'faulty'), 'Misspelled', {
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
    expect(attempt).toThrow(refusal(message));
  });
});

describe('a profile whose method an environment provides for', () => {
  const federated = { ...appProfile, roleArn: '{{resources.federatedRoleArn}}' };
  const userArn = '{{resources.tenantUserArnPrefix}}{{tenant.id}}';
  const { roleArn: _none, scope: _nor, ...ofUser } = appProfile;
  const scopeless = JSON.parse(JSON.stringify(ofUser).replaceAll('{{scope.folder}}', ''));
  const METHODS = [
    ['signingKeys', { ...federated, method: 'webIdentity' }],
    [
      'identityProviders with an OpenID provider',
      { ...federated, method: 'webIdentity', webIdentityToken: 'caller' },
    ],
    ['identityProviders with a SAML provider', { ...federated, method: 'saml' }],
    [
      'iamUsers with federation: true',
      {
        ...ofUser,
        scope: appProfile.scope,
        method: 'federationToken',
        userArn: '{{resources.federationUserArn}}',
      },
    ],
    ['iamUsers with tenants', { ...scopeless, method: 'sessionToken', mfa: 'required', userArn }],
    [
      'iamUsers with tenants',
      { ...appProfile, mfa: 'required', roleArn: '{{resources.mfaRoleArn}}', userArn },
    ],
  ] as const;
  const attempt = (environment: Environment, profile: unknown) => () =>
    assertProfiles([profile], [], environment);

  test.each(METHODS)('%s: taken where it is turned on', (_missing, profile) => {
    expect(attempt({ ...plainEnvironment, ...everyChoice }, profile)).not.toThrow();
  });

  test.each(METHODS)('%s: refused where it is not', (missing, profile) => {
    expect(attempt(plainEnvironment, profile)).toThrow(ConfigurationError);
    expect(attempt(plainEnvironment, profile)).toThrow(
      new RegExp(
        `^profile app: method \\w+[\\w ]*: got an environment test that does not provide for it, expected ${missing}$`,
      ),
    );
  });

  test.each([
    [
      'webIdentity by the tenant role',
      { ...appProfile, method: 'webIdentity' },
      'roleArn',
      'federatedRoleArn',
    ],
    ['assumeRole by the federated role', federated, 'roleArn', 'tenantRoleArn'],
    [
      "federationToken by a tenant's user",
      { ...METHODS[3][1], userArn: '{{resources.tenantUserArnPrefix}}acme' },
      'userArn',
      'federationUserArn',
    ],
    [
      'sessionToken by users elsewhere',
      { ...METHODS[4][1], userArn: 'arn:aws:iam::111122223333:user/{{tenant.id}}' },
      'userArn',
      'tenantUserArnPrefix',
    ],
  ])('%s: refused', (_what, profile, member, expected) => {
    expect(attempt({ ...plainEnvironment, ...everyChoice }, profile)).toThrow(
      new RegExp(
        `^profile app: ${member}: got another (?:role|user), expected \\{\\{resources\\.${expected}`,
      ),
    );
  });

  test("one by another environment's choice: each is asked", () => {
    const app = () =>
      createApp({
        environments: [
          { ...plainEnvironment, ...everyChoice },
          { ...plainEnvironment, name: 'other' },
        ],
        profileDefinitions: [METHODS[0][1]],
      });
    expect(app).toThrow(/^profile app: method webIdentity: got an environment other /);
  });
});

test('an environment that is wrong ends synth', () => {
  expect(() => appOf([{ ...plainEnvironment, region: 'Frankfurt' }])).toThrow(ConfigurationError);
});

test('one stack for each environment, protected where its data is kept', () => {
  expect(
    Object.fromEntries(
      synthesized.stacks.map(({ stackName, terminationProtection }) => [stackName, terminationProtection]),
    ),
  ).toEqual({ 'latchkey-dev': false, 'latchkey-staging': false, 'latchkey-prod': true });
});
