import { TENANT_TAG_KEY } from '../session-tags.ts';
import { PROBE_TENANT_ID } from '../tenant-id.ts';
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
 * What a role must refuse, given what it must allow. Every attempt differs from that in one thing alone, so that a refusal
 * is about this very thing.
 */
export function planRoleProbes(allowed: Assumption, tenantId: string): readonly ProbePlan<Assumption>[] {
  return [...planOwnRoleProbes(allowed, tenantId), planWithoutTag(allowed, tenantId)];
}

/** Probes of a role in the tenant's own account. One that is shared by tenants has no external id and takes every tenant's tag. */
function planOwnRoleProbes(allowed: Assumption, tenantId: string): readonly ProbePlan<Assumption>[] {
  const { externalId } = allowed;
  if (externalId === undefined) {
    const notApplicable = "the role is the deployment's own, which all tenants share";
    return (['without_external_id', 'with_wrong_external_id', 'with_foreign_tenant_tag'] as const).map(
      (probe) => ({ probe, notApplicable }),
    );
  }
  return [
    {
      probe: 'without_external_id',
      attempts: [{ what: 'without an external id', request: { ...allowed, externalId: undefined } }],
      cure: cureExternalId(tenantId, 'StringEqualsIfExists and ForAllValues are true without one'),
    },
    {
      probe: 'with_wrong_external_id',
      attempts: [
        { what: 'with another external id', request: { ...allowed, externalId: altered(externalId) } },
      ],
      cure: cureExternalId(tenantId, 'StringLike with a wildcard takes others as well'),
    },
    {
      probe: 'with_foreign_tenant_tag',
      attempts: [
        {
          what: `with ${TENANT_TAG_KEY}=${PROBE_TENANT_ID}`,
          request: withTenantTag(allowed, PROBE_TENANT_ID),
        },
      ],
      cure: `${ADD}: {"StringEquals": {"${REQUEST_TAG}": "${tenantId}"}}`,
    },
  ];
}

const ADD =
  "add to the Condition of every statement of the role's trust policy that allows sts:AssumeRole or sts:TagSession";

function cureExternalId(tenantId: string, trap: string): string {
  return `${ADD}: {"StringEquals": {"sts:ExternalId": "<the externalId of tenant ${tenantId}>"}}; ${trap}`;
}

/** Without any tag, sts:TagSession is not asked for; so a condition that stands with that action alone would not be seen. */
function planWithoutTag(allowed: Assumption, tenantId: string): ProbePlan<Assumption> {
  const others = allowed.tags.filter(({ key }) => key !== TENANT_TAG_KEY);
  const transitiveTagKeys = allowed.transitiveTagKeys.filter((key) => key !== TENANT_TAG_KEY);
  const untagged = { what: 'without any tag', request: { ...allowed, tags: [], transitiveTagKeys: [] } };
  const withOthers = {
    what: `with the profile's other tags and no ${TENANT_TAG_KEY}`,
    request: { ...allowed, tags: others, transitiveTagKeys },
  };
  const empty = { what: `with an empty ${TENANT_TAG_KEY}`, request: withTenantTag(allowed, '') };
  const condition =
    allowed.externalId === undefined
      ? `{"Null": {"${REQUEST_TAG}": "false"}, "StringLike": {"${REQUEST_TAG}": "?*"}}`
      : `{"StringEquals": {"${REQUEST_TAG}": "${tenantId}"}}`;
  return {
    probe: 'without_tenant_tag',
    attempts: [untagged, ...(others.length > 0 ? [withOthers] : []), empty],
    cure: `${ADD}: ${condition}; ForAllValues and operators that end in IfExists are true without the tag`,
  };
}

function withTenantTag(allowed: Assumption, value: string): Assumption {
  const tags = allowed.tags.map((tag) => (tag.key === TENANT_TAG_KEY ? { ...tag, value } : tag));
  return { ...allowed, tags };
}

/** As close to the right one as a wrong one can be: a pattern of its beginning must not do either. */
function altered(externalId: string): string {
  return externalId.slice(0, -1) + (externalId.endsWith('A') ? 'B' : 'A');
}
