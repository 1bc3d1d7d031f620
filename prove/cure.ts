import { TENANT_TAG_KEY } from '../functions/core/grant/session-tags.ts';
import type { ConcreteRequest } from './confirm.ts';
import type { Row } from './session-layers.ts';

/** What to write instead, for whoever wrote the profile: the likeliest reason first. */
export function cureFor(row: Row, request: ConcreteRequest, { reaches, isRole }: Cured): string {
  if (reaches === undefined) {
    return `declare it under shared in profiles/ownership.ts, with why, or take ${row.action} on ${row.resource} out of the ${isRole ? 'role' : 'profile'}`;
  }
  return cureByKey(row, request) ?? cureByResource(row, request, isRole ? TAG : ID);
}

/** What is to be cured. */
interface Cured {
  /** By the `name` in the declaration; undefined when what is reached is nobody's. */
  readonly reaches: string | undefined;
  /** Whether the role's own policy is what has to hold. */
  readonly isRole: boolean;
}

function cureByKey({ statement: { conditions } }: Row, { keys }: ConcreteRequest): string | undefined {
  for (const { key, operator, qualifier, ifExists, negated } of conditions) {
    const isAbsent = keys[key.toLowerCase()] === undefined;
    if (isAbsent && ifExists)
      return `write ${operator.replace(/IfExists$/, '')}: IfExists is true when ${key} is absent`;
    if (negated)
      return `compare ${key} with an operator that is not negated: ${operator} is true of all other tenants' values and of an absent key`;
    if (isAbsent && qualifier === 'ForAllValues')
      return `add Null: {"${key}": "false"}: ${operator} is true when ${key} is absent`;
    if (qualifier === 'ForAnyValue')
      return `write ForAllValues: and Null: {"${key}": "false"} instead of ForAnyValue:, which one value of the tenant's own is enough for`;
    if (operator.endsWith('IgnoreCase')) return `compare ${key} with case`;
  }
  return undefined;
}

const ID = '{{tenant.id}}';
/** What names the tenant in a role's policy. */
const TAG = `\${aws:PrincipalTag/${TENANT_TAG_KEY}}`;

function cureByResource({ resource: text, statement }: Row, { keys }: ConcreteRequest, id: string): string {
  const at = text.indexOf(id);
  if (at === -1) {
    return statement.conditions.length === 0
      ? `put ${id} into ${text}, or bound the statement by a condition`
      : `bound the statement by a condition that another tenant's request cannot satisfy: ${Object.keys(keys).join(', ') || 'it asks for no key'} does not tell tenants apart, or its value has no delimiter behind ${id}`;
  }
  if (/[*?]|\{\{/.test(text.slice(0, at)))
    return `put ${id} before every wildcard and every other placeholder of ${text}`;
  if (!/^[/:#._=,@+|]/.test(text.slice(at + id.length)) && at + id.length < text.length)
    return `put a delimiter such as "/" right behind ${id} in ${text}: an id can be the beginning of another`;
  return `put what stands before ${id} in ${text} behind it, or begin it with a character that no tenant id can have: a tenant's id can be the text itself`;
}
