import { ConfigurationError } from '../errors.ts';
import { isTenantId } from '../tenant-id.ts';
import type { Bound } from './tenant-bounds.ts';

/**
 * Throws `ConfigurationError` when two texts, each bounded by itself, can mean the same thing for two tenants. With
 * `{{tenant.id}}/*` and `reports/{{tenant.id}}/*`, a tenant called `reports` would read everybody's reports; with
 * `archive-{{tenant.id}}/*`, a tenant called `archive-acme` acme's archive.
 */
export function assertNoOverlap(bounds: readonly Bound[]): void {
  const reaches = bounds.map(reachOf);
  for (const one of reaches) {
    for (const other of reaches) {
      if (one.kind !== other.kind || !mayMeet(one, other)) continue;
      for (const shorter of one.prefixes) {
        for (const longer of other.prefixes) assertApart(shorter, longer);
      }
    }
  }
}

/** A bound, read once for all that it is compared with. */
interface Reach extends Pick<Bound, 'kind'> {
  readonly prefixes: ReadonlySet<string>;
  /** Undefined: anywhere. Conditions on different resources never meet; for resources themselves the prefixes tell. */
  readonly resources: ReadonlySet<string> | undefined;
}

function reachOf({ kind, prefixes, resources }: Bound): Reach {
  const anywhere = kind === 'resource' || resources.some((resource) => /[*?]/.test(resource));
  return { kind, prefixes: new Set(prefixes), resources: anywhere ? undefined : new Set(resources) };
}

function mayMeet({ resources: some }: Reach, { resources: others }: Reach): boolean {
  return some === undefined || others === undefined || [...some].some((resource) => others.has(resource));
}

function assertApart(shorter: string, longer: string): void {
  if (!longer.startsWith(shorter) || longer === shorter) return;
  // Where the shorter text has a tenant's id, the longer has this; an id ends at the first character that none can hold.
  const rest = longer.slice(shorter.length);
  const word = /^[a-z0-9-]*/.exec(rest)?.[0] ?? '';
  const isId = word === rest ? /^[a-z0-9]/.test(word) : isTenantId(word);
  if (!isId) return;
  throw new ConfigurationError(
    `policy: got ${JSON.stringify(`${longer}{{tenant.id}}`)} beside ${JSON.stringify(`${shorter}{{tenant.id}}`)}, in which a tenant ` +
      `could be called ${JSON.stringify(word === rest ? `${word}…` : word)}; put ${JSON.stringify(rest)} behind {{tenant.id}}, or begin it with a ` +
      'character that no tenant id can begin with, such as "_"',
  );
}
