import { ConfigurationError } from '../functions/core/errors.ts';
import { parseSbtTenant } from '../functions/onboarding/sbt-tenant.ts';
import { assertMethods } from './assert-methods.ts';
import type { Environment } from './environment.ts';

/** Throws `ConfigurationError` naming the environment and the member that is wrong. */
export function assertEnvironments(environments: readonly Environment[]): void {
  for (const environment of environments) assertEnvironment(environment);
  const names = environments.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new ConfigurationError(`environment ${twice}: got two of that name, expected one`);
}

const NAME = /^[a-z][a-z0-9-]{0,19}$/;
const ACCOUNT = /^\d{12}$/;
const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d$/;
const BUCKET_ARN = /^arn:aws(?:-cn|-us-gov)?:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const TABLE_ARN = /^arn:aws(?:-cn|-us-gov)?:dynamodb:[a-z0-9-]+:\d{12}:table\/[\w.-]{3,255}$/;
// The name must begin literally: `role/*` would reach every role that leaves the decision to identity policies.
const CUSTOMER_ROLE_ARN = /^arn:aws(?:-cn|-us-gov)?:iam::(?:\d{12}|\*):role\/[\w+=,.@-]{3}[\w+=,.@/*-]*$/;
const TOPIC_ARN = /^arn:aws(?:-cn|-us-gov)?:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/;
/** A function's variables may have 4 KB together. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const SBT_TENANT_MAX_LENGTH = 2000;

function assertEnvironment(environment: Environment): void {
  const { name, account, region, throttle, memoryMegabytes, tenantData } = environment;
  const { customerRoleArns, alarmTopicArn, sbt } = environment;
  const expect: Expect = (member, value, isRight, expected) => {
    if (isRight) return;
    throw new ConfigurationError(
      `environment ${name}: ${member}: got ${JSON.stringify(value)}, expected ${expected}`,
    );
  };

  expect('name', name, NAME.test(name), 'up to 20 lower-case letters, digits and hyphens');
  expect('account', account, account === undefined || ACCOUNT.test(account), 'twelve digits');
  expect('region', region, REGION.test(region), 'a Region such as eu-central-1');
  expect(
    'throttle',
    throttle,
    isThrottle(throttle),
    'whole requestsPerSecond from 1, and no smaller a burst',
  );
  expect('memoryMegabytes', memoryMegabytes, isWhole(memoryMegabytes, 128, 10_240), '128 to 10240');
  if (tenantData !== 'sample') {
    const { bucketArn, tableArn } = tenantData;
    expect('tenantData.bucketArn', bucketArn, BUCKET_ARN.test(bucketArn), 'the ARN of an S3 bucket');
    expect('tenantData.tableArn', tableArn, TABLE_ARN.test(tableArn), 'the ARN of a DynamoDB table');
  }
  assertExposure(environment, expect);
  assertMethods(environment, expect);
  for (const arn of customerRoleArns ?? []) {
    expect(
      'customerRoleArns',
      arn,
      CUSTOMER_ROLE_ARN.test(arn),
      'arn:aws:iam::*:role/ and the beginning of a name',
    );
  }
  if (alarmTopicArn !== undefined)
    expect('alarmTopicArn', alarmTopicArn, TOPIC_ARN.test(alarmTopicArn), 'the ARN of an SNS topic');
  if (sbt !== undefined) assertSbtTemplate(name, sbt.tenantTemplate);
}

/** Throws `ConfigurationError` for a member that is not right. */
export type Expect = (member: string, value: unknown, isRight: boolean, expected: string) => void;

/** How the tenants' API can be reached, and what it may ask of STS. */
function assertExposure(environment: Environment, expect: Expect): void {
  const { region, vendsPerSecond, stsFallbackRegions = [], deadlineMilliseconds } = environment;
  const { allowedOrigins = [], webAcl, privateEndpointIds, domain } = environment;
  if (vendsPerSecond !== undefined)
    expect('vendsPerSecond', vendsPerSecond, isWhole(vendsPerSecond, 1, 100_000), '1 to 100000');
  for (const each of stsFallbackRegions) {
    const isOther = REGION.test(each) && each !== region;
    expect('stsFallbackRegions', each, isOther, 'a Region besides that of the environment');
  }
  if (deadlineMilliseconds !== undefined)
    expect(
      'deadlineMilliseconds',
      deadlineMilliseconds,
      isWhole(deadlineMilliseconds, 200, 10_000),
      '200 to 10000',
    );
  for (const each of allowedOrigins)
    expect('allowedOrigins', each, isOrigin(each), 'an https origin without a path');
  if (webAcl !== undefined) {
    const { requestsPerFiveMinutes: limit } = webAcl;
    expect('webAcl.requestsPerFiveMinutes', limit, isWhole(limit, 10, 2_000_000_000), '10 or more');
  }
  if (privateEndpointIds !== undefined) {
    const isRight =
      privateEndpointIds.length > 0 && privateEndpointIds.every((each) => /^vpce-[0-9a-f]{8,17}$/.test(each));
    expect(
      'privateEndpointIds',
      privateEndpointIds,
      isRight,
      'ids of VPC endpoints, as vpce-0123456789abcdef0',
    );
  }
  if (domain === undefined) return;
  expect('domain.name', domain.name, DOMAIN.test(domain.name), 'a host name in lower case');
  expect(
    'domain.certificateArn',
    domain.certificateArn,
    CERTIFICATE_ARN.test(domain.certificateArn),
    'the ARN of a certificate in ACM',
  );
  // A private API has private names alone, which are shared by other means.
  expect('domain', domain.name, privateEndpointIds === undefined, 'none with privateEndpointIds');
}

const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const CERTIFICATE_ARN = /^arn:aws(?:-cn|-us-gov)?:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/;

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.protocol === 'https:' && url.origin === text;
}

function assertSbtTemplate(name: string, template: Readonly<Record<string, unknown>>): void {
  const place = `environment ${name}: sbt.tenantTemplate`;
  try {
    parseSbtTenant(template);
  } catch (cause) {
    if (!(cause instanceof ConfigurationError)) throw cause;
    throw new ConfigurationError(`${place}: ${cause.message}`, { cause });
  }
  const { length } = JSON.stringify(template);
  if (length <= SBT_TENANT_MAX_LENGTH) return;
  throw new ConfigurationError(
    `${place}: got ${length} characters of JSON, expected ${SBT_TENANT_MAX_LENGTH} at most`,
  );
}

function isThrottle({ requestsPerSecond, burst }: Environment['throttle']): boolean {
  return isWhole(requestsPerSecond, 1, 10_000) && isWhole(burst, requestsPerSecond, 10_000);
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
