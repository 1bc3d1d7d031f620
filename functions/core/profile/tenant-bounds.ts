import { listed, type PolicyConditions, type PolicyStatement } from './policy-document.ts';

/** What bounds an Allow statement: texts that name the tenant, all about the same thing. */
export interface Bound {
  /** `resource`, or the condition key. */
  readonly kind: string;
  /** Where the texts hold: the statement's Resources. */
  readonly resources: readonly string[];
  /** Each text up to the tenant's id. */
  readonly prefixes: readonly string[];
}

/**
 * What makes an Allow statement reach the tenant's own alone; undefined when nothing does. `marker` is what stands for
 * the tenant: the placeholder while a template is checked, the id itself when the rendered policy is checked once more.
 *
 * A statement is bounded when every Resource is, or when a condition is. A text is bounded when only literal text comes
 * before the marker and a delimiter that no tenant id can hold (or the end) behind it: `acme/*` is, `acme*` would
 * open `acme-prod/` and `acme2/` too, and a wildcard before `acme/*` would open `globex/acme/`.
 */
export function findBound(statement: PolicyStatement, marker: string): Bound | undefined {
  const resources = listed(statement.Resource);
  const prefixes = resources.map((resource) => prefixInResource(resource, marker));
  if (prefixes.every((prefix) => prefix !== undefined)) return { kind: 'resource', resources, prefixes };
  return findBoundingCondition(statement, resources, marker);
}

/** Characters that end a tenant's id: none of them is in the grammar of ids. */
const DELIMITERS = '/:#._=,@+|';

/** The text before the tenant, when that is literal and the tenant's id is delimited. */
function prefixOf(text: string, marker: string, { mayEnd }: { mayEnd: boolean }): string | undefined {
  for (let at = text.indexOf(marker); at !== -1; at = text.indexOf(marker, at + 1)) {
    const prefix = text.slice(0, at);
    if (!isLiteral(prefix)) return undefined;
    const next = text[at + marker.length];
    if (next === undefined ? mayEnd : DELIMITERS.includes(next)) return prefix;
  }
  return undefined;
}

/** In an ARN, the tenant must be named behind the account: a tenant called `aws` is not named by the partition. */
function prefixInResource(resource: string, marker: string): string | undefined {
  const head = /^arn(?::[^:]*){4}:/.exec(resource)?.[0];
  if (head === undefined || !isLiteral(head)) return undefined;
  const prefix = prefixOf(resource.slice(head.length), marker, { mayEnd: true });
  return prefix === undefined ? undefined : head + prefix;
}

/**
 * Whether a text says one thing only. Not with a wildcard, and not with any placeholder: what the caller chooses
 * (`{{scope.folder}}/{{tenant.id}}/*`) leads into `globex/acme/`, and an attribute that ends in a tenant's id does too.
 */
function isLiteral(text: string): boolean {
  return !/[*?]|\{\{/.test(text.replaceAll(/\$\{[*?$]\}/g, ''));
}

/**
 * Conditions that bound by what is asked for. Keys that describe the caller (`aws:PrincipalTag`) or that the caller
 * writes (`aws:RequestTag`) bound nothing, and neither do negated operators or `…IfExists`, which pass when the key
 * is absent. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
function findBoundingCondition(
  statement: PolicyStatement,
  resources: readonly string[],
  marker: string,
): Bound | undefined {
  for (const [operator, keys] of Object.entries(statement.Condition ?? {})) {
    for (const [name, values] of Object.entries(keys)) {
      const key = name.toLowerCase();
      if (!canBound(operator, key, statement)) continue;
      // A list prefix is open at its end: asking for `acme` lists `acme2/` as well, so the delimiter must be there.
      const mayEnd = key !== 's3:prefix';
      const prefixes = listed(values).map((value) => prefixOf(value, marker, { mayEnd }));
      if (prefixes.length > 0 && prefixes.every((prefix) => prefix !== undefined))
        return { kind: key, resources, prefixes };
    }
  }
  return undefined;
}

/** Keys whose values are read from the resource itself, or that must match what it was made with. */
const RESOURCE_KEYS = /^(?:[a-z0-9-]+:resourcetag\/.+|s3:existingobjecttag\/.+|kms:encryptioncontext:.+)$/;

function canBound(
  operator: string,
  key: string,
  { Action, Resource, Condition = {} }: PolicyStatement,
): boolean {
  const positive = operator === 'StringEquals' || operator === 'StringLike';
  if (key === 's3:prefix') {
    // Of the requests that list. In any other, AWS leaves the key out today, and a caller can still write `?prefix=`.
    return positive && listed(Action).every((action) => /^s3:ListBucket(?:Versions)?$/i.test(action));
  }
  if (key === 'dynamodb:leadingkeys') {
    // ForAllValues is true for a request without keys (a Scan), so the key's presence must be demanded as well. And the
    // leading key of an index is the index's own, which need not be the tenant.
    const everyKey = operator === 'ForAllValues:StringEquals' || operator === 'ForAllValues:StringLike';
    const tablesOnly = listed(Resource).every((resource) => !/[*?]|\/index\//.test(resource));
    return everyKey && tablesOnly && demandsPresence(Condition, key);
  }
  return positive && RESOURCE_KEYS.test(key);
}

function demandsPresence(conditions: PolicyConditions, key: string): boolean {
  return Object.entries(conditions['Null'] ?? {}).some(
    ([name, value]) => name.toLowerCase() === key && listed(value).every((one) => one === 'false'),
  );
}
