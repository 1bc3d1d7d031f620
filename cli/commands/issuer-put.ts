import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { SharedIssuerDefinition } from '../../functions/core/issuer.ts';
import { type CommonOptions, defineCommand } from '../command.ts';
import { UsageError } from '../failure.ts';
import { withFile, withIssuerUrl, withPrecondition } from '../options.ts';
import { putDefinition } from '../put-definition.ts';
import { type IssuerAnswer, renderIssuerLine } from '../render-issuer.ts';

/** `latchkey issuer put` */
export const issuerPut = defineCommand({
  command: 'put <url>',
  describe: 'Create an issuer that tenants share, or replace all that is written of it',
  options,
  run: (typed, context) =>
    putDefinition<IssuerAnswer>(
      {
        typed,
        path: ['issuers'],
        query: { url: typed.url },
        definition: () => definitionOf(typed),
        line: renderIssuerLine,
        next: `latchkey tenant put <tenantId> --claim '${typed.url}=<value>' …`,
      },
      context,
    ),
});

function options(yargs: Argv<CommonOptions>) {
  return withPrecondition(withFile(withIssuerUrl(yargs)))
    .option('audience', { type: 'string', requiresArg: true, describe: 'what tokens must have in `aud`' })
    .option('jwks-uri', { type: 'string', requiresArg: true, describe: 'where its keys are' })
    .option('claim', {
      type: 'string',
      requiresArg: true,
      describe: 'name of the claim that says which tenant',
    })
    .option('algorithm', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'of signatures; may be repeated; else RS256 and ES256',
    })
    .conflicts('file', ['audience', 'jwks-uri', 'claim', 'algorithm'])
    .epilogue(EXAMPLES);
}

const EXAMPLES = `Example:
  latchkey issuer put https://idp.example.com --audience https://latchkey.example.com \\
    --jwks-uri https://idp.example.com/jwks --claim org_id`;

function definitionOf(
  typed: ArgumentsCamelCase<ReturnType<typeof options> extends Argv<infer O> ? O : never>,
): SharedIssuerDefinition {
  const { url, audience, jwksUri, claim, algorithm } = typed;
  if (audience === undefined || jwksUri === undefined || claim === undefined)
    throw new UsageError('expected --file, or --audience, --jwks-uri and --claim');
  return {
    url,
    audience,
    jwksUri,
    claim,
    ...(algorithm === undefined ? {} : { algorithms: algorithm as SharedIssuerDefinition['algorithms'] }),
  };
}
