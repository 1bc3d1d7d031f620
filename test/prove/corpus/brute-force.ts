import type { RequestContext } from '../../../policy/context.ts';
import { evaluateSession } from '../../../policy/evaluate.ts';
import { parsePolicy } from '../../../policy/parse-policy.ts';
import type { Policy } from '../../../policy/policy.ts';
import { type CorpusEntry, type CorpusVerdict, ID, roleOf } from './entry.ts';
import { requestsOf } from './requests.ts';
import { matchesFor, ownersOf, tenantsOf, type WorldRequest } from './world.ts';

/** A request that an entry allows though it should not, and what it shows. */
export interface Finding {
  readonly verdict: Exclude<CorpusVerdict, 'isolated'>;
  readonly tenant: string;
  readonly owner: string | undefined;
  readonly request: WorldRequest;
}

/** A tenant's session: what the policies are, with every placeholder filled in. */
export interface WorldSession {
  readonly tenant: string;
  /** Inline and managed. */
  readonly session: readonly Policy[];
  readonly role: Policy;
  readonly boundary: Policy | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** What attributes and scope parameters are set to. */
const VALUES = (tenant: string) => [`${tenant}/x/`, 'globex', '-prod/', 'x/'];

const PLACEHOLDER = /\{\{((?:scope|tenant\.attributes)\.\w+)\}\}/g;

/** The sessions of one tenant: one for each value that attributes and scope parameters may have. */
export function sessionsOf(entry: CorpusEntry, tenant: string): readonly WorldSession[] {
  const names = JSON.stringify([entry.session, entry.tags]).match(PLACEHOLDER) ?? [];
  const values = names.length === 0 ? [''] : VALUES(tenant).filter((value) => fitsScope(entry, value));
  return values.map((value) =>
    renderSession(entry, tenant, new Map(names.map((name) => [name.slice(2, -2), value]))),
  );
}

/** A tenant's session with values for its other placeholders, by their full names. */
export function renderSession(
  entry: CorpusEntry,
  tenant: string,
  values: ReadonlyMap<string, string>,
): WorldSession {
  const fill = (text: string, insert: (value: string) => string) =>
    text.replaceAll(ID, tenant).replaceAll(PLACEHOLDER, (_, name) => insert(values.get(name) ?? ''));
  // In a policy, what is inserted is literal: IAM's wildcards and variables become escapes.
  const toLiteral = (value: string) => value.replaceAll(/[*?$]/g, (special) => `\${${special}}`);
  const session = JSON.parse(JSON.stringify(entry.session), (_, leaf) =>
    typeof leaf === 'string' ? fill(leaf, toLiteral) : leaf,
  );
  const tags = Object.entries(entry.tags ?? {}).map(([key, text]) => [key, fill(text, (value) => value)]);
  return {
    tenant,
    session: [parse(session, 'session policy'), ...(entry.managed ? [parse(entry.managed, 'managed')] : [])],
    role: parse(roleOf(entry), 'role'),
    boundary: entry.boundary && parse(entry.boundary, 'boundary'),
    tags: { TenantId: tenant, ...Object.fromEntries(tags) },
  };
}

function parse(Statement: readonly object[], name: string): Policy {
  return parsePolicy({ Version: '2012-10-17', Statement }, name);
}

function fitsScope({ scope = {} }: CorpusEntry, value: string): boolean {
  return Object.values(scope).every((pattern) => new RegExp(`^(?:${pattern})$`).test(value));
}

/** Whether the session may do it, as the evaluator decides. */
export function isAllowed({ session, role, boundary, tags }: WorldSession, request: WorldRequest): boolean {
  const { action, resource } = request;
  const decision = evaluateSession(
    { identityPolicies: [role], boundary, sessionPolicies: session },
    { action, resource, context: contextOf({ ...request.keys, ...principalTags(tags) }) },
  );
  return decision.effect === 'allowed';
}

function principalTags(tags: WorldSession['tags']): WorldRequest['keys'] {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]));
}

/** What a request of this world does not say is absent from it. */
function contextOf(keys: WorldRequest['keys']): RequestContext {
  const values = new Map(Object.entries(keys).map(([key, value]) => [key.toLowerCase(), value]));
  return {
    look(key) {
      const value = values.get(key.toLowerCase());
      if (value === undefined) return { state: 'absent' };
      return typeof value === 'string' ? { state: 'single', value } : { state: 'multiple', values: value };
    },
  };
}

/** What an allowed request shows; undefined when it is the tenant's own or shared. */
export function judge(entry: CorpusEntry, tenant: string, request: WorldRequest): Finding | undefined {
  const owners = ownersOf(entry, request);
  const foreign = [...owners].find((owner) => owner !== tenant && owner !== 'nobody');
  if (foreign !== undefined) return { verdict: 'crosses', tenant, owner: foreign, request };
  const isShared = (entry.shared ?? []).some(
    ({ actions, resource }) =>
      actions.some((action) => matchesFor(action.toLowerCase(), '', request.action.toLowerCase())) &&
      matchesFor(resource, '', request.resource),
  );
  const isOwn = owners.size > 0 && !owners.has('nobody');
  if (isOwn || isShared) return undefined;
  return { verdict: 'undeclared', tenant, owner: undefined, request };
}

/** Which pairs of tenants are tried: one of so many, beginning anywhere. */
export interface Share {
  readonly share: number;
  readonly from: number;
}

/** Tries what the small world holds, or a share of it; the worst that was found, undefined for nothing. */
export function search(
  entry: CorpusEntry,
  { share, from }: Share = { share: 1, from: 0 },
): Finding | undefined {
  let found: Finding | undefined;
  const pairs = pairsOf(entry).filter((_, index) => (index + from) % share === 0);
  for (const [tenant, other] of pairs) {
    const sessions = sessionsOf(entry, tenant);
    for (const request of requestsOf(entry, tenant, other)) {
      const finding = judge(entry, tenant, request);
      // Nothing worse than what has been found already.
      if (finding === undefined || finding.verdict === found?.verdict) continue;
      if (!sessions.some((session) => isAllowed(session, request))) continue;
      if (finding.verdict === 'crosses') return finding;
      found = finding;
    }
  }
  return found;
}

/** Each tenant with acme, both ways round: every other was chosen for how it lies to that one. */
export function pairsOf(entry: CorpusEntry): readonly (readonly [tenant: string, other: string])[] {
  return tenantsOf(entry).flatMap((tenant) => [
    ['acme', tenant],
    [tenant, 'acme'],
  ]);
}
