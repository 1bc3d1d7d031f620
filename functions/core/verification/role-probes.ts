import type { Grant } from '../grant/grant.ts';
import { sessionName } from '../grant/session-name.ts';
import { TENANT_TAG_KEY } from '../grant/session-tags.ts';
import { PROBE_TENANT_ID, type TenantId } from '../tenant-id.ts';
import { alteredFirst, alteredLast, foreignExternalId, foreignTenantIds } from './foreign-ids.ts';
import type { Assumption } from './probe-ports.ts';
import type { ProbeName } from './verification.ts';

/** One way to try a probe; `what` says in a report what was let through. */
export interface ProbeAttempt<Request> {
  readonly what: string;
  readonly request: Request;
}

/** A probe, and every attempt that AWS must refuse for it to pass. */
export type ProbePlan<Request> =
  | {
      readonly probe: ProbeName;
      readonly attempts: readonly ProbeAttempt<Request>[];
      /** What closes the hole. */
      readonly cure: string;
    }
  | { readonly probe: ProbeName; readonly notApplicable: string };

const REQUEST_TAG = `aws:RequestTag/${TENANT_TAG_KEY}`;

/**
 * What a role must refuse, given what it must allow. Most attempts differ from that in one thing alone, so that a refusal is
 * about this very thing; the others are what an attack looks like, for a role with an Allow beside the right one.
 */
export function planRoleProbes(allowed: Assumption, tenantId: TenantId): readonly ProbePlan<Assumption>[] {
  return [...planOwnRoleProbes(allowed, tenantId), planWithoutTag(allowed, tenantId)];
}

/**
 * What a role must refuse whose sessions are made for a token, an assertion or an MFA code: that whoever vends has one without, by
 * AssumeRole, with tags that nobody else vouches for.
 */
export function planDetourProbe(vend: Assumption): ProbePlan<Assumption> {
  return {
    probe: 'by_assume_role',
    attempts: [
      { what: 'by AssumeRole, with tags', request: { ...vend, externalId: undefined } },
      { what: 'by AssumeRole, without a tag or a source identity', request: bare(vend) },
    ],
    cure: "take sts:AssumeRole for the vend function's role out of the role's trust policy, or out of the policies of that one",
  };
}

/**
 * What a role in the tenant's own account must refuse that takes tokens which Latchkey signs: those of other tenants, whose subject
 * and tag both say whose they are. Where a trust policy asks for neither, it is every tenant's role that has a profile for it.
 */
export function planForeignTokenProbe(grant: Grant): ProbePlan<Grant> {
  const { tenantId } = grant;
  return {
    probe: 'with_foreign_tenant_tag',
    attempts: foreignTenantIds(tenantId).map((id) => ({
      what: `with a token for ${TENANT_TAG_KEY}=${id}`,
      request: asForeignGrant(grant, id),
    })),
    cure: `add to the Condition of every statement of the role's trust policy that allows sts:AssumeRoleWithWebIdentity or sts:TagSession: {"StringEquals": {"${REQUEST_TAG}": "${tenantId}"}}`,
  };
}

/** Probes of a role in the tenant's own account. One that is shared by tenants has no external id and takes every tenant's tag. */
function planOwnRoleProbes(allowed: Assumption, tenantId: TenantId): readonly ProbePlan<Assumption>[] {
  const { externalId } = allowed;
  if (externalId === undefined) {
    const notApplicable = "the role is the deployment's own, which all tenants share";
    return (['without_external_id', 'with_wrong_external_id', 'with_foreign_tenant_tag'] as const).map(
      (probe) => ({ probe, notApplicable }),
    );
  }
  const foreignId = foreignExternalId(externalId);
  return [
    {
      probe: 'without_external_id',
      attempts: [
        { what: 'without an external id', request: { ...allowed, externalId: undefined } },
        {
          what: 'without an external id, as another tenant',
          request: asForeignTenant(allowed, undefined),
        },
        { what: 'without an external id, a tag or a source identity', request: bare(allowed) },
      ],
      cure: cureExternalId(tenantId, 'StringEqualsIfExists and ForAllValues are true without one'),
    },
    {
      probe: 'with_wrong_external_id',
      attempts: [alteredFirst(externalId), alteredLast(externalId), foreignId].map((wrong) => ({
        what: 'with another external id',
        request: { ...allowed, externalId: wrong },
      })),
      cure: cureExternalId(tenantId, 'StringLike with a wildcard takes others as well'),
    },
    {
      probe: 'with_foreign_tenant_tag',
      attempts: [
        ...foreignTenantIds(tenantId).map((id) => ({
          what: `with ${TENANT_TAG_KEY}=${id}`,
          request: { ...allowed, tags: withTenantTag(allowed.tags, id) },
        })),
        {
          what: "as another tenant, with that one's external id and tag",
          request: asForeignTenant(allowed, foreignId),
        },
      ],
      cure: `${ADD}: {"StringEquals": {"${REQUEST_TAG}": "${tenantId}"}}`,
    },
  ];
}

