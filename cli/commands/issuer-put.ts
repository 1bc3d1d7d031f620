import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { SharedIssuerDefinition } from '../../functions/core/issuer/issuer.ts';
import { type CommonOptions, defineCommand } from '../command.ts';
import { UsageError } from '../failure.ts';
import { issuerTerms, TERM_OPTIONS, withIssuerTerms } from '../operators/issuer-terms.ts';
import { putDefinition } from '../operators/put-definition.ts';
import { type IssuerAnswer, renderIssuerLines } from '../operators/render-issuer.ts';
import { withFile, withIssuerUrl, withPrecondition } from '../options.ts';

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
        complete: (text) => withUrl(text, typed.url),
        line: renderIssuerLines,
        next: `latchkey tenant put <tenantId> --claim '${typed.url}=<value>' …`,
      },
      context,
    ),
});

function options(yargs: Argv<CommonOptions>) {
  const described = withPrecondition(withFile(withIssuerUrl(yargs)))
    .option('audience', { type: 'string', requiresArg: true, describe: 'what tokens must have in `aud`' })
    .option('jwks-uri', { type: 'string', requiresArg: true, describe: 'where its keys are' })
    .option('discovery', { type: 'boolean', describe: 'its keys are where its own metadata says' })
    .option('claim', {
      type: 'string',
      requiresArg: true,
      describe: 'name of the claim that says which tenant',
    });
  return withIssuerTerms(described)
    .conflicts('jwks-uri', 'discovery')
    .conflicts('file', ['audience', 'jwks-uri', 'discovery', 'claim', ...TERM_OPTIONS])
    .epilogue(EXAMPLES);
}

const EXAMPLES = `Example:
  latchkey issuer put https://idp.example.com --audience https://latchkey.example.com \\
    --jwks-uri https://idp.example.com/jwks --claim org_id`;

function definitionOf(
  typed: ArgumentsCamelCase<ReturnType<typeof options> extends Argv<infer O> ? O : never>,
): SharedIssuerDefinition {
  const { url, audience, jwksUri, discovery, claim } = typed;
  const keys = discovery ? { discovery } : jwksUri === undefined ? undefined : { jwksUri };
  if (audience === undefined || keys === undefined || claim === undefined)
    throw new UsageError('expected --file, or --audience, --claim and one of --jwks-uri and --discovery');
  return { url, audience, ...keys, claim, ...issuerTerms(typed) };
}

/** A definition with the URL that was typed, if it has none. What stands there is not written anew: the API judges it as it is. */
function withUrl(text: string, url: string): string {
  const definition: unknown = JSON.parse(text);
  if (typeof definition !== 'object' || definition === null || Array.isArray(definition)) return text;
  if (Object.hasOwn(definition, 'url')) return text;
  const separator = Object.keys(definition).length === 0 ? '' : ',';
  return text.replace('{', () => `{"url":${JSON.stringify(url)}${separator}`);
}
