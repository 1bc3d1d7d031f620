import type { Grant } from '../grant/grant.ts';
import type { PolicyStatement } from '../profile/policy-document.ts';
import { renderPolicy } from '../profile/policy-template.ts';
import type { Profile } from '../profile/profile.ts';
import { readScope } from '../profile/scope-parameters.ts';
import { TENANT_ID_PLACEHOLDER } from '../profile/template.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { PROBE_TENANT_ID, type TenantId } from '../tenant-id.ts';
import type { Caller } from '../token/caller.ts';
import type {
  ContextValues,
  JudgedRequest,
  JudgedSession,
  OpenJudge,
  SessionJudge,
  Verdict,
} from './preview-judge.ts';
import type { PreviewRequest } from './preview-request.ts';
import { deriveProbes, type ProbedStatement } from './probes.ts';
import { sessionKeys } from './session-keys.ts';
import { settingsBetween, statementsBetween, statementsOf } from './settings-diff.ts';

/** A profile with the session that a vend by it would make. */
export interface ComparedProfile {
  readonly profile: Profile;
  readonly caller: Caller;
  readonly grant: Grant;
  readonly session: JudgedSession;
  /** As the request gives them, for this profile. */
  readonly scope: Readonly<Record<string, string>>;
  readonly judge: SessionJudge;
}

/**
 * What became of a request. `denied_by_role_alone`: the session policy newly allows it, and only the role's own policy still
 * does not. `undecided`: it cannot be told, and must be looked at.
 */
export type Change = 'newly_allowed' | 'newly_denied' | 'denied_by_role_alone' | 'undecided';

/** A request that the two profiles decide otherwise. */
export interface ChangedRequest {
  readonly change: Change;
  /** `request`: it was asked about. `foreign`: made up, and it names another tenant. */
  readonly of: 'request' | 'own' | 'foreign';
  readonly action: string;
  readonly resource: string;
  readonly context: ContextValues;
  readonly absentKeys: readonly string[];
  readonly before: string;
  readonly after: string;
  /** How many more there are that only their context tells apart. */
  readonly alike: number;
}

/** How a profile differs from the deployed one of its name, for one tenant. */
export interface ProfileDiff {
  /** Everything of the grant but its policy, and what callers have to bring. */
  readonly settings: readonly {
    readonly member: string;
    readonly before: unknown;
    readonly after: unknown;
  }[];
  readonly statementsAdded: readonly PolicyStatement[];
  readonly statementsRemoved: readonly PolicyStatement[];
  readonly changes: readonly ChangedRequest[];
  /** How many requests were tried, those made up with those asked about. */
  readonly tried: number;
  /** False: there was more to try, or more has changed, than fits. No number of tries is a proof. */
  readonly complete: boolean;
  /** Whether the role's own policy is known of both, and was evaluated. */
  readonly rolePolicy: boolean;
}

/** What is compared, for whom, and by requests of which beside those that are made up. */
export interface DiffOptions {
  readonly before: ComparedProfile;
  readonly after: ComparedProfile;
  readonly tenant: Pick<Tenant, 'tenantId' | 'attributes'>;
  readonly request: Pick<PreviewRequest, 'requests'>;
  readonly openJudge: OpenJudge;
}

const CHANGES_MAX = 200;

/** Compares what two profiles give the same tenant. Throws `policy_unrenderable` for one that no other tenant could have. */
export function diffProfiles({ before, after, tenant, request, openJudge }: DiffOptions): ProfileDiff {
  const sides = [before, after];
  const rolePolicy = sides.every(({ session }) => session.rolePolicy !== undefined);
  const [old, changed] = sides.map(({ session, judge }) =>
    // With one role's policy known and the other's not, only the session policies can be compared.
    rolePolicy || session.rolePolicy === undefined ? judge : openJudge({ ...session, rolePolicy: undefined }),
  ) as [SessionJudge, SessionJudge];
  const { probes, complete } = deriveProbes({
    own: sides.flatMap(({ profile, scope }) => statementsFor(profile, scope, tenant, tenant.tenantId)),
    foreign: sides.flatMap(({ profile, scope }) => statementsFor(profile, scope, tenant, PROBE_TENANT_ID)),
    role: rolePolicy ? sides.flatMap(({ session }) => roleStatements(session)) : [],
    fixedKeys: new Set(
      sides.flatMap(({ session }) => Object.keys(sessionKeys(session)).map((key) => key.toLowerCase())),
    ),
  });
  const managed = sides.some(({ grant }) => grant.policyArns.length > 0);
  const changes = group(
    [...request.requests.map(asAsked), ...probes.map(asMadeUp)].flatMap(([of, one]) => {
      const verdicts = [old.judge(one), changed.judge(one)] as const;
      const change = changeBetween(...verdicts, managed);
      return change === undefined ? [] : [describe(change, of, one, verdicts)];
    }),
  );
  return {
    settings: settingsBetween(before, after),
    ...statementsBetween(before.grant, after.grant),
    changes: changes.slice(0, CHANGES_MAX),
    tried: request.requests.length + probes.length,
    complete: complete && changes.length <= CHANGES_MAX,
    rolePolicy,
  };
}

