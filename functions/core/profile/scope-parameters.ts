import { ConfigurationError, VendingError } from '../errors.ts';
import { listed, type PolicyDocument } from './policy-document.ts';
import { parseScopePattern } from './scope-pattern.ts';
import { TENANT_ID_PLACEHOLDER } from './template.ts';

/** A parameter of a profile that a request may set to get less than the profile gives: one folder, one project. */
export interface ScopeParameter {
  readonly description: string;
  /** Compared with the whole value. */
  readonly pattern: RegExp;
  /** Left out, it stands for everything that any value could give. */
  readonly optional: boolean;
  /** A value that a request could give: verifications vend with it. */
  readonly example?: string | undefined;
}

/** Scope parameters by name, as a profile declares them. */
export type ScopeParameters = ReadonlyMap<string, ScopeParameter>;

/** Longer values would only fill the 2048 characters of a policy. */
const VALUE_MAX_LENGTH = 256;

/**
 * The parameters in their written form; throws `ConfigurationError` for a pattern that is no regular expression, and for an example
 * that no request could give.
 */
export function parseScopeParameters(
  written: Readonly<Record<string, Omit<ScopeParameter, 'pattern'> & { readonly pattern: string }>>,
): ScopeParameters {
  return new Map(
    Object.entries(written).map(([name, parameter]) => {
      const pattern = parseScopePattern(name, parameter.pattern);
      assertExample(name, parameter.example, pattern);
      return [name, { ...parameter, pattern }];
    }),
  );
}

/** Whether a request may give the value for a parameter of the pattern. */
export function isScopeValue(value: string, pattern: RegExp): boolean {
  return value.length <= VALUE_MAX_LENGTH && isPlain(value) && pattern.test(value);
}

/** Text operators that are true of fewer requests the more is asked for; behind a negated one, a value would widen. */
const NARROWING_OPERATOR = /^(?:ForAllValues:)?String(?:Equals|Like)$/;

/**
 * The caller chooses scope values, so they may stand only where any choice opens less than no choice: behind the
 * tenant's id, in an Allow, in no negated condition, and an optional one right before a `*`. Throws
 * `ConfigurationError` with the cure.
 */
export function assertScopeNarrows({ Statement }: PolicyDocument, parameters: ScopeParameters): void {
  for (const { Effect, Resource, Condition = {} } of Statement) {
    for (const text of listed(Resource)) assertNarrows(text, Effect === 'Allow', parameters);
    for (const [operator, keys] of Object.entries(Condition)) {
      const narrows = Effect === 'Allow' && NARROWING_OPERATOR.test(operator);
      for (const text of Object.values(keys).flatMap(listed)) assertNarrows(text, narrows, parameters);
    }
  }
}

/**
 * The values that a request gives for a profile's parameters, by name; an optional one that is left out is empty.
 * Throws `scope_invalid` naming the parameter, never its value.
 */
export function readScope(
  parameters: ScopeParameters,
  requested: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  if (Object.keys(requested).some((name) => !parameters.has(name))) {
    throw refusal(
      `scope holds a parameter that the profile does not have; it has: ${[...parameters.keys()].join(', ') || 'none'}`,
    );
  }
  return new Map([...parameters].map(([name, parameter]) => [name, readValue(name, parameter, requested)]));
}

function assertExample(name: string, example: string | undefined, pattern: RegExp): void {
  if (example === undefined || isScopeValue(example, pattern)) return;
  throw new ConfigurationError(
    `scope ${name}: example: got ${JSON.stringify(example)}, expected a value of the pattern that a request may give`,
  );
}

function assertNarrows(text: string, mayHold: boolean, parameters: ScopeParameters): void {
  const at = text.indexOf('{{scope.');
  if (at === -1) return;
  if (!mayHold || !text.slice(0, at).includes(`{{${TENANT_ID_PLACEHOLDER}}}`)) {
    throw new ConfigurationError(
      `got a scope parameter in ${JSON.stringify(text)}, expected it behind {{tenant.id}}, in an Allow, and in no negated condition`,
    );
  }
  assertOptionalBeforeWildcard(text, parameters);
}

function assertOptionalBeforeWildcard(text: string, parameters: ScopeParameters): void {
  for (const [, name = '', next = ''] of text.matchAll(/\{\{scope\.([^}]*)\}\}(.?)/g)) {
    if (!parameters.get(name)?.optional || next === '*') continue;
    throw new ConfigurationError(
      `got optional {{scope.${name}}} in ${JSON.stringify(text)}, expected "*" right behind it, so that giving it opens less than leaving it out`,
    );
  }
}

function readValue(
  name: string,
  { pattern, optional }: ScopeParameter,
  requested: Readonly<Record<string, string>>,
): string {
  // Object.hasOwn: a parameter called `constructor` must not be found on Object.prototype.
  const value = Object.hasOwn(requested, name) ? requested[name] : undefined;
  if (value === undefined) {
    if (optional) return '';
    throw refusal(`scope parameter ${name} is required`);
  }
  if (!isScopeValue(value, pattern)) {
    throw refusal(`scope parameter ${name} does not have the form that the profile asks for`);
  }
  return value;
}

/**
 * Printable ASCII without what could mean more than it says to one who reads it later: escapes (`%2f`), backslashes,
 * path segments that are empty or dots. A profile's pattern narrows this further and cannot widen it.
 */
function isPlain(value: string): boolean {
  const segments = value.replace(/\/$/, '').split('/');
  return (
    /^[ -~]+$/.test(value) && !/[%\\]/.test(value) && !segments.some((segment) => /^\.{0,2}$/.test(segment))
  );
}

function refusal(detail: string): VendingError {
  return new VendingError('scope_invalid', { detail });
}
