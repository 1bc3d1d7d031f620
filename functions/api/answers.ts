import * as z from 'zod/mini';
import { METHODS, VENDING_FUNCTIONS, WEB_IDENTITY_TOKENS } from '../core/grant/method.ts';
import { ROUTES } from '../core/routes.ts';

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
    assumedRoleUser: z.optional(z.object({ arn: z.string(), assumedRoleId: z.string() })),
    federatedUser: z.optional(z.object({ arn: z.string(), federatedUserId: z.string() })),
    user: z.optional(
      z
        .object({ arn: z.string(), userId: z.string() })
        .check(z.describe('with the method sessionToken: the IAM user')),
    ),
    identity: z.optional(
      z
        .object({
          subject: z.optional(z.string()),
          audience: z.optional(z.string()),
          provider: z.optional(z.string()),
          issuer: z.optional(z.string()),
          subjectType: z.optional(z.string()),
          nameQualifier: z.optional(z.string()),
        })
        .check(z.describe('with the methods webIdentity and saml: what STS read in the token or assertion')),
    ),
    packedPolicySize: z.optional(
      z.number().check(z.describe('percent of the space that STS packs policies and tags into')),
    ),
    sourceIdentity: z.optional(z.string()),
    sessionTags: z.record(z.string(), z.string()),
    droppedTags: z.optional(
      z
        .array(z.string())
        .check(z.describe('keys of session tags that were left out, since STS found the session too large')),
    ),
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
        method: z
          .enum(METHODS)
          .check(z.describe('the operation of AWS STS by which its credentials are made')),
        webIdentityToken: z.optional(
          z
            .enum(WEB_IDENTITY_TOKENS)
            .check(z.describe("with webIdentity: whose token AWS STS is given, Latchkey's or the caller's")),
        ),
        route: z
          .enum(VENDING_FUNCTIONS.map((each) => ROUTES[each]))
          .check(z.describe('where it is vended, by POST')),
        mfa: z.enum(['none', 'required']).check(z.describe('whether a vend needs a code of an MFA device')),
        durationSeconds: z.object({ default: z.number(), maximum: z.number() }),
        scope: z.record(
          z.string(),
          z.object({ description: z.string(), pattern: z.string(), optional: z.boolean() }),
        ),
        requiredScopes: z.array(z.string()),
        missingScopes: z.array(z.string()).check(z.describe('required scopes that this token lacks')),
      }),
    ),
    verified: z.optional(
      z
        .object({ profile: z.string(), account: z.string(), arn: z.string(), userId: z.string() })
        .check(
          z.describe('with verify=true: what AWS STS says of credentials that were vended for the profile'),
        ),
    ),
  })
  .check(z.meta({ id: 'Whoami' }));

/** Answer of `POST /console-session`. */
export const consoleAnswer = z
  .object({
    vendId: z.string().check(z.describe('joins this answer with the audit log')),
    tenantId: z.string(),
    profile: z.string(),
    assumedRoleUser: z.optional(
      z
        .object({ arn: z.string(), assumedRoleId: z.string() })
        .check(z.describe('the session that the link signs in as')),
    ),
    url: secret.check(z.describe('the link, a secret: whoever has it is signed in')),
    expiration: instant.check(z.describe('when the link stops signing in, 15 minutes from now')),
    credentialsExpiration: instant,
  })
  .check(z.meta({ id: 'ConsoleSession' }));

/** Answer of `POST /authorization-messages/decode`. */
export const decodeAnswer = z
  .object({
    vendId: z.string().check(z.describe('joins this answer with the audit log')),
    tenantId: z.string(),
    decodedMessage: z
      .record(z.string(), z.unknown())
      .check(z.describe('as AWS STS gives it: allowed, explicitDeny, matchedStatements, context, …')),
  })
  .check(z.meta({ id: 'DecodedMessage' }));

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

/** Answer of `GET /.well-known/openid-configuration` (OpenID Connect Discovery 1.0, 3), as far as AWS reads it. */
export const discoveryAnswer = z
  .object({
    issuer: z.string().check(z.describe('the `iss` of its tokens, to the letter')),
    jwks_uri: z.string(),
    response_types_supported: z.array(z.string()),
    subject_types_supported: z.array(z.string()),
    id_token_signing_alg_values_supported: z.array(z.string()),
    claims_supported: z.array(z.string()),
  })
  .check(z.meta({ id: 'IssuerMetadata' }));

/** Answer of `GET /.well-known/jwks.json` (RFC 7517, 5). */
export const keySetAnswer = z
  .object({
    keys: z
      .array(z.record(z.string(), z.string()))
      .check(z.describe('the key that signs, those that did and those that will')),
  })
  .check(z.meta({ id: 'KeySet' }));

/** See `vendAnswer`. */
export type VendAnswer = z.output<typeof vendAnswer>;
/** See `containerAnswer`. */
export type ContainerAnswer = z.output<typeof containerAnswer>;
/** See `processAnswer`. */
export type ProcessAnswer = z.output<typeof processAnswer>;
/** See `whoamiAnswer`. */
export type WhoamiAnswer = z.output<typeof whoamiAnswer>;
/** See `consoleAnswer`. */
export type ConsoleAnswer = z.output<typeof consoleAnswer>;
/** See `decodeAnswer`. */
export type DecodeAnswer = z.output<typeof decodeAnswer>;
/** See `protectedResourceAnswer`. */
export type ProtectedResourceAnswer = z.output<typeof protectedResourceAnswer>;
/** See `discoveryAnswer`. */
export type DiscoveryAnswer = z.output<typeof discoveryAnswer>;
/** See `keySetAnswer`. */
export type KeySetAnswer = z.output<typeof keySetAnswer>;
