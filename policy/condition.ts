import type { KeyState, RequestContext } from './context.ts';
import { matchesArn, matchesGlob } from './match.ts';
import { type Network, parseAddress, within } from './network.ts';
import { parseBytes, parseFlag, parseInstant, parseNumber } from './operand.ts';
import { PolicyError } from './policy-error.ts';
import { resolveTemplate, type Template } from './variables.ts';

/** One operator on one key, as `"ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["acme#*"] }`. */
export interface Condition {
  /** The operator as written, for explanations. */
  readonly operator: string;
  readonly qualifier: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly ifExists: boolean;
  readonly negated: boolean;
  readonly key: string;
  readonly comparison: Comparison;
}

/** How values compare, negation and presence aside. Several values mean: any of them. */
export type Comparison =
  | { readonly family: 'string'; readonly relation: StringRelation; readonly values: readonly Template[] }
  | { readonly family: 'arn'; readonly values: readonly Template[] }
  | { readonly family: 'numeric' | 'date'; readonly relation: Order; readonly values: readonly number[] }
  | { readonly family: 'boolean' | 'null'; readonly values: readonly boolean[] }
  | { readonly family: 'binary'; readonly values: readonly string[] }
  | { readonly family: 'ip'; readonly values: readonly Network[] };

export type StringRelation = 'equals' | 'equalsIgnoreCase' | 'like';
export type Order = 'equals' | 'lessThan' | 'lessThanEquals' | 'greaterThan' | 'greaterThanEquals';

/**
 * Whether a condition is true of a request. Presence, negation and set operators as in
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html.
 * Throws UnknownConditionKey, and PolicyError for a request value that the operator cannot read.
 */
export function conditionHolds(condition: Condition, context: RequestContext): boolean {
  const { qualifier, ifExists, negated, key, comparison } = condition;
  const found = context.look(key);
  if (comparison.family === 'null') return comparison.values.includes(isNull(found));
  if (found.state === 'absent' && ifExists) return true;
  const holds = (value: string) => matches(comparison, value, context) !== negated;

  if (qualifier === 'ForAllValues') return isNull(found) || !valuesOf(found).map(holds).includes(false);
  if (qualifier === 'ForAnyValue') return !isNull(found) && valuesOf(found).map(holds).includes(true);
  // A key that is not there is not equal to anything, which is just what a negated operator asks for.
  if (found.state === 'absent') return negated;
  if (found.state === 'single') return holds(found.value);
  throw new PolicyError({
    what: condition.operator,
    got: key,
    expected: 'ForAllValues or ForAnyValue before it: the key is multivalued',
  });
}

/** AWS takes a key whose values are empty strings for a null one ("null data set", page on multivalued keys). */
function isNull(found: KeyState): boolean {
  return valuesOf(found).every((value) => value === '');
}

function valuesOf(found: KeyState): readonly string[] {
  if (found.state === 'absent') return [];
  return found.state === 'single' ? [found.value] : found.values;
}

function matches(comparison: Comparison, value: string, context: RequestContext): boolean {
  switch (comparison.family) {
    case 'string':
      return anyOf(comparison.values, (template) =>
        matchesString(comparison.relation, template, value, context),
      );
    case 'arn':
      return anyOf(comparison.values, (template) => {
        const glob = resolveTemplate(template, context);
        return glob !== undefined && matchesArn(glob, value, 'segments');
      });
    case 'numeric':
      return anyOf(comparison.values, (bound) =>
        inOrder(comparison.relation, parseNumber(value, 'request value'), bound),
      );
    case 'date':
      return anyOf(comparison.values, (bound) =>
        inOrder(comparison.relation, parseInstant(value, 'request value'), bound),
      );
    case 'boolean':
      return comparison.values.includes(parseFlag(value, 'request value'));
    case 'binary':
      return comparison.values.includes(parseBytes(value, 'request value'));
    case 'ip':
      return anyOf(comparison.values, (network) => within(network, parseAddress(value, 'request value')));
    case 'null':
      return false;
  }
}

/** As `some`, but asks every value: an unknown key in a later variable must be found though an earlier value matches. */
function anyOf<Value>(values: readonly Value[], test: (value: Value) => boolean): boolean {
  return values.map(test).includes(true);
}

function matchesString(
  relation: StringRelation,
  template: Template,
  value: string,
  context: RequestContext,
): boolean {
  const glob = resolveTemplate(template, context);
  if (glob === undefined) return false;
  if (relation === 'like') return matchesGlob(glob, value);
  // Parsed without wildcards, so all of it is literal.
  const text = glob.map((piece) => (piece.kind === 'literal' ? piece.text : '')).join('');
  return relation === 'equals' ? text === value : foldCase(text) === foldCase(value);
}

/** How AWS folds the case of other letters (`ß`, `İ`, the Kelvin sign) is not documented. */
function foldCase(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text.toLowerCase();
  throw new PolicyError({ what: 'a comparison that ignores case', got: text, expected: 'ASCII' });
}

function inOrder(relation: Order, value: number, bound: number): boolean {
  switch (relation) {
    case 'equals':
      return value === bound;
    case 'lessThan':
      return value < bound;
    case 'lessThanEquals':
      return value <= bound;
    case 'greaterThan':
      return value > bound;
    case 'greaterThanEquals':
      return value >= bound;
  }
}
