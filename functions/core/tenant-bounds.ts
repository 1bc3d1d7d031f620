import { listed, type PolicyConditions, type PolicyStatement } from './policy-document.ts';

/**
 * Whether an Allow statement can only ever reach what belongs to the tenant. `marker` is what stands for the tenant:
 * the placeholder while a template is checked, the id itself when the rendered policy is checked once more.
 *
 * A statement is bounded when every Resource is, or when a condition is. A text is bounded when the marker comes
 * before any wildcard and a delimiter that no tenant id can hold (or the end) follows it: `acme/*` is, `acme*`
 * would open `acme-prod/` and `acme2/` too, and a wildcard before `acme/*` would open `globex/acme/`.
 */
export function isBounded(statement: PolicyStatement, marker: string): boolean {
  return (
    listed(statement.Resource).every((resource) =>
      isBoundedText(resourcePart(resource), marker, { mayEnd: true }),
    ) || hasBoundingCondition(statement.Condition ?? {}, marker)
  );
}

/** What follows the account in an ARN. A tenant called `aws` is not named by the partition of an ARN; and `*` names nobody. */
function resourcePart(resource: string): string {
  const [arn, ...segments] = resource.split(':');
  // Wildcards in partition, service, Region or account stay in sight: they come before the tenant as well.
  return arn === 'arn' && !segments.slice(0, 4).some(isOpen) ? segments.slice(4).join(':') : '';
}

/** Characters that end a tenant's id: none of them is in the grammar of ids. */
const DELIMITERS = '/:#._=,@+|';

function isBoundedText(text: string, marker: string, { mayEnd }: { mayEnd: boolean }): boolean {
  for (let at = text.indexOf(marker); at !== -1; at = text.indexOf(marker, at + 1)) {
    if (isOpen(text.slice(0, at))) return false;
    const next = text[at + marker.length];
    if (next === undefined ? mayEnd : DELIMITERS.includes(next)) return true;
  }
  return false;
}

/**
 * Whether what precedes the tenant could match, or be made to say, something of another tenant: a wildcard, or a
 * value that the caller chooses (`{{scope.folder}}/{{tenant.id}}/*` would let acme into `globex/acme/`).
 */
function isOpen(prefix: string): boolean {
  return /[*?]/.test(prefix.replaceAll(/\$\{[*?$]\}/g, '')) || prefix.includes('{{scope.');
}

/**
 * Conditions that bound by what is asked for. Keys that describe the caller (`aws:PrincipalTag`) or that the caller
 * writes (`aws:RequestTag`) bound nothing, and neither do negated operators or `…IfExists`, which pass when the key
 * is absent. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
function hasBoundingCondition(conditions: PolicyConditions, marker: string): boolean {
  return Object.entries(conditions).some(([operator, keys]) =>
    Object.entries(keys).some(
      ([key, values]) =>
        values.length > 0 && bounds(operator, key.toLowerCase(), conditions, marker, listed(values)),
    ),
  );
}

function bounds(
  operator: string,
  key: string,
  conditions: PolicyConditions,
  marker: string,
  values: readonly string[],
): boolean {
  const positive = operator === 'StringEquals' || operator === 'StringLike';
  if (key === 's3:prefix') {
    // A list prefix is open at its end: asking for `acme` lists `acme2/` as well, so the delimiter must be there.
    return positive && values.every((value) => isBoundedText(value, marker, { mayEnd: false }));
  }
  const exact = values.every((value) => isBoundedText(value, marker, { mayEnd: true }));
  if (key === 'dynamodb:leadingkeys') {
    // ForAllValues is true for a request without keys (a Scan), so the key's presence must be demanded as well.
    const everyKey = operator === 'ForAllValues:StringEquals' || operator === 'ForAllValues:StringLike';
    return everyKey && exact && demandsPresence(conditions, key);
  }
  return positive && exact && RESOURCE_KEYS.test(key);
}

/** Keys whose values are read from the resource itself, or that must match what it was made with. */
const RESOURCE_KEYS = /^(?:[a-z0-9-]+:resourcetag\/.+|s3:existingobjecttag\/.+|kms:encryptioncontext:.+)$/;

function demandsPresence(conditions: PolicyConditions, key: string): boolean {
  return Object.entries(conditions['Null'] ?? {}).some(
    ([name, value]) => name.toLowerCase() === key && listed(value).every((one) => one === 'false'),
  );
}
