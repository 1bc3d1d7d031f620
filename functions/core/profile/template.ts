import { ConfigurationError, VendingError } from '../errors.ts';

/** A text with placeholders, taken apart: `{{tenant.id}}/reports/*` is a placeholder and a literal. */
export type Template = readonly (string | Placeholder)[];

/** `{{tenant.id}}`, `{{tenant.attributes.plan}}`, `{{scope.folder}}`, `{{resources.tenantBucketArn}}`. */
export interface Placeholder {
  readonly placeholder: string;
}

/** Values by the placeholder's full name. */
export type PlaceholderValues = ReadonlyMap<string, string>;

/** The placeholder that a tenant's id stands for; policies are bounded by it. */
export const TENANT_ID_PLACEHOLDER = 'tenant.id';

const PLACEHOLDER = /\{\{([a-zA-Z0-9.-]+)\}\}/;

/**
 * Takes a text apart. Throws `ConfigurationError` for braces that are no placeholder, and for IAM's own `${…}`
 * variables (the escapes `${*}`, `${?}`, `${$}` apart): two ways to insert a value would be one too many to check.
 */
export function parseTemplate(text: string, isKnown: (placeholder: string) => boolean): Template {
  // Splitting at a group gives literals at even and placeholder names at odd places.
  const pieces = text.split(new RegExp(PLACEHOLDER, 'g'));
  return pieces
    .map((piece, index) =>
      index % 2 === 0 ? literal(piece, text, index < pieces.length - 1) : known(piece, isKnown),
    )
    .filter((piece) => piece !== '');
}

/**
 * The text with its values in place, each passed through `insert` (which escapes or refuses). Throws
 * `policy_unrenderable` when the tenant lacks an attribute.
 */
export function renderTemplate(
  template: Template,
  values: PlaceholderValues,
  insert: (value: string) => string,
): string {
  let text = '';
  for (const piece of template) text += typeof piece === 'string' ? piece : insert(valueFor(piece, values));
  return text;
}

/**
 * A template in which the placeholders that `values` knows have become literals; the others stay. A literal is not
 * escaped: this is for what the deployment itself provides, such as ARNs.
 */
export function resolvePlaceholders(text: string, values: PlaceholderValues): string {
  return text.replaceAll(new RegExp(PLACEHOLDER, 'g'), (whole, name: string) => values.get(name) ?? whole);
}

function literal(piece: string, text: string, precedesValue: boolean): string {
  const expected = `expected placeholders such as {{${TENANT_ID_PLACEHOLDER}}}`;
  if (piece.includes('{{') || piece.includes('}}')) {
    throw new ConfigurationError(`got stray braces in ${JSON.stringify(text)}, ${expected}`);
  }
  const unescaped = piece.replaceAll(/\$\{[*?$]\}/g, '');
  // A `$` before a value would make a variable of a value that begins with a brace.
  if (unescaped.includes('${') || (precedesValue && unescaped.endsWith('$'))) {
    throw new ConfigurationError(`got an IAM variable in ${JSON.stringify(text)}, ${expected}`);
  }
  return piece;
}

function known(placeholder: string, isKnown: (placeholder: string) => boolean): Placeholder {
  if (isKnown(placeholder)) return { placeholder };
  throw new ConfigurationError(`got unknown placeholder {{${placeholder}}}`);
}

function valueFor({ placeholder }: Placeholder, values: PlaceholderValues): string {
  const value = values.get(placeholder);
  if (value !== undefined) return value;
  // Only an attribute can be missing: the others were known when the template was parsed.
  throw new VendingError('policy_unrenderable', {
    cause: `the tenant has no value for {{${placeholder}}}`,
  });
}
