import { VendingError } from '../errors.ts';
import type { TenantId } from '../tenant-id.ts';
import type { Caller } from '../token/caller.ts';
import type { CarriedSession } from '../token/carried-session.ts';
import type { SessionTag } from './session-tags.ts';

/** What the session is to be, by the grant. */
interface Expected {
  readonly tenantId: TenantId;
  readonly tags: readonly SessionTag[];
  readonly transitiveTagKeys: readonly string[];
}

/**
 * What a token or assertion says to STS, where that is exactly what the grant says; else throws `token_tags_mismatch`. STS
 * would take it from there: a tag that the grant does not know, or of another tenant, would be in the session.
 */
export function assertCarried(carried: Caller['carried'], expected: Expected): CarriedSession {
  if (carried === undefined) throw mismatch('it carries no session tags');
  if (carried === 'unreadable') throw mismatch('it carries session tags in a form that is not taken');
  const named = expected.tags.filter(({ key, value }) =>
    carried.tags.some((tag) => tag.key === key && tag.value === value),
  );
  if (named.length !== expected.tags.length || carried.tags.length !== expected.tags.length)
    throw mismatch('its session tags are not those of the tenant and profile');
  const keys = new Set(carried.transitiveTagKeys);
  const sameKeys =
    keys.size === carried.transitiveTagKeys.length &&
    keys.size === expected.transitiveTagKeys.length &&
    expected.transitiveTagKeys.every((key) => keys.has(key));
  if (!sameKeys) throw mismatch('its transitive tag keys are not those of the profile');
  assertOwnName(carried.sourceIdentity, expected.tenantId, 'source identity');
  assertOwnName(carried.roleSessionName, expected.tenantId, 'session name');
  return carried;
}

/** CloudTrail must not show one tenant under another one's name. */
function assertOwnName(name: string | undefined, tenantId: TenantId, what: string): void {
  if (name === undefined || name === tenantId || name.startsWith(`${tenantId}.`)) return;
  throw mismatch(`its ${what} does not begin with the tenant's id and a dot`);
}

function mismatch(cause: string): VendingError {
  return new VendingError('token_tags_mismatch', { cause });
}
