import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { SharedIssuerDefinition } from '../../functions/core/issuer.ts';
import { type CommonOptions, defineCommand, printAnswer } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { UsageError } from '../failure.ts';
import { preconditionHeaders, readJsonText, withFile, withIssuerUrl, withPrecondition } from '../options.ts';
import { type IssuerAnswer, renderIssuerLine } from '../render-issuer.ts';

/** `latchkey issuer put` */
export const issuerPut = defineCommand({
  command: 'put <url>',
  describe: 'Create an issuer that tenants share, or replace all that is written of it',
  options,
  run: async (typed, context) => {
    const { url, file } = typed;
    const headers = preconditionHeaders(typed);
    const body =
      file === undefined ? JSON.stringify(definitionOf(typed)) : await readJsonText(context.terminal, file);
    const { status, document, text } = await context.api({
      method: 'PUT',
      path: ['issuers'],
      query: { url },
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    const done = status === 201 ? 'created' : 'put';
    printAnswer(
      context,
      text,
      () =>
        `${done}: ${renderIssuerLine(document as IssuerAnswer)}next: latchkey tenant put <tenantId> --claim '${url}=<value>' …\n`,
    );
    return EXIT.done;
  },
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
