/**
 * A policy document, parsed: every element known, every list a list, every operator resolved. `parsePolicy` (in
 * parse-policy.ts) is the only way to one, so whoever holds a `Policy` never checks its shape again.
 */
export interface Policy {
  /** What an explanation calls it: a policy's ARN, a role's name, `session policy`. */
  readonly name: string;
  readonly version: '2012-10-17' | '2008-10-17';
  readonly statements: readonly Statement[];
}
export interface Statement {
  readonly placeholder: never;
}
