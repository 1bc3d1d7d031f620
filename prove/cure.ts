import type { ConcreteRequest } from './confirm.ts';
import type { Row } from './session-layers.ts';

/** What to write instead, for whoever wrote the profile: the likeliest reason first. */
export function cureFor(row: Row, request: ConcreteRequest, name: string | undefined): string {
  if (name === undefined) {
    return `declare it under shared in profiles/ownership.ts, with why, or take ${row.action} on ${row.resource} out of the profile`;
  }
  return cureByKey(row, request) ?? cureByResource(row, request);
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

function cureByResource({ resource, statement }: Row, { keys }: ConcreteRequest): string {
  const texts = [resource];
  const at = resource.indexOf(ID);
  const [text = ''] = texts;
  if (at === -1) {
    return statement.conditions.length === 0
      ? `put ${ID} into ${text}, or bound the statement by a condition`
      : `bound the statement by a condition that another tenant's request cannot satisfy: ${Object.keys(keys).join(', ') || 'it asks for no key'} does not tell tenants apart, or its value has no delimiter behind ${ID}`;
  }
  if (/[*?]|\{\{/.test(text.slice(0, at)))
    return `put ${ID} before every wildcard and every other placeholder of ${text}`;
  if (!/^[/:#._=,@+|]/.test(text.slice(at + ID.length)) && at + ID.length < text.length)
    return `put a delimiter such as "/" right behind ${ID} in ${text}: an id can be the beginning of another`;
  return `put what stands before ${ID} in ${text} behind it, or begin it with a character that no tenant id can have: a tenant's id can be the text itself`;
}
