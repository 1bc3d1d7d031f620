import {
  listed,
  type PolicyConditions,
  type PolicyDocument,
  type PolicyStatement,
} from './policy-document.ts';
import { findBound } from './tenant-bounds.ts';

/**
 * A rendered policy that means the same in fewer characters: names of statements are left out, a list of one is that one,
 * what is said twice is said once, and statements that differ in their actions alone, or in their resources alone, are
 * one. Statements are not joined where the joint one could not be seen to be bounded to the tenant.
 */
export function minifyPolicy(policy: string, tenantId: string): string {
  const { Version, Statement } = JSON.parse(policy) as PolicyDocument;
  const bare = Statement.map(({ Sid: _, ...statement }) => asLists(statement));
  const joined = joinAlike(joinAlike(bare, 'Resource', tenantId), 'Action', tenantId);
  return JSON.stringify({ Version, Statement: joined.map(asShort) });
}

/** A statement whose every element is a list, sorted, without repetitions: equal ones are equal as JSON. */
interface ListedStatement {
  readonly Effect: PolicyStatement['Effect'];
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

function asLists({ Effect, Action, Resource, Condition = {} }: PolicyStatement): ListedStatement {
  return {
    Effect,
    Action: sorted(Action),
    Resource: sorted(Resource),
    Condition: sortedConditions(Condition),
  };
}

function sorted(value: string | readonly string[]): readonly string[] {
  return [...new Set(listed(value))].sort();
}

/** Operators and keys in one order: which it is means nothing to IAM. */
function sortedConditions(conditions: PolicyConditions): ListedStatement['Condition'] {
  const inOrder = <V>(record: Readonly<Record<string, V>>) =>
    Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    inOrder(conditions).map(([operator, keys]) => [
      operator,
      Object.fromEntries(inOrder(keys).map(([key, values]) => [key, sorted(values)])),
    ]),
  );
}

/** Each statement with all that `member` holds in those like it. */
function joinAlike(
  statements: readonly ListedStatement[],
  member: 'Action' | 'Resource',
  tenantId: string,
): readonly ListedStatement[] {
  const groups = Map.groupBy(statements, (statement) => JSON.stringify({ ...statement, [member]: [] }));
  return [...groups.values()].flatMap((alike) => {
    const joint = {
      ...(alike[0] as ListedStatement),
      [member]: sorted(alike.flatMap((each) => each[member])),
    };
    return joint.Effect === 'Deny' || findBound(joint, tenantId) !== undefined ? [joint] : alike;
  });
}

function asShort({ Effect, Action, Resource, Condition }: ListedStatement): PolicyStatement {
  const statement = { Effect, Action: short(Action), Resource: short(Resource) };
  if (Object.keys(Condition).length === 0) return statement;
  const shortened = Object.entries(Condition).map(([operator, keys]) => [
    operator,
    Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, short(values)])),
  ]);
  return { ...statement, Condition: Object.fromEntries(shortened) };
}

function short(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? (values[0] as string) : values;
}
