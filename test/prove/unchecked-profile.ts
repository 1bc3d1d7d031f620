import { listed } from '../../functions/core/profile/policy-document.ts';
import type { ProfileDefinition } from '../../functions/core/profile/profile-definition.ts';
import { type Resources, resolveResources } from '../../functions/core/profile/resources.ts';
import { parseScopeParameters } from '../../functions/core/profile/scope-parameters.ts';
import type { Template } from '../../functions/core/profile/template.ts';
import type { ProvableProfile } from '../../prove/proof.ts';

/**
 * The profile in a definition without the checks of `parseProfile` that look for what would cross: a proof must find by
 * itself what those refuse.
 */
export function readUnchecked(definition: ProfileDefinition, resources: Resources): ProvableProfile {
  const { name, policy, policyArns = [], tags = {}, scope = {} } = withResources(definition, resources);
  const statements = policy.Statement.map(({ Resource, Condition = {}, ...fixed }) => ({
    fixed,
    resources: listed(Resource).map(template),
    conditions: Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => ({ operator, key, values: listed(values).map(template) })),
    ),
  }));
  return {
    name,
    policy: { statements },
    policyArns: policyArns.map(({ arn }) => arn),
    tags: new Map(Object.entries(tags).map(([key, text]) => [key, template(text)])),
    scope: parseScopeParameters(
      Object.fromEntries(
        Object.entries(scope).map(([key, { optional = false, ...rest }]) => [key, { optional, ...rest }]),
      ),
    ),
  };
}

/** As `parseTemplate`, and IAM's own variables may stand in it: then they are IAM's to fill. */
function template(text: string): Template {
  return text
    .split(/\{\{([a-zA-Z0-9.-]+)\}\}/)
    .map((piece, index) => (index % 2 === 0 ? piece : { placeholder: piece }))
    .filter((piece) => piece !== '');
}

function withResources(definition: ProfileDefinition, resources: Resources): ProfileDefinition {
  return JSON.parse(JSON.stringify(definition), (_key, value) =>
    typeof value === 'string' ? resolveResources(value, resources) : value,
  );
}
