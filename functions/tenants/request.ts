import type { Context, Hono } from 'hono';
import type { Act } from '../core/administration/administration.ts';
import { ConfigurationError, VendingError } from '../core/errors.ts';
import { parseTenantId, type TenantId } from '../core/tenant-id.ts';

/** Behind API Gateway, hono's adapter for Lambda puts the event's context here; the local door does the same. */
export type OperatorsEnv = {
  Bindings: {
    readonly event?: { readonly path?: string };
    readonly requestContext?: {
      readonly extendedRequestId?: string;
      /** Who signed, as IAM has authorised them. */
      readonly identity?: { readonly userArn?: string | null };
    };
  };
  Variables: { act: Act };
};

/** The operators' API as an app of hono. */
export type OperatorsApp = Hono<OperatorsEnv>;

/** The tenant id in the path of a route that makes tenants; throws `request_invalid` for what cannot be one. */
export function newTenantId(c: Context<OperatorsEnv>): TenantId {
  try {
    return parseTenantId(c.req.param('tenantId'));
  } catch (cause) {
    if (!(cause instanceof ConfigurationError)) throw cause;
    throw new VendingError('request_invalid', { detail: cause.message, cause });
  }
}

/** The tenant id in the path of a route to a tenant that is there; throws `tenant_not_found` for what cannot be one. */
export function knownTenantId(c: Context<OperatorsEnv>): TenantId {
  try {
    return newTenantId(c);
  } catch (cause) {
    throw new VendingError('tenant_not_found', { cause });
  }
}