type Of = ChangedRequest['of'];

function asAsked(request: JudgedRequest): readonly [Of, JudgedRequest] {
  return ['request', request];
}

function asMadeUp(probe: JudgedRequest): readonly [Of, JudgedRequest] {
  const isForeign = (probe.resource + JSON.stringify(probe.context)).includes(PROBE_TENANT_ID);
  return [isForeign ? 'foreign' : 'own', probe];
}

function changeBetween(before: Verdict, after: Verdict, managed: boolean): Change | undefined {
  if (before.effect === 'undecided' || after.effect === 'undecided') return 'undecided';
  if (before.effect !== 'allowed' && after.effect === 'allowed') return 'newly_allowed';
  if (before.effect === 'allowed' && after.effect !== 'allowed') return 'newly_denied';
  if (before.sessionEffect !== 'allowed' && after.sessionEffect === 'allowed') return 'denied_by_role_alone';
  // What a managed policy allows, an explicit denial takes away, and an implicit one does not.
  return managed && before.effect !== after.effect ? 'undecided' : undefined;
}

function describe(
  change: Change,
  of: Of,
  { action, resource, context, absentKeys = [] }: JudgedRequest,
  [before, after]: readonly [Verdict, Verdict],
): ChangedRequest {
  const told = { before: before.reason, after: after.reason };
  return { change, of, action, resource, context, absentKeys, ...told, alike: 0 };
}

/** One of those that only their context tells apart, but each that was asked about. */
function group(changes: readonly ChangedRequest[]): readonly ChangedRequest[] {
  const groups = Map.groupBy(changes, ({ change, of, action, resource, context }) =>
    JSON.stringify([change, of, action, resource, of === 'request' && context]),
  );
  return [...groups.values()].flatMap(([first, ...rest]) =>
    first === undefined ? [] : [{ ...first, alike: rest.length }],
  );
}

/** The policy as another tenant with the same attributes would have it: not to grant anything, only to see what to try. */
function statementsFor(
  { policy, scope: parameters }: Profile,
  scope: ComparedProfile['scope'],
  { attributes }: DiffOptions['tenant'],
  tenantId: TenantId,
): readonly PolicyStatement[] {
  const named = (prefix: string, pairs: Iterable<readonly [string, string]>) =>
    [...pairs].map(([name, value]) => [`${prefix}.${name}`, value] as const);
  return statementsOf(
    renderPolicy(
      policy,
      new Map([
        [TENANT_ID_PLACEHOLDER, tenantId],
        ...named('tenant.attributes', Object.entries(attributes)),
        ...named('scope', readScope(parameters, scope)),
      ]),
    ),
  );
}

/** The role's statements with the session's tags in place; other variables stay, and may mean anything. */
function roleStatements({ rolePolicy, tags }: JudgedSession): readonly ProbedStatement[] {
  const values = new Map(tags.map(({ key, value }) => [`\${aws:principaltag/${key.toLowerCase()}}`, value]));
  const document = JSON.parse(JSON.stringify(rolePolicy ?? {}), (_key, text) =>
    typeof text === 'string'
      ? text.replaceAll(/\$\{[^}]*\}/g, (variable) => values.get(variable.toLowerCase()) ?? variable)
      : text,
  ) as { readonly Statement?: ProbedStatement | readonly ProbedStatement[] };
  return [document.Statement ?? []].flat();
}
