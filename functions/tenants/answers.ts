import * as z from 'zod/mini';
import { sharedIssuer } from '../core/issuer/issuer.ts';
import { tenantDefinition } from '../core/tenant/tenant-definition.ts';
import { HOLDS } from '../core/tenant/tenant-record.ts';

/**
 * What the operators' API takes and answers: schemas for the OpenAPI document, and the types that presenters fill.
 * Imported as types alone by what is deployed.
 */

const instant = z.string().check(z.describe('RFC 3339, UTC, ends in Z'), z.meta({ format: 'date-time' }));
const readOnly = z.meta({ readOnly: true });
const version = z.int().check(z.describe('grows with every write; the ETag'), readOnly);
const policyStatement = z.record(z.string(), z.unknown());

/** What Latchkey itself sets on a tenant. A PUT may hold these as they are stored now, and changes none of them. */
const tenantState = {
  tenantId: z.string().check(readOnly),
  status: z.enum(['active', 'suspended', 'offboarded']).check(readOnly),
  holds: z
    .readonly(z.array(z.enum(HOLDS)))
    .check(z.describe('why it is suspended; active when nothing holds it'), readOnly),
  externalId: z
    .string()
    .check(z.describe("what roles in the tenant's own account demand as sts:ExternalId"), readOnly),
  version,
  createdAt: instant.check(readOnly),
  updatedAt: instant.check(readOnly),
};

const tenantHistory = {
  inactiveSince: z.optional(instant.check(readOnly)),
  revokedBefore: z.optional(instant.check(z.describe('sessions issued before are cut off'), readOnly)),
  verifiedAt: z.optional(instant.check(readOnly)),
  offboardedAt: z.optional(instant.check(readOnly)),
};

/** A tenant as it is answered. Its definition is missing where only an event has ever named the tenant. */
export const tenantAnswer = z
  .object({
    ...z.partial(z.object(tenantDefinition.shape)).shape,
    ...tenantState,
    ...tenantHistory,
  })
  .check(z.meta({ id: 'Tenant' }));

/** A tenant as it is written. The function parses by `tenantDefinition`, and compares the rest with what is stored. */
export const tenantBody = z
  .strictObject({
    ...tenantDefinition.shape,
    ...z.partial(z.object(tenantState)).shape,
    ...tenantHistory,
  })
  .check(
    z.meta({ id: 'TenantBody', description: 'read-only members may stand in it as they are stored now' }),
  );

/** Answer of `GET /tenants`. */
export const tenantList = z
  .object({
    items: z.readonly(
      z.array(
        z.object({
          tenantId: z.string(),
          displayName: z.string(),
          status: tenantState.status,
          version,
          updatedAt: instant,
        }),
      ),
    ),
    next: z.optional(z.string().check(z.describe('`after` of the next part; absent in the last one'))),
  })
  .check(z.meta({ id: 'TenantList' }));

/** Answer of `POST /tenants/{tenantId}/revoke`. */
export const revocationAnswer = z
  .object({
    tenantId: z.string(),
    before: instant.check(z.describe('sessions issued before are cut off; whole seconds')),
    effectiveWithinSeconds: z.int().check(z.describe('how long AWS may take until that holds everywhere')),
    roles: z.array(
      z.object({
        roleArn: z.string(),
        outcome: z
          .enum(['cut_off', 'by_customer'])
          .check(z.describe("by_customer: the role's owner has to add the statement")),
        statement: policyStatement,
      }),
    ),
    users: z
      .array(
        z.object({
          userArn: z.string(),
          outcome: z
            .enum(['cut_off', 'unconfirmed'])
            .check(z.describe('unconfirmed: AWS did not say whether there is such a user')),
          statement: policyStatement,
        }),
      )
      .check(z.describe('IAM users of the deployment')),
  })
  .check(z.meta({ id: 'Revocation' }));

/** Answer of `POST /tenants/{tenantId}/verify`. */
export const verificationAnswer = z
  .object({
    tenantId: z.string(),
    passed: z.boolean(),
    verifiedAt: instant,
    probes: z.array(
      z.object({
        profile: z.string(),
        roleArn: z.optional(z.string()),
        userArn: z.optional(z.string()),
        probe: z.string(),
        outcome: z.enum(['passed', 'failed', 'undecided', 'not_applicable']),
        detail: z.string(),
        cure: z.optional(z.string().check(z.describe('what closes the hole'))),
      }),
    ),
  })
  .check(z.meta({ id: 'Verification' }));

/** Answer of `GET /tenants/{tenantId}/role-template`. */
export const roleTemplateAnswer = z
  .object({
    tenantId: z.string(),
    externalId: z.string(),
    vendRoleArn: z.string().check(z.describe('the one principal that the role trusts')),
    template: z.looseObject({}).check(z.describe('a CloudFormation template')),
    quickCreate: z.optional(
      z
        .object({ url: z.string(), expiration: instant })
        .check(z.describe('opens CloudFormation with the template filled in')),
    ),
  })
  .check(z.meta({ id: 'RoleTemplate' }));

/** A shared issuer as it is answered. */
export const issuerAnswer = z.object({ ...sharedIssuer.shape, version }).check(z.meta({ id: 'Issuer' }));

/** A shared issuer as it is written. */
export const issuerBody = z
  .strictObject({ ...sharedIssuer.shape, version: z.optional(version) })
  .check(z.meta({ id: 'IssuerBody' }));

/** Answer of `GET /issuers`. */
export const issuerList = z
  .object({
    items: z.array(issuerAnswer),
    next: z.optional(z.string().check(z.describe('`after` of the next part; absent in the last one'))),
  })
  .check(z.meta({ id: 'IssuerList' }));

/** See `tenantAnswer`. */
export type TenantAnswer = z.output<typeof tenantAnswer>;
/** See `roleTemplateAnswer`. */
export type RoleTemplateAnswer = z.output<typeof roleTemplateAnswer>;
