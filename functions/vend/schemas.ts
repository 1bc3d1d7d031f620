import * as z from 'zod/mini';

/**
 * What goes over the wire, once: the same schemas check a request, type the answers and make the OpenAPI document.
 */

/** The forms in which credentials can be had. */
export const FORMATS = ['sdk', 'process', 'container', 'env'] as const;

const name = z.string().check(z.minLength(1), z.maxLength(64));

/** Body of `POST /credentials`. */
export const vendRequest = z
  .strictObject({
    profile: z.optional(
      name.check(
        z.describe("what to vend; default: the tenant's default profile"),
        z.meta({ example: 'app' }),
      ),
    ),
    durationSeconds: z.optional(
      z
        .int()
        .check(
          z.describe('life of the credentials in seconds, from 900 to 3600; default: the profile’s'),
          z.meta({ example: 3600 }),
        ),
    ),
    scope: z.optional(
      z
        .record(name, z.string().check(z.maxLength(256)))
        .check(
          z.describe('parameters that the profile declares; they only ever narrow'),
          z.meta({ example: { folder: 'reports/2026/' } }),
        ),
    ),
    format: z.optional(z.enum(FORMATS).check(z.describe('form of the answer; default: sdk'))),
  })
  .check(z.meta({ id: 'VendRequest' }));

const secret = z.string();
const instant = z.string().check(z.describe('RFC 3339, UTC, ends in Z'), z.meta({ format: 'date-time' }));

/** Answer of `POST /credentials` in the format `sdk`. */
export const vendAnswer = z
  .object({
    vendId: z.string().check(z.describe('joins this answer with the audit log')),
    tenantId: z.string(),
    profile: z.string(),
    credentials: z.object({
      accessKeyId: z.string(),
      secretAccessKey: secret,
      sessionToken: secret,
      expiration: instant,
    }),
    assumedRoleUser: z.object({ arn: z.string(), assumedRoleId: z.string() }),
    packedPolicySize: z.optional(
      z.number().check(z.describe('percent of the space that STS packs policies and tags into')),
    ),
    sourceIdentity: z.optional(z.string()),
    sessionTags: z.record(z.string(), z.string()),
  })
  .check(z.meta({ id: 'VendAnswer' }));

/** Answer in the format `container`: the AWS SDKs' HTTP container protocol. */
export const containerAnswer = z
  .object({
    AccessKeyId: z.string(),
    SecretAccessKey: secret,
    Token: secret,
    Expiration: instant,
    AccountId: z.string(),
  })
  .check(z.meta({ id: 'ContainerCredentials' }));

/** Answer in the format `process`: what a `credential_process` prints. */
export const processAnswer = z
  .object({
    Version: z.literal(1),
    AccessKeyId: z.string(),
    SecretAccessKey: secret,
    SessionToken: secret,
    Expiration: instant,
    AccountId: z.string(),
  })
  .check(z.meta({ id: 'ProcessCredentials' }));

/** Answer of `GET /whoami`. */
export const whoamiAnswer = z
  .object({
    tenantId: z.string(),
    displayName: z.string(),
    issuer: z.string(),
    subject: z.string(),
    scopes: z.array(z.string()),
    tokenValidUntil: instant,
    defaultProfile: z.string(),
    profiles: z.array(
      z.object({
        name: z.string(),
        description: z.string(),
        durationSeconds: z.object({ default: z.number(), maximum: z.number() }),
        scope: z.record(
          z.string(),
          z.object({ description: z.string(), pattern: z.string(), optional: z.boolean() }),
        ),
        requiredScopes: z.array(z.string()),
        missingScopes: z.array(z.string()).check(z.describe('required scopes that this token lacks')),
      }),
    ),
  })
  .check(z.meta({ id: 'Whoami' }));

/** Every failure: RFC 9457, with the members that AWS SDKs read (`Code`, `message`, `Message`). */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().check(z.describe('stable name of the failure')),
    vendId: z.string().check(z.describe('joins this answer with the audit log')),
    Code: z.string(),
    message: z.string(),
    Message: z.string(),
  })
  .check(z.meta({ id: 'Problem' }));

/** Answer of `GET /health`. */
export const healthAnswer = z.object({ status: z.literal('ok') }).check(z.meta({ id: 'Health' }));

export type Format = (typeof FORMATS)[number];
export type VendAnswer = z.output<typeof vendAnswer>;
export type ContainerAnswer = z.output<typeof containerAnswer>;
export type ProcessAnswer = z.output<typeof processAnswer>;
export type WhoamiAnswer = z.output<typeof whoamiAnswer>;
export type Problem = z.output<typeof problem>;
