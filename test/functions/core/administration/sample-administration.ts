import {
  type AdministrationOptions,
  createAdministration,
} from '../../../../functions/core/administration/administration.ts';
import type {
  Announcement,
  TenantStore,
  TenantVerifier,
} from '../../../../functions/core/administration/administrative-ports.ts';
import type { ProveProfile } from '../../../../functions/core/administration/definition-fit.ts';
import type { TenantEvent } from '../../../../functions/core/administration/tenant-event.ts';
import type { AuditEvent } from '../../../../functions/core/audit-event.ts';
import { VendingError } from '../../../../functions/core/errors.ts';
import { createPreview } from '../../../../functions/core/preview/preview.ts';
import { createProfileBook } from '../../../../functions/core/profile/profile-book.ts';
import { addRevocation, type Revocation } from '../../../../functions/core/revocation/revocation.ts';
import { parseTenantDefinition } from '../../../../functions/core/tenant/tenant-definition.ts';
import { parseTenantId } from '../../../../functions/core/tenant-id.ts';
import type {
  ProbeResult,
  VerificationReport,
} from '../../../../functions/core/verification/verification.ts';
import { openPolicyJudge } from '../../../../functions/tenants/preview-judge.ts';
import { NOW, RESOURCES, sampleDefinition, sampleTenantDefinition } from '../sample.ts';
import { createMemoryTenantStore } from './memory-tenant-store.ts';

export const ACME = parseTenantId('acme');
export const ACT = { requestId: 'r-1', actor: 'arn:aws:iam::111122223333:role/operator' };
export const VEND_ROLE = 'arn:aws:iam::111122223333:role/vend';
export const OTHER_ROLE = 'arn:aws:iam::111122223333:role/latchkey-other';

/** What a call to the outside is called, and what is to become of it: nothing done, or done and the answer lost. */
export type Fault = (call: string) => FaultTime | Promise<FaultTime>;
export type FaultTime = 'before' | 'after' | undefined;

/** What a test says of the world, and what it can change while it runs. */
export interface World {
  now: Date;
  fault: Fault;
  /** Why an own profile is not proved. */
  unproved: ProveProfile;
  report: (profiles: readonly string[]) => Partial<VerificationReport>;
}

/** An administration over a store of its own. */
export const sampleAdministration = (changes: Partial<AdministrationOptions> = {}) =>
  administrationOver(createMemoryTenantStore(), changes);

/** Two profiles on two roles, ports that remember, and a fault wherever a test wants one. */
export function administrationOver<Store extends TenantStore>(
  store: Store,
  changes: Partial<AdministrationOptions> = {},
) {
  const world: World = { now: NOW, unproved: () => undefined, fault: () => undefined, report: () => ({}) };
  const announced: Announcement[] = [];
  const audited: AuditEvent[] = [];
  const revoked = new Map<string, readonly Revocation[]>();

  async function outside<T>(
    call: string,
    code: ConstructorParameters<typeof VendingError>[0],
    work: () => T | Promise<T>,
  ): Promise<T> {
    const fault = await world.fault(call);
    if (fault === 'before') throw new VendingError(code);
    const answer = await work();
    if (fault === 'after') throw new VendingError(code);
    return answer;
  }

  const verifier: TenantVerifier = {
    verify: (tenantId) =>
      outside('verify', 'verification_unavailable', async () => {
        const profiles = (await store.readTenant(tenantId))?.definition?.profiles ?? [];
        return {
          tenantId,
          passed: true,
          verifiedAt: world.now.toISOString(),
          probes: [],
          ...world.report(profiles),
        };
      }),
  };
  const profileDefinitions = [sampleDefinition(), sampleDefinition({ name: 'other', roleArn: OTHER_ROLE })];
  const profiles = createProfileBook(profileDefinitions, RESOURCES);
  const administration = createAdministration({
    store: {
      ...store,
      readTenant: (id) => outside('readTenant', 'registry_unavailable', () => store.readTenant(id)),
      writeTenant: (next, previous) =>
        outside('writeTenant', 'registry_unavailable', () => store.writeTenant(next, previous)),
    },
    profiles,
    resources: { tenantRoleArn: RESOURCES.tenantRoleArn },
    preview: createPreview({
      profiles,
      profileDefinitions,
      resources: RESOURCES,
      tenantRolePolicy: undefined,
      openJudge: openPolicyJudge,
      clock: () => world.now,
    }),
    proveProfile: (profile) => world.unproved(profile),
    parseSamlMetadata: () => ({ entityId: 'https://idp.example', certificates: ['certificate'] }),
    verifier,
    revoker: {
      revoke: ({ principalArn, ...revocation }) =>
        outside('revoke', 'revocation_failed', () => {
          revoked.set(principalArn, addRevocation(revoked.get(principalArn) ?? [], revocation));
        }),
    },
    announcer: {
      announce: (announcement) =>
        outside('announce', 'events_unavailable', () => {
          announced.push(announcement);
        }),
    },
    templateHost: {
      publish: (name) =>
        outside('publish', 'internal_error', () => ({
          url: `https://templates.example/${name}?X=1&Y`,
          expiration: NOW,
        })),
    },
    auditLog: { record: (event) => void audited.push(event) },
    clock: () => world.now,
    vendRoleArn: VEND_ROLE,
    allowLoopbackIssuers: false,
    ...changes,
  });
  const types = () => announced.map(({ type }) => type);
  return { administration, store, world, announced, types, audited, revoked };
}

/** An administration with acme in it, active, at version 1. */
export async function withAcme(changes: Parameters<typeof sampleTenantDefinition>[0] = {}) {
  const sample = sampleAdministration();
  await sample.administration.putTenant(ACT, ACME, sampleTenantDefinition(changes), 'absent');
  sample.announced.length = 0;
  sample.audited.length = 0;
  return sample;
}

/** An event about acme; `changes` go into its definition. */
export function sampleEvent(
  kind: TenantEvent['kind'],
  version: number,
  changes: Parameters<typeof sampleTenantDefinition>[0] & { readonly revokeSessions?: boolean } = {},
): TenantEvent {
  const { revokeSessions = false, ...definition } = changes;
  const facts = { eventId: `${kind}-${version}`, tenantId: ACME, version };
  if (kind === 'suspend') return { ...facts, kind, revokeSessions };
  if (kind === 'onboard' || kind === 'update')
    return { ...facts, kind, definition: parseTenantDefinition(sampleTenantDefinition(definition)) };
  return { ...facts, kind };
}

/** A probe that found a hole. */
export const HOLE: ProbeResult = {
  profile: 'app',
  roleArn: RESOURCES.tenantRoleArn,
  probe: 'without_external_id',
  outcome: 'failed',
  detail: 'the role let in somebody without an external id',
  cure: 'demand sts:ExternalId in its trust policy',
};
