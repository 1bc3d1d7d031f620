import { VendingError } from '../../core/errors.ts';
import { ROLE_CHAINING_MAX_SECONDS } from '../../core/grant/durations.ts';
import { issuerOf } from '../../core/issuer/issuer.ts';
import { REGISTRY_LAG_SECONDS } from '../../core/revocation/revocation.ts';
import { isSameData } from '../../core/same-data.ts';
import type { TenantRecord } from '../../core/tenant/tenant-record.ts';
import { REMEMBER_TOKEN_SECONDS } from '../token/remembered-token-verifier.ts';
import { FREE_AT, registryKey } from './registry-key.ts';
import type { ItemKey, RegistryWrite, StoredItem } from './registry-table.ts';
import { damaged } from './stored-record.ts';

/** How long after a binding was given up a session can still stand that was vended by it. */
const BINDING_KEPT_SECONDS = ROLE_CHAINING_MAX_SECONDS + REGISTRY_LAG_SECONDS + REMEMBER_TOKEN_SECONDS;

/** How many times claims were bound through a shared issuer: whoever deletes it must not have missed one. */
export const BOUND_TIMES = 'boundTimes';

/** A binding item: of an issuer that is the tenant's own, or of a claim. */
interface Binding {
  readonly issuer: string;
  readonly kind: 'issuer' | 'claim';
  readonly key: ItemKey;
  readonly item: StoredItem & ItemKey;
}

/**
 * The writes that take the bindings of a tenant's record from `previous` to `next`: what is new in it is bound, what is gone is given up,
 * and what is the same is left alone. A tenant that has been offboarded has none. Throws `issuer_not_found`.
 */
export function bindingWrites(
  next: TenantRecord,
  previous: TenantRecord | undefined,
  now: Date,
): readonly RegistryWrite[] {
  const before = bindingsOf(previous);
  const after = bindingsOf(next);
  const bound = [...after].filter(([key, { item }]) => !isSameData(before.get(key)?.item, item));
  const freed = [...before].filter(([key]) => !after.has(key)).map(([, binding]) => binding);
  const shared = new Set(
    bound.flatMap(([key, { kind, issuer }]) => (kind === 'claim' && !before.has(key) ? [issuer] : [])),
  );
  // It is the tenant's own until this very write; and an item can't be written twice in one.
  const own = freed.find(({ kind, issuer }) => kind === 'issuer' && shared.has(issuer));
  if (own !== undefined) throw noSharedIssuer(own.issuer);
  return [
    ...bound.map(([, binding]) => bind(binding, next.tenantId, now)),
    ...freed.map((binding) => giveUp(binding, next.tenantId, now)),
    ...[...shared].map(countBinding),
  ];
}

/** The time as `FREE_AT` has it, in seconds. */
export function inSeconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}

function bindingsOf(record: TenantRecord | undefined): ReadonlyMap<string, Binding> {
  const { tenantId, definition, offboardedAt } = record ?? {};
  if (tenantId === undefined || definition === undefined || offboardedAt !== undefined) return new Map();
  const issuers = definition.issuers.map((own): Binding => {
    const key = registryKey.issuer(own.url);
    const item = { ...key, tenantId, record: issuerOf(tenantId, own) };
    return { issuer: own.url, kind: 'issuer', key, item };
  });
  const claims = definition.claims.map((claim): Binding => {
    const key = registryKey.claim(claim);
    return { issuer: claim.issuer, kind: 'claim', key, item: { ...key, tenantId } };
  });
  return new Map([...issuers, ...claims].map((binding) => [JSON.stringify(binding.key), binding]));
}

/** A shared issuer has no tenant and is never given up, so that neither of the two conditions opens it to a tenant. */
function bind({ item, kind, issuer }: Binding, tenantId: string, now: Date): RegistryWrite {
  const what = kind === 'issuer' ? `issuer ${issuer}` : `a claim of issuer ${issuer}`;
  return {
    put: item,
    condition: `attribute_not_exists(#pk) OR #tenantId = :tenantId OR #${FREE_AT} < :now`,
    values: { ':tenantId': tenantId, ':now': inSeconds(now) },
    refusal: () =>
      new VendingError('binding_taken', {
        detail: `${what} is bound to another tenant, or was until a short while ago`,
      }),
  };
}

/** Without the issuer's record: what has been given up lets nobody in. */
function giveUp({ key, issuer }: Binding, tenantId: string, now: Date): RegistryWrite {
  return {
    put: { ...key, tenantId, [FREE_AT]: inSeconds(now) + 1 + BINDING_KEPT_SECONDS },
    condition: 'attribute_not_exists(#pk) OR #tenantId = :tenantId',
    values: { ':tenantId': tenantId },
    refusal: () => damaged(`tenant ${tenantId}: a binding through issuer ${issuer} is another tenant's`),
  };
}

/** A check alone would let the issuer be deleted at the same time: see `deleteIssuer`. */
function countBinding(url: string): RegistryWrite {
  return {
    update: `ADD #${BOUND_TIMES} :one`,
    key: registryKey.issuer(url),
    condition: '#record.#binding.#kind = :claim',
    values: { ':claim': 'claim', ':one': 1 },
    refusal: () => noSharedIssuer(url),
  };
}

function noSharedIssuer(url: string): VendingError {
  return new VendingError('issuer_not_found', { detail: `there is no shared issuer ${url}` });
}
