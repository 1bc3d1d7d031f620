import { isTenantId } from '../../../functions/core/tenant-id.ts';
import { type CorpusEntry, type CorpusOwned, ID, roleOf } from './entry.ts';

/** Tenants whose ids begin, end and continue each other. */
const TENANTS = ['acme', 'acme-prod', 'acme2', 'acm', 'cme', 'prod', 'globex'];

/** What stands for a `*` before anything better is known. */
const FILLERS = ['x', 'x/y', ''];

/** Every text of an entry in which a tenant may be named. */
function textsOf(entry: CorpusEntry): readonly string[] {
  return [
    ...entry.owns.flatMap(({ resource, values = [] }) => [resource, ...values]),
    ...(entry.shared ?? []).map((one) => one.resource),
  ]
    .concat([...entry.session, ...roleOf(entry)].flatMap(({ Resource = [] }) => Resource))
    .map((text) => tailOf(text).replaceAll(/\$\{aws:PrincipalTag\/TenantId[^}]*\}/g, ID));
}

/** An ARN behind its account; anything else as it is. */
export function tailOf(text: string): string {
  return /^arn(?::[^:]*){4}:/.test(text) ? text.split(':').slice(5).join(':') : text;
}

/**
 * The tenants to try an entry with: the adversarial few, whoever could be called as a word of the entry's texts, and whoever
 * could be called as the tenant acme with what stands right before or behind it.
 */
export function tenantsOf(entry: CorpusEntry): readonly string[] {
  const texts = textsOf(entry);
  const words = texts.flatMap((text) => text.replaceAll(ID, '|').match(/[a-z0-9-]+/g) ?? []);
  const joined = texts.flatMap((text) => text.replaceAll(ID, 'acme').match(/[a-z0-9-]+/g) ?? []);
  return [...new Set([...TENANTS, ...words, ...joined])].filter(isTenantId);
}

/** The text with the tenant in place, and each wildcard replaced by the filler in all ways that one filler allows. */
export function instances(pattern: string, tenant: string, fillers: readonly string[]): readonly string[] {
  const text = pattern.replaceAll(ID, tenant).replaceAll('?', 'x');
  if (!text.includes('*') || text === '*') return [text];
  return [...FILLERS, ...fillers].flatMap((filler) => [
    text.replaceAll('*', filler),
    text.replace('*', filler).replaceAll('*', 'x'),
    text.replace(/\*(?=[^*]*$)/, filler).replaceAll('*', 'x'),
  ]);
}

/** All pieces of a text between its delimiters: what a wildcard of another pattern may have to stand for. */
export function piecesOf(text: string): readonly string[] {
  const cuts = [0, text.length];
  for (const { index } of text.matchAll(/[/:#._-]/g)) cuts.push(index, index + 1);
  return [...new Set(cuts.flatMap((from) => cuts.map((to) => text.slice(from, to))))].filter(
    (piece) => piece !== '',
  );
}

const expressions = new Map<string, RegExp>();

/** Whether a value is one that the pattern means for this tenant; a plain comparison, with none of the evaluator's code. */
export function matchesFor(pattern: string, tenant: string, value: string): boolean {
  const name = `${tenant} ${pattern}`;
  const expression = expressions.get(name) ?? compile(pattern.replaceAll(ID, tenant));
  expressions.set(name, expression);
  return expression.test(value);
}

function compile(glob: string): RegExp {
  const literal = glob.replaceAll(/[.+^${}()|[\]\\/-]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}

/** A concrete request: an action, a resource, and the condition keys that are there. */
export interface WorldRequest {
  readonly action: string;
  readonly resource: string;
  readonly keys: Readonly<Record<string, string | readonly string[]>>;
}

/** Whom a request reaches: tenants, `everyone` where nothing keeps it from anybody, `nobody` for a key that is none's. */
export function ownersOf({ owns }: CorpusEntry, request: WorldRequest): ReadonlySet<string> {
  return new Set(owns.flatMap((owned) => ownersBy(owned, request)));
}

function ownersBy(
  { resource, key, values = [], actions = ['*'] }: CorpusOwned,
  request: WorldRequest,
): readonly string[] {
  if (!actions.some((action) => matchesFor(action.toLowerCase(), '', request.action.toLowerCase())))
    return [];
  if (key === undefined) return namedIn(resource, request.resource);
  if (!matchesFor(resource, 'any', request.resource)) return [];
  const found = [request.keys[key] ?? []].flat();
  // A listing or a scan goes over everything; and whose a thing without a tag is, nobody knows. Empty is as good as absent to IAM.
  if (found.every((value) => value === '')) return ['everyone'];
  const reached = key === 's3:prefix' ? listedBy : namedIn;
  return found.flatMap((value) => {
    const reaching = values.flatMap((pattern) => reached(pattern, value));
    return reaching.length === 0 ? ['nobody'] : reaching;
  });
}

const named = new Map<string, readonly string[]>();

/** Every tenant for whom the pattern matches: any piece of the text that could be an id is tried. */
function namedIn(pattern: string, text: string): readonly string[] {
  const name = `${pattern} ${text}`;
  const found =
    named.get(name) ??
    [...new Set(substrings(tailOf(text)))].filter(
      (tenant) => isTenantId(tenant) && matchesFor(pattern, tenant, text),
    );
  named.set(name, found);
  return found;
}

/** Who is reached by a listing: those whose tree it is in; and anybody, as long as it does not hold a whole id. */
function listedBy(pattern: string, prefix: string): readonly string[] {
  const head = pattern.slice(0, pattern.indexOf(ID));
  const isBeginning = prefix.startsWith(head) && /^(?:[a-z0-9][a-z0-9-]*)?$/.test(prefix.slice(head.length));
  if (isBeginning || head.startsWith(prefix)) return ['everyone'];
  return substrings(prefix).filter(
    (tenant) => isTenantId(tenant) && prefix.startsWith(pattern.replaceAll(ID, tenant).replace(/\*$/, '')),
  );
}

function substrings(text: string): readonly string[] {
  const words = text.match(/[a-z0-9-]+/g) ?? [];
  return words.flatMap((word) =>
    Array.from(word, (_, from) =>
      Array.from(word.slice(from), (__, length) => word.slice(from, from + length + 1)),
    ).flat(),
  );
}
