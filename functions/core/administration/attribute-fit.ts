import { type Fault, VendingError } from '../errors.ts';
import { renderTags } from '../grant/session-tags.ts';
import { escapeForIam } from '../profile/policy-template.ts';
import type { Profile } from '../profile/profile.ts';
import { type PlaceholderValues, TENANT_ID_PLACEHOLDER, type Template } from '../profile/template.ts';
import type { Tenant } from '../tenant/tenant.ts';

const PREFIX = 'tenant.attributes.';

/** What is wrong with the tenant's attributes for a profile: those that it inserts and the tenant lacks, or that cannot stand where it inserts them. */
export function attributeFaults(
  { tenantId, attributes }: Pick<Tenant, 'tenantId' | 'attributes'>,
  { name, policy, tags }: Pick<Profile, 'name' | 'policy' | 'tags'>,
): readonly Fault[] {
  const values = new Map<string, string>([[TENANT_ID_PLACEHOLDER, tenantId]]);
  for (const [attribute, value] of Object.entries(attributes)) values.set(PREFIX + attribute, value);
  const texts = policy.statements.flatMap(({ resources, conditions }) => [
    ...resources,
    ...conditions.flatMap((condition) => condition.values),
  ]);
  const messages = new Map<string, string>();
  for (const attribute of attributesIn([...texts, ...tags.values()]))
    if (!values.has(attribute))
      messages.set(attribute, `got none, expected a value: profile ${name} inserts it`);
  for (const attribute of attributesIn(texts))
    if (!isInsertable(values.get(attribute) ?? ''))
      messages.set(attribute, `got a character that the policy of profile ${name} cannot hold`);
  for (const [key, template] of tags) {
    const inserted = attributesIn([template]);
    if (!inserted.every((attribute) => values.has(attribute)) || isTag(key, template, values)) continue;
    for (const attribute of inserted)
      messages.set(attribute, `got a value that session tag ${key} of profile ${name} cannot hold`);
  }
  return [...messages].map(([attribute, message]) => ({
    path: ['attributes', attribute.slice(PREFIX.length)],
    message,
  }));
}

/** The placeholders of attributes in the texts, each once. */
function attributesIn(texts: readonly Template[]): readonly string[] {
  const names = texts.flat().flatMap((piece) => (typeof piece === 'string' ? [] : piece.placeholder));
  return [...new Set(names)].filter((name) => name.startsWith(PREFIX));
}

function isInsertable(value: string): boolean {
  return succeeds(() => escapeForIam(value));
}

function isTag(key: string, template: Template, values: PlaceholderValues): boolean {
  return succeeds(() => renderTags(new Map([[key, template]]), values));
}

function succeeds(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof VendingError) return false;
    throw error;
  }
}
