import type { Clock } from '../clock.ts';
import type { Profile } from '../profile/profile.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { Caller } from '../token/caller.ts';
import { leastConstraint } from '../token/sender-constraint.ts';
import type { PreviewRequest } from './preview-request.ts';

/** Of a tenant that no issuer speaks for yet. */
const NO_ISSUER = 'https://issuer.invalid';
const SUBJECT = 'preview';

/** A caller of the tenant with the given claims; without any, one of its first issuer who may whatever the profiles demand. */
export function sampleCaller(
  { tenantId, issuers, claims: bound }: Pick<Tenant, 'tenantId' | 'issuers' | 'claims'>,
  profiles: readonly Pick<Profile, 'requiredScopes' | 'senderConstraint'>[],
  { claims = {} }: Pick<PreviewRequest, 'claims'>,
  clock: Clock,
): Caller {
  const issuer = claims.issuer ?? issuers[0] ?? bound[0]?.issuer ?? NO_ISSUER;
  return {
    issuer,
    subject: claims.subject ?? SUBJECT,
    tenant: { kind: 'tenant', issuer, tenantId },
    scopes: new Set(claims.scopes ?? profiles.flatMap(({ requiredScopes }) => requiredScopes)),
    clientId: undefined,
    tokenId: undefined,
    validUntil: new Date(clock().getTime() + 60_000),
    senderConstraint: leastConstraint(profiles[0]?.senderConstraint ?? 'optional'),
  };
}
