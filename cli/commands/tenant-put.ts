import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { TenantDefinitionInput } from '../../functions/core/tenant/tenant-definition.ts';
import type { TenantAnswer } from '../../functions/tenants/answers.ts';
import { type CommonOptions, defineCommand } from '../command.ts';
import { UsageError } from '../failure.ts';
import { putDefinition } from '../operators/put-definition.ts';
import { renderTenantLine } from '../operators/render-tenant.ts';
import { readSamlProviders } from '../operators/saml-providers.ts';
import { parseMembers, parsePairs, withFile, withPrecondition, withTenantId } from '../options.ts';

/** `latchkey tenant put` */
export const tenantPut = defineCommand({
  command: 'put <tenantId>',
  describe: 'Create a tenant, or replace all that is written of it',
  options,
  run: (typed, context) =>
    putDefinition<TenantAnswer>(
      {
        typed,
        path: ['tenants', typed.tenantId],
        definition: () => definitionOf(typed),
        line: renderTenantLine,
        next: `latchkey tenant verify ${typed.tenantId}`,
      },
      context,
    ),
});

const DESCRIBED_BY_OPTIONS = [
  'display-name',
  'profile',
  'default-profile',
  'claim',
  'saml-provider',
  'attribute',
  'role',
];

function options(yargs: Argv<CommonOptions>) {
  return withPrecondition(withFile(withTenantId(yargs)))
    .option('display-name', { type: 'string', requiresArg: true, describe: 'what people call it' })
    .option('profile', { ...repeatable, describe: 'name of a profile it may use; may be repeated' })
    .option('default-profile', {
      type: 'string',
      requiresArg: true,
      describe: 'the one without which it asks; else the first --profile',
    })
    .option('claim', {
      ...repeatable,
      describe: '<issuer URL>=<value>: a claim value of a shared issuer that means it; may be repeated',
    })
    .option('saml-provider', {
      ...repeatable,
      describe: "<ARN>=<file>: a SAML provider in IAM and its identity provider's metadata; may be repeated",
    })
    .option('attribute', {
      ...repeatable,
      describe: '<name>=<value>: for {{tenant.attributes.name}}; may be repeated',
    })
    .option('role', {
      ...repeatable,
      describe: '<profile>=<role ARN>: the role of its own account; may be repeated',
    })
    .conflicts('file', DESCRIBED_BY_OPTIONS)
    .epilogue(EXAMPLES);
}

const EXAMPLES = `Examples:
  latchkey tenant put acme --display-name Acme --profile app \\
    --claim https://idp.example.com=acme-org
  latchkey tenant put acme --file acme.json --if-match 3
  latchkey tenant get acme --json | jq '.displayName = "Acme Ltd"' |
    latchkey tenant put acme --file -

What an answer of get held beside the definition may come back with it;
the write then happens only if that is still so.`;

const repeatable = { type: 'string', array: true, nargs: 1 } as const;

async function definitionOf(
  typed: ArgumentsCamelCase<ReturnType<typeof options> extends Argv<infer O> ? O : never>,
): Promise<TenantDefinitionInput> {
  const { displayName, profile: profiles } = typed;
  const [first] = profiles ?? [];
  if (displayName === undefined || profiles === undefined || first === undefined)
    throw new UsageError('expected --file, or at least --display-name and --profile');
  const roles = Object.entries(parseMembers('--role', typed.role));
  const samlProviders = await readSamlProviders('--saml-provider', typed.samlProvider);
  return {
    displayName,
    profiles,
    defaultProfile: typed.defaultProfile ?? first,
    claims: parsePairs('--claim', typed.claim).map(([issuer, value]) => ({ issuer, value })),
    ...(samlProviders.length > 0 ? { samlProviders } : {}),
    attributes: parseMembers('--attribute', typed.attribute),
    roles: Object.fromEntries(roles.map(([profile, roleArn]) => [profile, { roleArn }])),
  };
}
