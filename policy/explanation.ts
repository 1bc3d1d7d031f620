import type { PolicyKind } from './policy-kind.ts';

/** Which policy, of those that bear on a request, something is said about. */
export interface PolicyPlace {
  readonly kind: PolicyKind;
  /** Steps below the organisation's root, which is 0; for service and resource control policies only. */
  readonly level?: number;
}

/** A statement where it stands. */
export interface StatementReference extends PolicyPlace {
  /** The policy's name. */
  readonly policy: string;
  /** Counted from 0, in the policy's document. */
  readonly index: number;
  readonly sid: string | undefined;
}

/** An element of a statement that keeps the statement from applying. It holds no value of the request, which may be secret. */
export type Miss =
  | { readonly element: `${'' | 'Not'}${'Action' | 'Principal' | 'Resource'}` }
  | {
      readonly element: 'Condition';
      readonly operator: string;
      readonly key: string;
      readonly keyIsAbsent: boolean;
    };

/** A kind of policy that would have to allow and does not. */
export interface MissingAllow extends PolicyPlace {
  /** The Allow that comes closest, of those that are about the action, and all that keeps it from applying. */
  readonly nearest: { readonly statement: StatementReference; readonly misses: readonly Miss[] } | undefined;
}

/**
 * What policies say to a request, and why. `by` is, for an allowed request, one statement from each kind of policy that had to
 * allow; for an explicit denial every Deny that applies. `missing` is every kind of policy that had to allow and did not.
 */
export type Explanation =
  | {
      readonly effect: 'allowed' | 'explicitlyDenied';
      readonly by: readonly [StatementReference, ...StatementReference[]];
    }
  | { readonly effect: 'implicitlyDenied'; readonly missing: readonly [MissingAllow, ...MissingAllow[]] };

const KIND_NAMES: Readonly<Record<PolicyKind, string>> = {
  serviceControl: 'service control policy',
  resourceControl: 'resource control policy',
  resource: 'resource-based policy',
  identity: 'identity-based policy',
  boundary: 'permissions boundary',
  session: 'session policy',
};

/** Renders an explanation as one sentence, lower case and without a full stop. */
export function renderExplanation(explanation: Explanation): string {
  if (explanation.effect === 'implicitlyDenied') {
    return `implicitly denied: ${explanation.missing.map(renderMissing).join(', and ')}`;
  }
  const by = explanation.by.map((reference) => `${renderReference(reference)} (${renderPlace(reference)})`);
  return `${explanation.effect === 'allowed' ? 'allowed' : 'explicitly denied'} by ${by.join(' and ')}`;
}

function renderMissing({ nearest, ...place }: MissingAllow): string {
  const denial = `no ${renderPlace(place)} allows it`;
  if (nearest === undefined) return denial;
  const misses = nearest.misses.map(renderMiss).join(' and ');
  return `${denial} (nearest is ${renderReference(nearest.statement)}, but for its ${misses})`;
}

function renderPlace({ kind, level }: PolicyPlace): string {
  return level === undefined ? KIND_NAMES[kind] : `${KIND_NAMES[kind]} at level ${level}`;
}

function renderReference({ policy, index, sid }: StatementReference): string {
  return `${sid ?? `Statement[${index}]`} of ${policy}`;
}

function renderMiss(miss: Miss): string {
  if (miss.element !== 'Condition') return miss.element;
  return `${miss.operator} on ${miss.key}${miss.keyIsAbsent ? ', which is absent' : ''}`;
}
