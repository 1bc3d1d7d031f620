import type { Comparison, Condition } from '../policy/condition.ts';
import { Undecided } from './undecided.ts';

/** How a key can stand in a request. `empty`: there, with nothing but the empty string, which IAM takes for null. */
export type Presence = 'absent' | 'empty' | 'present';

/** What conditions ask of the values of a key that is there, presence and set operators taken apart. */
export interface KeyQuestion {
  /** Of every value. */
  readonly each: readonly ValueTest[];
  /** Of a key with several values: for each of these, of some value. */
  readonly some: readonly ValueTest[];
}

/** A comparison that one value must satisfy, or must not. */
export interface ValueTest {
  readonly condition: Condition & { readonly comparison: Exclude<Comparison, { readonly family: 'null' }> };
  readonly wanted: boolean;
}

/** Keys that AWS documents with several values; of others, a set operator in front tells. */
const MULTIVALUED =
  /^(?:dynamodb:(?:leadingkeys|attributes)|aws:(?:tagkeys|calledvia|principalorgpaths|resourceorgpaths|sourceorgpaths|principalservicenameslist)|sts:transitivetagkeys|kms:encryptioncontextkeys)$/;
const SINGLE =
  /^(?:s3:prefix|(?:[a-z0-9-]+:(?:existingobject|resource|request|principal)tag\/.+)|kms:encryptioncontext:.+)$/;

/** Whether a key can have several values; `isQualified`: somewhere a set operator stands in front of it. */
export function isMultivalued(key: string, isQualified: boolean): boolean {
  return MULTIVALUED.test(key) || (isQualified && !SINGLE.test(key));
}

/**
 * What the conditions on one key ask of its values when it stands so; undefined when they cannot all be as wanted. The rules
 * are those of `conditionHolds`. Throws `Undecided` for a comparison without a set operator on a key with several values.
 */
export function questionOf(
  conditions: readonly { readonly condition: Condition; readonly wanted: boolean }[],
  presence: Presence,
  multivalued: boolean,
): KeyQuestion | undefined {
  const each: ValueTest[] = [];
  const some: ValueTest[] = [];
  for (const { condition, wanted } of conditions) {
    const truth = truthOf(condition, presence);
    if (truth !== undefined) {
      if (truth !== wanted) return undefined;
      continue;
    }
    const { comparison, qualifier, operator, key } = condition;
    if (comparison.family === 'null') continue;
    if (multivalued && qualifier === undefined) {
      throw new Undecided(
        `${operator} on ${key}, which can have several values: put ForAllValues: before it, with Null: {"${key}": "false"}; or, if the key has one value, take the set operator away from it everywhere`,
      );
    }
    const isOfEach = !multivalued || (qualifier === 'ForAllValues') === wanted;
    (isOfEach ? each : some).push({ condition: { ...condition, comparison }, wanted });
  }
  return { each, some };
}

/** Whether a condition holds by the key's presence alone; undefined when its values decide. */
function truthOf({ comparison, qualifier, ifExists, negated }: Condition, presence: Presence) {
  if (comparison.family === 'null') return comparison.values.includes(presence !== 'present');
  if (presence === 'absent' && ifExists) return true;
  if (presence !== 'present' && qualifier !== undefined) return qualifier === 'ForAllValues';
  return presence === 'absent' ? negated : undefined;
}
