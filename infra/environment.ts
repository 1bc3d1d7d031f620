import type { RetentionDays } from 'aws-cdk-lib/aws-logs';

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
  /**
   * How many vends a second all tenants together may ask of STS: they share it fairly. Left out, 480: four fifths of the
   * account's quota, so that a fifth is left for what else assumes roles there.
   */
  readonly vendsPerSecond?: number;
  /** Regions whose STS is asked, in this order, when that of `region` cannot be reached or throttles. They must be enabled in the account. */
  readonly stsFallbackRegions?: readonly string[];
  /** How long a request may take in all. Left out, 1900: AWS SDK for Python gives a credential source two seconds. */
  readonly deadlineMilliseconds?: number;
  /** Web origins whose pages may call the API: `https://app.example.com`. Left out, no browser page can. */
  readonly allowedOrigins?: readonly string[];
  /** A web ACL in front of the tenants' API: AWS's managed rules, and a limit on what one address may send in five minutes. */
  readonly webAcl?: { readonly requestsPerFiveMinutes: number };
  /** VPC endpoints (execute-api) through which alone the tenants' API can be reached. Left out, it is reached from the Internet. */
  readonly privateEndpointIds?: readonly string[];
  /** A name of the company's own for the tenants' API, which then answers under no other. */
  readonly domain?: {
    readonly name: string;
    /** In AWS Certificate Manager, in the environment's Region. */
    readonly certificateArn: string;
    /** The authorities whose client certificates are demanded of every caller (mutual TLS): a PEM bundle in a bucket. */
    readonly clientCertificates?: {
      readonly bucketName: string;
      readonly key: string;
      readonly version?: string;
    };
  };
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
