import type { Condition } from './condition.ts';
import type { PrincipalEntry } from './principals.ts';
import type { Template } from './variables.ts';

/**
 * A policy document, parsed: every element known, every list a list, every operator resolved. `parsePolicy` (in
 * parse-policy.ts) is the only way to one, so whoever holds a `Policy` never checks its shape again.
 */
export interface Policy {
  /** What an explanation calls it: a policy's ARN, a role's name, `session policy`. */
  readonly name: string;
  readonly version: PolicyVersion;
  readonly statements: readonly Statement[];
}

/** Policy variables exist in 2012-10-17 only; in the older language they are literal text. */
export type PolicyVersion = '2012-10-17' | '2008-10-17';

/** One statement of a policy; it applies when each of its elements does. */
export interface Statement {
  /** The Sid, or the statement's place: `Statement[2]`. */
  readonly label: string;
  /** Its place among the policy's statements, from 0. */
  readonly index: number;
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  /** Undefined in identity-based and session policies; `allExcept` only in a Deny. */
  readonly principals: Selection<PrincipalEntry> | undefined;
  /** In lower case: action names compare without case. */
  readonly actions: Selection<Template>;
  /** Undefined in trust policies, whose resource is the role that they hang on. */
  readonly resources: Selection<Template> | undefined;
  readonly conditions: readonly Condition[];
}

/** An element or its Not form: `Action` selects only its entries, `NotAction` all except them. */
export interface Selection<Entry> {
  readonly mode: 'only' | 'allExcept';
  readonly entries: readonly Entry[];
}
