import { ConfigurationError, VendingError } from '../errors.ts';
import { TENANT_ID_MAX_LENGTH } from '../tenant-id.ts';
import { listed, type PolicyDocument, type PolicyStatement } from './policy-document.ts';
import {
  type PlaceholderValues,
  parseTemplate,
  renderTemplate,
  TENANT_ID_PLACEHOLDER,
  type Template,
} from './template.ts';
import { type Bound, findBound } from './tenant-bounds.ts';

/** A session policy with its placeholders taken apart. Made once by `parsePolicyTemplate`, rendered for every vend. */
export interface PolicyTemplate {
  readonly statements: readonly StatementTemplate[];
  /** What bounds the Allow statements to the tenant. */
  readonly bounds: readonly Bound[];
}

interface StatementTemplate {
  /** Everything that holds no placeholder: Sid, Effect, Action. */
  readonly fixed: Pick<PolicyStatement, 'Sid' | 'Effect' | 'Action'>;
  readonly resources: readonly Template[];
  readonly conditions: readonly ConditionTemplate[];
}

interface ConditionTemplate {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly Template[];
}

/** Operators whose values IAM searches for `${…}`; in any other, an escaped value would be taken literally. */
const TEXT_OPERATOR = /^(?:ForAllValues:|ForAnyValue:)?(?:String|Arn)\w+$/;

/**
 * A document's template. Throws `ConfigurationError` naming the statement and the cure for an unknown placeholder and
 * for an Allow statement that is not bounded to the tenant.
 */
export function parsePolicyTemplate(
  document: PolicyDocument,
  isKnown: (placeholder: string) => boolean,
): PolicyTemplate {
  if (!document.Statement.some(({ Effect }) => Effect === 'Allow')) {
    throw new ConfigurationError(
      'policy: got no Allow statement, expected at least one; without one nothing can be opened',
    );
  }
  const parsed = document.Statement.map((statement, index) => {
    try {
      return { template: parseStatement(statement, isKnown), bound: requireBound(statement) };
    } catch (cause) {
      if (!(cause instanceof ConfigurationError)) throw cause;
      throw new ConfigurationError(`statement ${statement.Sid ?? index + 1}: ${cause.message}`, { cause });
    }
  });
  return {
    statements: parsed.map(({ template }) => template),
    bounds: parsed.flatMap(({ bound }) => bound ?? []),
  };
}

/** STS takes 2048 characters of inline session policy and managed policy ARNs together. */
export const POLICY_MAX_CHARACTERS = 2048;

/** The least characters that the policy takes for a tenant with the longest id: attributes and scope may add to it. */
export function leastCharacters(template: PolicyTemplate): number {
  const longestId = 'x'.repeat(TENANT_ID_MAX_LENGTH);
  const texts = template.statements.flatMap(({ resources, conditions }) => [
    ...resources,
    ...conditions.flatMap(({ values }) => values),
  ]);
  const placeholders = texts.flat().filter((piece) => typeof piece !== 'string');
  const values = new Map(
    placeholders.map(({ placeholder }) => [
      placeholder,
      placeholder === TENANT_ID_PLACEHOLDER ? longestId : '',
    ]),
  );
  return renderPolicy(template, values).length;
}

/**
 * The session policy as STS takes it. Values are inserted into leaf strings, escaped for IAM, and the result is read
 * again and checked before it leaves: every Allow statement must hold the tenant's id where the template held its
 * placeholder. Throws `policy_unrenderable` if that fails.
 */
export function renderPolicy(template: PolicyTemplate, values: PlaceholderValues): string {
  const document = {
    Version: '2012-10-17',
    Statement: template.statements.map((each) => renderStatement(each, values)),
  };
  const policy = JSON.stringify(document);
  const { Statement } = assertBounded(policy, values.get(TENANT_ID_PLACEHOLDER) ?? '');
  if (Statement.length !== template.statements.length) throw unbounded();
  return policy;
}

/**
 * A value as it may stand in a policy: IAM's wildcards and the start of a variable become escapes, and what STS takes
 * in no policy (outside U+0020–U+00FF) is refused, invisible characters with it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
 */
export function escapeForIam(value: string): string {
  if (!/^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u00ff]+$/.test(value) && value !== '') {
    throw new VendingError('policy_unrenderable', {
      cause: 'a value holds a character that no policy may hold',
    });
  }
  return value.replaceAll(/[*?$]/g, (special) => `\${${special}}`);
}

function parseStatement(
  statement: PolicyStatement,
  isKnown: (placeholder: string) => boolean,
): StatementTemplate {
  const { Resource, Condition = {}, ...fixed } = statement;
  const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({
      operator,
      key,
      values: listed(values).map((value) =>
        parseTemplate(value, TEXT_OPERATOR.test(operator) ? isKnown : () => false),
      ),
    })),
  );
  return {
    fixed,
    resources: listed(Resource).map((resource) => parseTemplate(resource, isKnown)),
    conditions,
  };
}

function renderStatement(
  { fixed, resources, conditions }: StatementTemplate,
  values: PlaceholderValues,
): PolicyStatement {
  const render = (template: Template) => renderTemplate(template, values, escapeForIam);
  const Resource = resources.map(render);
  if (conditions.length === 0) return { ...fixed, Resource };
  const Condition: Record<string, Record<string, string[]>> = {};
  for (const { operator, key, values: templates } of conditions) {
    Condition[operator] = { ...Condition[operator], [key]: templates.map(render) };
  }
  return { ...fixed, Resource, Condition };
}

/** Undefined for a Deny: it opens nothing. */
function requireBound(statement: PolicyStatement): Bound | undefined {
  if (statement.Effect === 'Deny') return undefined;
  const bound = findBound(statement, `{{${TENANT_ID_PLACEHOLDER}}}`);
  if (bound !== undefined) return bound;
  throw new ConfigurationError(
    'got an Allow that is not bounded to the tenant; put {{tenant.id}} before any wildcard or other placeholder and a delimiter such as "/" ' +
      'behind it in every Resource, or bound it by a condition: s3:prefix (to list), dynamodb:LeadingKeys (with Null, on tables) or a resource tag',
  );
}

/** The rendered text, read as IAM will read it: what was lost or widened on the way is caught here. Throws `policy_unrenderable`. */
export function assertBounded(policy: string, tenantId: string): PolicyDocument {
  const document = JSON.parse(policy) as PolicyDocument;
  const { Statement } = document;
  const allowed = Statement.filter(({ Effect }) => Effect === 'Allow');
  const bounded =
    tenantId !== '' &&
    allowed.length > 0 &&
    allowed.every((statement) => findBound(statement, tenantId) !== undefined);
  const hasVariable = policy.replaceAll(/\$\{[*?$]\}/g, '').includes('${');
  if (!bounded || hasVariable) throw unbounded();
  return document;
}

function unbounded(): VendingError {
  return new VendingError('policy_unrenderable', {
    cause: 'the rendered policy is not bounded to the tenant',
  });
}
