import * as z from 'zod/mini';

/**
 * What the API answers: schemas for the OpenAPI document, and the types that presenters fill. Imported as types alone by
 * what is deployed, so that the bundle does not carry them.
 */

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

/** Answer of `GET /health`. */
export const healthAnswer = z.object({ status: z.literal('ok') }).check(z.meta({ id: 'Health' }));

/** Answer of `GET /.well-known/oauth-protected-resource` (RFC 9728, 2). */
export const protectedResourceAnswer = z
  .object({
    resource: z.string().check(z.describe('URL of the API, as the caller wrote it')),
    resource_name: z.string(),
    bearer_methods_supported: z.array(z.literal('header')),
    dpop_signing_alg_values_supported: z.array(z.string()),
    tls_client_certificate_bound_access_tokens: z
      .boolean()
      .check(z.describe('whether a client certificate can come in at this URL')),
  })
  .check(z.meta({ id: 'ProtectedResource' }));

/** See `vendAnswer`. */
export type VendAnswer = z.output<typeof vendAnswer>;
/** See `containerAnswer`. */
export type ContainerAnswer = z.output<typeof containerAnswer>;
/** See `processAnswer`. */
export type ProcessAnswer = z.output<typeof processAnswer>;
/** See `whoamiAnswer`. */
export type WhoamiAnswer = z.output<typeof whoamiAnswer>;
/** See `protectedResourceAnswer`. */
export type ProtectedResourceAnswer = z.output<typeof protectedResourceAnswer>;
