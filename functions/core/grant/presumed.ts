import type { Profile } from '../profile/profile.ts';
import { TENANT_ID_PLACEHOLDER } from '../profile/template.ts';
import { secret } from '../secret.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { Caller } from '../token/caller.ts';
import { leastConstraint } from '../token/sender-constraint.ts';
import { ridesInToken } from './method.ts';
import { renderTags } from './session-tags.ts';
import type { VendRequest } from './vend-request.ts';

/** Who is presumed to ask. */
export interface PresumedCaller extends Pick<Caller, 'issuer' | 'subject' | 'validUntil'> {
  readonly scopes: readonly string[];
}

/** Nobody's: a grant that is decided for it is shown, or tried, and never vended to a caller. */
const NO_PROVIDER = 'arn:aws:iam::000000000000:saml-provider/presumed';

/**
 * A caller who brings all that a profile demands of callers, so that the profile can be decided for a tenant without one: for
 * previews, verifications, and to see whether a definition fits.
 */
export function presumeCaller(
  tenant: Tenant,
  profile: Profile,
  { issuer, subject, validUntil, scopes }: PresumedCaller,
): Caller {
  return {
    issuer,
    subject,
    tenant: { kind: 'tenant', issuer, tenantId: tenant.tenantId },
    scopes: new Set(scopes),
    clientId: undefined,
    tokenId: undefined,
    validUntil,
    senderConstraint: leastConstraint(profile.senderConstraint),
    carried: ridesInToken(profile) ? carriedFor(tenant, profile) : undefined,
    samlProviderArn: profile.method === 'saml' ? NO_PROVIDER : undefined,
  };
}

/** What such a caller puts into a request besides what is asked about. */
export function presumeRequest({ mfa }: Profile): Pick<VendRequest, 'mfa'> {
  return mfa === 'required' ? { mfa: { serialNumber: 'presumed', tokenCode: secret('000000') } } : {};
}

function carriedFor(
  { tenantId, attributes }: Tenant,
  { tags, transitiveTagKeys }: Profile,
): Caller['carried'] {
  const values = new Map<string, string>([[TENANT_ID_PLACEHOLDER, tenantId]]);
  for (const [name, value] of Object.entries(attributes)) values.set(`tenant.attributes.${name}`, value);
  return {
    tags: renderTags(tags, values),
    transitiveTagKeys,
    sourceIdentity: undefined,
    roleSessionName: undefined,
  };
}
