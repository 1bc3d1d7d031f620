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
  /** Of each function of the tenants' API; CPU comes in proportion, one whole at 1769. */
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
  /**
   * Latchkey as an OpenID issuer that signs tokens for STS, for profiles with the method `webIdentity`: names of keys, one to five, that
   * are made in KMS. The first signs; all are published at `/.well-known/jwks.json`. To rotate: add a name at the end and deploy; when
   * verifiers have seen the key, move its name to the front and deploy; take the old one out later. Demands a `domain` without
   * client certificates and without `privateEndpointIds`: AWS must be able to fetch the documents, an issuer's URL must stay, and
   * condition keys hold it, which cannot be named later. The URL is `https://` and the domain's name.
   */
  readonly signingKeys?: readonly string[];
  /**
   * Identity providers that IAM of this account knows (made elsewhere) whose tokens or assertions go to STS themselves: for
   * profiles with the webIdentityToken `caller`, and with the method `saml`. **Whoever holds such a token can ask STS without
   * Latchkey**: for a session without a session policy, and as long as the provider says so, a suspension of the tenant or
   * not. So their one role opens by itself no more than the tenant's own. A trust policy has room for about four of them,
   * for twenty after a raised quota. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
   */
  readonly identityProviders?: readonly {
    /** `arn:aws:iam::111122223333:oidc-provider/id.example.com/acme`, or `arn:aws:iam::111122223333:saml-provider/acme`. */
    readonly arn: string;
    /** Of an OpenID provider, and there demanded: the `aud` (with an `azp`, that) of its tokens. */
    readonly audience?: string;
    /**
     * The one tenant that it may speak for: to be given for every provider that a tenant controls, and demanded of SAML providers. An OpenID
     * provider without it is the company's own, whose word is taken for which tenant a token is of.
     */
    readonly tenantId?: string;
  }[];
  /**
   * IAM users with long-term keys, for companies that still need what STS gives to those alone. Left out, there are none, nor a
   * function that could read their keys.
   */
  readonly iamUsers?: {
    /** One user, for profiles with the method `federationToken`. */
    readonly federation?: true;
    /**
     * Tenants, 30 at most, with a user each, for profiles with MFA and with the method `sessionToken`. A user is called by the
     * tenant's id, and no other of the account may be: two environments in one account cannot both have it. MFA devices are
     * enrolled by whoever operates the account: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa.html
     */
    readonly tenants?: readonly string[];
    /** To rotate all long-term keys: one more than before, and deploy. Left out, they have not been. */
    readonly keySerial?: number;
  };
  /** Follow a control plane made with the SaaS Builder Toolkit, whose events are sent to the bus of the stack. */
  readonly sbt?: {
    /** The definition of its tenants, with placeholders: functions/onboarding/sbt-tenant.ts. */
    readonly tenantTemplate: Readonly<Record<string, unknown>>;
  };
}
