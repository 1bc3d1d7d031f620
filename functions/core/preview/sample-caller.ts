import type { Clock } from '../clock.ts';
import { presumeCaller } from '../grant/presumed.ts';
import type { Profile } from '../profile/profile.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { Caller } from '../token/caller.ts';
import type { PreviewRequest } from './preview-request.ts';

/** Of a tenant that no issuer speaks for yet. */
const NO_ISSUER = 'https://issuer.invalid';
const SUBJECT = 'preview';

/** Who asks in a preview, for whichever of its profiles. Throws `policy_unrenderable` for tags that no token could carry. */
export type SampleCaller = (profile: Profile) => Caller;

/** A caller of the tenant with the given claims; without any, one of its first issuer who may whatever the profiles demand. */
export function sampleCaller(
  tenant: Tenant,
  profiles: readonly Profile[],
  { claims = {} }: Pick<PreviewRequest, 'claims'>,
  clock: Clock,
): SampleCaller {
  const { issuers, claims: bound } = tenant;
  const presumed = {
    issuer: claims.issuer ?? issuers[0] ?? bound[0]?.issuer ?? NO_ISSUER,
    subject: claims.subject ?? SUBJECT,
    validUntil: new Date(clock().getTime() + 60_000),
    scopes: claims.scopes ?? profiles.flatMap(({ requiredScopes }) => requiredScopes),
  };
  return (profile) => presumeCaller(tenant, profile, presumed);
}
