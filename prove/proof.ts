import type { PolicyTemplate } from '../functions/core/profile/policy-template.ts';
import type { Profile } from '../functions/core/profile/profile.ts';
import type { Resources } from '../functions/core/profile/resources.ts';
import type { PolicyKind } from '../policy/policy-kind.ts';
import type { Ownership } from './ownership.ts';

/**
 * Of a profile, what a proof reads. Any `Profile` is one.
 */
export interface ProvableProfile extends Pick<Profile, 'name' | 'policyArns' | 'tags' | 'scope'> {
  /**
   * Undefined: STS is asked without a session policy, by whoever holds a token or an assertion; and which tags those carry beside
   * `TenantId` is not known.
   */
  readonly policy: Pick<PolicyTemplate, 'statements'> | undefined;
}

/** The role that the profile's sessions are made from: documents out of JSON, with `${aws:PrincipalTag/…}` in them. */
export interface RolePolicies {
  /** By name. */
  readonly identityPolicies: Readonly<Record<string, unknown>>;
  /** Left out, there is none. */
  readonly boundary?: unknown;
  /** Of the role itself; a session's tags of the same key win. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** What is proved, over what. */
export interface ProveInput {
  readonly profile: ProvableProfile;
  readonly role: RolePolicies;
  readonly ownership: Ownership;
  readonly resources: Resources;
  /** Documents of managed policies by ARN: of those in the profile's `policyArns`. */
  readonly managedPolicies?: Readonly<Record<string, unknown>>;
  /** How many steps the search may take; beyond them, what is left is not decided. */
  readonly stepBudget?: number;
}

/**
 * `own`: reaches nothing but the tenant's own. `shared`: the tenant's own, and what is declared shared. `closed`: the role,
 * its boundary or a Deny leaves nothing of it. These pass. `undeclared`: reaches no other tenant's, but something that
 * nobody owns and nobody declared shared. `crosses`: reaches another tenant's. `not decided`: may or may not.
 */
export type Verdict = 'own' | 'shared' | 'closed' | 'undeclared' | 'crosses' | 'not decided';

/** What is known of one action on one resource pattern of one Allow statement of the session. */
export interface ProofRow {
  /** `session policy`, or the ARN of a managed one; where there is none, the role's own. */
  readonly policy: string;
  /** The Sid, or `Statement[2]`. */
  readonly statement: string;
  /** As written. */
  readonly action: string;
  /** As written, with its placeholders: `arn:aws:s3:::data/{{tenant.id}}/*`. */
  readonly resource: string;
  readonly verdict: Verdict;
  /** Of `shared`: what was declared, each `why`. */
  readonly shared: readonly string[];
  /** Of `not decided`: what could not be. */
  readonly undecided: string | undefined;
  /** Of `crosses` and `undeclared`: a request that the evaluator allows as well. */
  readonly counterexample: Counterexample | undefined;
}

/** A request that should not be allowed and is, confirmed by the evaluator in policy/. */
export interface Counterexample {
  /** Who asks. */
  readonly tenantId: string;
  /** Whose it is; undefined when it is nobody's (`undeclared`). */
  readonly otherTenantId: string | undefined;
  /** What it is, by the `name` in the declaration. */
  readonly reaches: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  readonly scope: Readonly<Record<string, string>>;
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the request; one that is null is absent. The session's own tags are left out. */
  readonly context: Readonly<Record<string, string | readonly string[] | null>>;
  /** One Allow of each kind of policy that had to allow. */
  readonly allowedBy: readonly AllowedBy[];
  readonly cure: string;
}

/** A statement that let the request through. */
export interface AllowedBy {
  readonly kind: PolicyKind;
  readonly policy: string;
  readonly statement: string;
}

/** What was found of a profile. `passed` only if every row is `own`, `shared` or `closed`. */
export interface Proof {
  readonly profile: string;
  readonly passed: boolean;
  readonly rows: readonly ProofRow[];
  /** Why nothing could be decided at all, as a policy that cannot be read; undefined else. `rows` is empty with it. */
  readonly undecided: string | undefined;
  /** Steps that the search took. */
  readonly steps: number;
}