const ADD =
  "add to the Condition of every statement of the role's trust policy that allows sts:AssumeRole or sts:TagSession";

function cureExternalId(tenantId: TenantId, trap: string): string {
  return `${ADD}: {"StringEquals": {"sts:ExternalId": "<the externalId of tenant ${tenantId}>"}}; ${trap}`;
}

/** Without any tag, sts:TagSession is not asked for; so a condition that stands with that action alone would not be seen. */
function planWithoutTag(allowed: Assumption, tenantId: TenantId): ProbePlan<Assumption> {
  const isShared = allowed.externalId === undefined;
  const others = allowed.tags.filter(({ key }) => key !== TENANT_TAG_KEY);
  const transitiveTagKeys = allowed.transitiveTagKeys.filter((key) => key !== TENANT_TAG_KEY);
  const untagged = { what: 'without any tag', request: { ...allowed, tags: [], transitiveTagKeys: [] } };
  const withOthers = {
    what: `with the profile's other tags and no ${TENANT_TAG_KEY}`,
    request: { ...allowed, tags: others, transitiveTagKeys },
  };
  const empty = {
    what: `with an empty ${TENANT_TAG_KEY}`,
    request: { ...allowed, tags: withTenantTag(allowed.tags, '') },
  };
  // Of a role in the tenant's own account, it is tried for the external id that it lacks as well.
  const withNothing = { what: 'without a tag or a source identity', request: bare(allowed) };
  const condition = isShared
    ? `{"Null": {"${REQUEST_TAG}": "false"}, "StringLike": {"${REQUEST_TAG}": "?*"}}`
    : `{"StringEquals": {"${REQUEST_TAG}": "${tenantId}"}}`;
  return {
    probe: 'without_tenant_tag',
    attempts: [
      untagged,
      ...(others.length > 0 ? [withOthers] : []),
      empty,
      ...(isShared ? [withNothing] : []),
    ],
    cure: `${ADD}: ${condition}; ForAllValues and operators that end in IfExists are true without the tag`,
  };
}

function withTenantTag(tags: Assumption['tags'], value: string): Assumption['tags'] {
  return tags.map((tag) => (tag.key === TENANT_TAG_KEY ? { ...tag, value } : tag));
}

/** The vend that another tenant would get, were the role's ARN in its record (or, without an external id, in its profile). */
function asForeignTenant(allowed: Assumption, externalId: string | undefined): Assumption {
  const roleSessionName = sessionName(PROBE_TENANT_ID, 'verification');
  return {
    ...allowed,
    tags: withTenantTag(allowed.tags, PROBE_TENANT_ID),
    roleSessionName,
    sourceIdentity: allowed.sourceIdentity === undefined ? undefined : roleSessionName,
    externalId,
  };
}

/** The grant that another tenant would get, were the role's ARN in its record. */
function asForeignGrant(grant: Grant, tenantId: TenantId): Grant {
  const roleSessionName = sessionName(tenantId, 'verification');
  return {
    ...grant,
    tenantId,
    tags: withTenantTag(grant.tags, tenantId),
    roleSessionName,
    sourceIdentity: grant.sourceIdentity === undefined ? undefined : roleSessionName,
  };
}

/** An AssumeRole with nothing but what it cannot do without. */
function bare({ roleArn }: Assumption): Assumption {
  return {
    roleArn,
    roleSessionName: 'latchkey-verification',
    tags: [],
    transitiveTagKeys: [],
    sourceIdentity: undefined,
    externalId: undefined,
  };
}
