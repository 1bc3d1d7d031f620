import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ConfigurationError } from '../functions/core/errors.ts';
import { parseSbtTenant } from '../functions/onboarding/sbt-tenant.ts';

/** Where tenants' data lies: an object of tenant `acme` under `acme/`, an item with `acme` as its partition key. */
export interface TenantDataArns {
  readonly bucketArn: string;
  readonly tableArn: string;
}

/** One deployment of Latchkey. Filled in in environments.ts; nothing about a deployment is written anywhere else. */
export interface Environment {
  /** Names the stack: `latchkey-<name>`. */
  readonly name: string;
  /** Twelve digits. Left out, the account of whoever deploys. */
  readonly account?: string;
  readonly region: string;
  /** Whether tables and buckets outlive the stack, and neither they nor the stack can be deleted by mistake. */
  readonly retainData: boolean;
  /** How long every log group, and the access log of the sample bucket, keeps what it holds. */
  readonly logRetentionDays: RetentionDays;
  /**
   * What API Gateway lets through. A vend is a call to STS, which gives an account 600 a second in a Region, shared
   * with everything else that assumes roles there. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
   */
  readonly throttle: { readonly requestsPerSecond: number; readonly burst: number };
  /** Of the vend function; CPU comes in proportion, one whole at 1769. */
  readonly memoryMegabytes: number;
  /** `sample` makes a bucket and a table to try Latchkey with; naming the company's own makes neither. */
  readonly tenantData: 'sample' | TenantDataArns;
  /**
   * Roles in customers' accounts that may be assumed for their tenants. `*` may stand for the account and, after at
   * least three literal characters, in the role's name: `arn:aws:iam::*:role/latchkey-*`.
   */
  readonly customerRoleArns?: readonly string[];
  /**
   * API Gateway logs with one role per account and Region. `create` makes and sets it; `exists` leaves alone the one
   * that something else has set. https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
   */
  readonly apiGatewayLogRole: 'create' | 'exists';
  /** The SNS topic that hears of alarms. Left out, they show in CloudWatch alone. */
  readonly alarmTopicArn?: string;
  /** Follow a control plane made with the SaaS Builder Toolkit, whose events are sent to the bus of the stack. */
  readonly sbt?: {
    /** The definition of its tenants, with placeholders: functions/onboarding/sbt-tenant.ts. */
    readonly tenantTemplate: Readonly<Record<string, unknown>>;
  };
}

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
  const expect = (member: string, value: unknown, isRight: boolean, expected: string) => {
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
