import type { RequestContext } from './context.ts';
import type { Glob, GlobPiece } from './match.ts';
import { PolicyError } from './policy-error.ts';

/** A policy variable, `${aws:PrincipalTag/TenantId}` or `${aws:PrincipalTag/team, 'everyone'}`. */
export interface Variable {
  readonly kind: 'variable';
  readonly key: string;
  /** What stands in for a key without a value. */
  readonly fallback: string | undefined;
}

/** A string of a policy as written: literal text, wildcards and variables. */
export type Template = readonly (GlobPiece | Variable)[];

interface TemplateGrammar {
  readonly variables: boolean;
  readonly wildcards: boolean;
  /** Where the string stands, for errors. */
  readonly where: string;
}

const ESCAPED = new Set(['*', '?', '$']);

/**
 * Reads one string of a policy. Throws a PolicyError on a variable that is not closed or not of a documented form
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
 */
export function parseTemplate(text: string, { variables, wildcards, where }: TemplateGrammar): Template {
  const pieces = text.split(variables ? /(\$\{[^}]*\}|[*?])/ : /([*?])/);
  return pieces
    .filter((piece) => piece !== '')
    .map((piece) => {
      if (piece === '*' && wildcards) return { kind: 'any' };
      if (piece === '?' && wildcards) return { kind: 'one' };
      if (!variables || !piece.includes('${')) return { kind: 'literal', text: piece };
      return parseVariable(piece, where);
    });
}

function parseVariable(piece: string, where: string): Template[number] {
  const inside = /^\$\{(.*)\}$/s.exec(piece)?.[1];
  if (inside !== undefined && ESCAPED.has(inside)) return { kind: 'literal', text: inside };
  // A default is literal text: AWS does not say what a wildcard or a variable in it would mean, so neither may stand there.
  const parts = /^(?<key>[^,'${*?]+:[^,'${*?]+)(?:, '(?<fallback>[^'$*?]*)')?$/u.exec(inside ?? '')?.groups;
  if (parts?.['key'] === undefined) {
    throw new PolicyError({
      what: where,
      got: piece,
      expected: 'a policy variable in a form that IAM documents',
    });
  }
  return { kind: 'variable', key: parts['key'], fallback: parts['fallback'] };
}

/**
 * Puts the request's values in the place of variables. What is put in is literal: a `*` in a tag's value is a star, never a
 * wildcard. Undefined when a variable has neither value nor default: such a string matches nothing ("Policy variables with
 * no value", same page). An empty value is no value there. A multivalued key cannot be a variable: PolicyError.
 */
export function resolveTemplate(template: Template, context: RequestContext): Glob | undefined {
  const resolved = template.map((piece) => (piece.kind === 'variable' ? substitute(piece, context) : piece));
  return resolved.every((piece) => piece !== undefined) ? resolved : undefined;
}

function substitute({ key, fallback }: Variable, context: RequestContext): GlobPiece | undefined {
  const found = context.look(key);
  if (found.state === 'multiple') {
    throw new PolicyError({ what: 'policy variable', got: key, expected: 'a single-valued condition key' });
  }
  const text = found.state === 'single' && found.value !== '' ? found.value : fallback;
  return text === undefined ? undefined : { kind: 'literal', text };
}
