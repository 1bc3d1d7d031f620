import { VendingError } from '../../core/errors.ts';
import { ROLE_MAX_SECONDS, USER_MAX_SECONDS } from '../../core/grant/durations.ts';
import { issuerOf } from '../../core/issuer/issuer.ts';
import { REGISTRY_LAG_SECONDS } from '../../core/revocation/revocation.ts';
import { isSameData } from '../../core/same-data.ts';
import { parseSamlProvider, type SamlProvider } from '../../core/saml/saml-provider.ts';
import type { TenantDefinition } from '../../core/tenant/tenant-definition.ts';
import type { TenantRecord } from '../../core/tenant/tenant-record.ts';
import type { TenantId } from '../../core/tenant-id.ts';
import { parseSamlMetadata } from '../saml/saml-metadata.ts';
import { REMEMBER_TOKEN_SECONDS } from '../token/remembered-token-verifier.ts';
import { FREE_AT, registryKey } from './registry-key.ts';
import type { ItemKey, RegistryWrite, StoredItem } from './registry-table.ts';
import { damaged, parseStored } from './stored-record.ts';

/** How long a session can be that is vended by a binding: for a token it may be an IAM user's, for an assertion a role's. */
const SESSION_SECONDS = {
  issuer: USER_MAX_SECONDS,
  claim: USER_MAX_SECONDS,
  saml: ROLE_MAX_SECONDS,
} as const;

/** How long after a binding was given up a session can still be vended by it: by what has been read or verified right before. */
const LAG_SECONDS = REGISTRY_LAG_SECONDS + REMEMBER_TOKEN_SECONDS;

/** How many times claims were bound through a shared issuer: whoever deletes it must not have missed one. */
export const BOUND_TIMES = 'boundTimes';

/** A binding item: of an issuer that is the tenant's own, of a claim, or of a SAML identity provider, of which `issuer` is the entityID. */
interface Binding {
  readonly issuer: string;
  readonly kind: keyof typeof SESSION_SECONDS;
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
  // Of metadata that stays as it is, nothing is read: no suspension is to fail for it.
  const isSameSaml = isSameData(samlProvidersOf(previous), samlProvidersOf(next));
  const before = bindingsOf(previous, isSameSaml ? [] : samlProvidersOf(previous));
  const after = bindingsOf(next, isSameSaml ? [] : samlProvidersOf(next));
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

function samlProvidersOf(record: TenantRecord | undefined): TenantDefinition['samlProviders'] {
  const { definition, offboardedAt } = record ?? {};
  return offboardedAt === undefined ? (definition?.samlProviders ?? []) : [];
}

function bindingsOf(
  record: TenantRecord | undefined,
  samlProviders: TenantDefinition['samlProviders'],
): ReadonlyMap<string, Binding> {
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
  const providers = samlProviders.map((own): Binding => {
    const record = parseStored(() => samlProviderOf(tenantId, own));
    const key = registryKey.samlProvider(record.entityId);
    return { issuer: record.entityId, kind: 'saml', key, item: { ...key, tenantId, record } };
  });
  const bindings = [...issuers, ...claims, ...providers];
  return new Map(bindings.map((binding) => [JSON.stringify(binding.key), binding]));
}

function samlProviderOf(
  tenantId: TenantId,
  { providerArn, metadata }: TenantDefinition['samlProviders'][number],
): SamlProvider {
  return parseSamlProvider({ ...parseSamlMetadata(metadata), providerArn, tenantId });
}

const CALLED: Readonly<Record<Binding['kind'], string>> = {
  issuer: 'issuer',
  claim: 'a claim of issuer',
  saml: 'SAML identity provider',
};

/** A shared issuer has no tenant and is never given up, so that neither of the two conditions opens it to a tenant. */
function bind({ item, kind, issuer }: Binding, tenantId: string, now: Date): RegistryWrite {
  return {
    put: item,
    condition: `attribute_not_exists(#pk) OR #tenantId = :tenantId OR #${FREE_AT} < :now`,
    values: { ':tenantId': tenantId, ':now': inSeconds(now) },
    refusal: () =>
      new VendingError('binding_taken', {
        detail: `${CALLED[kind]} ${issuer} is bound to another tenant, or was until a short while ago`,
      }),
  };
}

/** Without the issuer's record: what has been given up lets nobody in. */
function giveUp({ key, kind, issuer }: Binding, tenantId: string, now: Date): RegistryWrite {
  const freeAt = inSeconds(now) + 1 + SESSION_SECONDS[kind] + LAG_SECONDS;
  return {
    put: { ...key, tenantId, [FREE_AT]: freeAt },
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
