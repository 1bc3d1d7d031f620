import { PolicyError, UnknownConditionKey } from './policy-error.ts';

/** What a request says about one condition key. */
export type KeyState =
  | { readonly state: 'absent' }
  | { readonly state: 'single'; readonly value: string }
  | { readonly state: 'multiple'; readonly values: readonly string[] };

/**
 * The condition keys of one request. Names compare without case
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html).
 */
export interface RequestContext {
  /** Throws UnknownConditionKey for a key whose presence whoever made the context has not spoken about. */
  readonly look: (key: string) => KeyState;
}

export interface ContextFacts {
  /** A string for a single-valued key, a list for a multivalued one; undefined or an empty list says that the key is absent. */
  readonly values: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Families of keys that are absent unless `values` has them, as `aws:PrincipalTag/*`, and single absent keys. */
  readonly absent?: readonly string[];
}

const ABSENT: KeyState = { state: 'absent' };

/** Makes a context that answers for exactly the keys in `values` and `absent`; a key given twice is a PolicyError. */
export function createContext({ values, absent = [] }: ContextFacts): RequestContext {
  const states = new Map<string, KeyState>();
  const state = (key: string, value: KeyState) => {
    if (states.has(key.toLowerCase())) {
      throw new PolicyError({
        what: 'request context',
        got: key,
        expected: 'each condition key once, case ignored',
      });
    }
    states.set(key.toLowerCase(), value);
  };
  for (const [key, value] of Object.entries(values)) state(key, keyState(value));
  for (const key of absent.filter((entry) => !isFamily(entry))) state(key, ABSENT);
  const families = absent.filter(isFamily).map((family) => family.slice(0, -1).toLowerCase());

  return {
    look(key) {
      const name = key.toLowerCase();
      const known = states.get(name);
      if (known !== undefined) return known;
      if (families.some((family) => name.startsWith(family))) return ABSENT;
      throw new UnknownConditionKey(key);
    },
  };
}

function isFamily(key: string): boolean {
  return key.endsWith('/*');
}

function keyState(value: string | readonly string[] | undefined): KeyState {
  if (value === undefined) return ABSENT;
  if (typeof value === 'string') return { state: 'single', value };
  return value.length === 0 ? ABSENT : { state: 'multiple', values: [...value] };
}
