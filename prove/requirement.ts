import type { Condition } from '../policy/condition.ts';
import type { ArnReach } from '../policy/match.ts';
import type { Selection, Statement } from '../policy/policy.ts';
import type { Template } from '../policy/variables.ts';

/** One thing that a request must satisfy, or must not. */
export type Requirement =
  | { readonly on: 'action'; readonly selection: Selection<Template>; readonly wanted: boolean }
  | {
      readonly on: 'resource';
      readonly selection: Selection<Template>;
      readonly reach: ArnReach;
      readonly wanted: boolean;
    }
  | { readonly on: 'key'; readonly condition: Condition; readonly wanted: boolean };

/** What makes a statement apply: all of these. */
export function requirementsOf({
  effect,
  actions,
  resources,
  conditions,
}: Statement): readonly Requirement[] {
  return [
    { on: 'action', selection: actions, wanted: true },
    ...(resources === undefined
      ? []
      : [
          {
            on: 'resource',
            selection: resources,
            reach: reachOf(effect, resources.mode),
            wanted: true,
          } as const,
        ]),
    ...conditions.map((condition) => ({ on: 'key', condition, wanted: true }) as const),
  ];
}

/** What keeps a statement from applying: any of these. */
export function escapesOf(statement: Statement): readonly Requirement[] {
  return requirementsOf(statement).map((requirement) => ({ ...requirement, wanted: false }));
}

/** As the evaluator reads a Resource (policy/statement-match.ts). */
function reachOf(effect: Statement['effect'], mode: Selection<Template>['mode']): ArnReach {
  return (effect === 'Allow') === (mode === 'only') ? 'closingStars' : 'finalStar';
}
