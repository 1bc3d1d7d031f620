import { conditionHolds } from './condition.ts';
import type { RequestContext } from './context.ts';
import type { Miss } from './explanation.ts';
import { type ArnReach, type Glob, matchesArn, matchesGlob } from './match.ts';
import type { Selection, Statement } from './policy.ts';
import { type Asker, principalMatches } from './principals.ts';
import type { PolicyRequest } from './request.ts';
import { resolveTemplate, type Template } from './variables.ts';

/**
 * What keeps a statement from applying to a request: its first element that does not match, or all its conditions that fail.
 * Empty when it applies. Conditions are asked only of a statement that is about the request otherwise, since elsewhere their
 * keys mean nothing; of such a one each is asked, so that an unknown key is found in whatever order they stand.
 */
export function findMisses(
  statement: Statement,
  { action, resource, context }: PolicyRequest,
  asker: Asker | undefined,
): readonly Miss[] {
  const { effect, principals, actions, resources, conditions } = statement;
  const isNamed = (glob: Glob) => matchesGlob(glob, action.toLowerCase());
  if (!selects(actions, (entry) => matches(entry, context, isNamed))) {
    return [{ element: actions.mode === 'only' ? 'Action' : 'NotAction' }];
  }
  if (principals && asker && !principalMatches(principals, asker)) {
    return [{ element: principals.mode === 'only' ? 'Principal' : 'NotPrincipal' }];
  }
  if (resources !== undefined) {
    const reach = reachOf(effect, resources.mode);
    const isMeant = (glob: Glob) => matchesArn(glob, resource, reach);
    if (!selects(resources, (entry) => matches(entry, context, isMeant))) {
      return [{ element: resources.mode === 'only' ? 'Resource' : 'NotResource' }];
    }
  }
  return conditions
    .filter((condition) => !conditionHolds(condition, context))
    .map(({ operator, key }) => {
      const keyIsAbsent = context.look(key).state === 'absent';
      return { element: 'Condition', operator, key, keyIsAbsent };
    });
}

function selects<Entry>({ mode, entries }: Selection<Entry>, listed: (entry: Entry) => boolean): boolean {
  return entries.map(listed).includes(true) === (mode === 'only');
}

function matches(template: Template, context: RequestContext, test: (glob: Glob) => boolean): boolean {
  const glob = resolveTemplate(template, context);
  return glob !== undefined && test(glob);
}

/**
 * IAM's page on Resource lets a `*` that ends a segment "match beyond the colon boundaries"; S3's page on IAM says that a
 * wildcard cannot span segments. Where the two differ we take the reading that grants more: an evaluator that tenants'
 * isolation is judged by must not call denied what AWS might allow.
 */
function reachOf(effect: Statement['effect'], mode: Selection<Template>['mode']): ArnReach {
  const matchingGrants = (effect === 'Allow') === (mode === 'only');
  return matchingGrants ? 'closingStars' : 'finalStar';
}
