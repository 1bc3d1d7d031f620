import type { TenantDefinition } from '../tenant/tenant-definition.ts';
import type { TenantId } from '../tenant-id.ts';

/** Something that the SaaS's control plane says of a tenant, parsed from whatever form it came in. */
export type TenantEvent = TenantEventFacts & TenantEventKind;

interface TenantEventFacts {
  /** Told apart by it: the same event delivered twice has the same. */
  readonly eventId: string;
  readonly tenantId: TenantId;
  /** Grows with every event about this tenant. Of two, the higher one is right, in whatever order they come. */
  readonly version: number;
}

type TenantEventKind =
  | { readonly kind: 'onboard' | 'update'; readonly definition: TenantDefinition }
  | { readonly kind: 'suspend'; readonly revokeSessions: boolean }
  | { readonly kind: 'resume' }
  | { readonly kind: 'offboard' };
