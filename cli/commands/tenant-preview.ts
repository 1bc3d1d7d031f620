import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { Preview } from '../../functions/core/preview/preview.ts';
import type { PreviewRequestInput } from '../../functions/core/preview/preview-request.ts';
import { type CommonOptions, defineCommand, printAnswer } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { UsageError } from '../failure.ts';
import { renderPreview } from '../operators/render-preview.ts';
import { parseMembers, parseSeconds, readJsonText, withFile, withTenantId } from '../options.ts';

/** `latchkey tenant preview` */
export const tenantPreview = defineCommand({
  command: 'preview <tenantId>',
  describe: 'Show what a vend would give and what the session could do, vending nothing',
  options,
  run: async (typed, context) => {
    const { tenantId, file } = typed;
    if (typed.diff && file === undefined) throw new UsageError('--diff: expected --file with it');
    const profileDefinition =
      file === undefined ? undefined : JSON.parse(await readJsonText(context.terminal, file));
    const { document, text } = await context.api({
      method: 'POST',
      path: ['tenants', tenantId, 'preview'],
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...requestOf(typed), profileDefinition }),
    });
    printAnswer(context, text, () => renderPreview(document as Preview));
    return EXIT.done;
  },
});

function options(yargs: Argv<CommonOptions>) {
  return withFile(withTenantId(yargs))
    .option('profile', {
      ...text,
      describe: "the profile to preview; else that of --file, or the tenant's default",
    })
    .option('scope', { ...repeatable, describe: '<name>=<value>: a scope parameter; may be repeated' })
    .option('duration', { ...text, describe: 'how long the session is to live, in seconds' })
    .option('issuer', { ...text, describe: "of the sample caller; else the tenant's first" })
    .option('subject', { ...text, describe: 'of the sample caller' })
    .option('jwt-scope', {
      ...repeatable,
      describe: "a scope of the sample caller's token; else those that the profile demands; may be repeated",
    })
    .option('request', {
      ...repeatable,
      describe: "'<action> <ARN>': would it be allowed? may be repeated",
    })
    .option('context', {
      ...repeatable,
      describe: '<condition key>=<value> of every --request; without =, the key is absent; may be repeated',
    })
    .option('diff', { type: 'boolean', default: false, describe: 'compare --file with the deployed profile' })
    .epilogue(EXAMPLES);
}

const EXAMPLES = `--file holds a profile to try instead of the deployed one of its name.

Examples:
  latchkey tenant preview acme --request 's3:GetObject arn:aws:s3:::data/acme/a.txt'
  latchkey tenant preview acme --profile app --scope folder=reports/ \\
    --request 's3:ListBucket arn:aws:s3:::data' --context s3:prefix=acme/reports/
  latchkey tenant preview acme --file changed-app.json --diff`;

const text = { type: 'string', requiresArg: true } as const;
const repeatable = { type: 'string', array: true, nargs: 1 } as const;

function requestOf(
  typed: ArgumentsCamelCase<ReturnType<typeof options> extends Argv<infer O> ? O : never>,
): PreviewRequestInput {
  const { profile, duration, issuer, subject, jwtScope: scopes } = typed;
  const context = parseContext(typed.context);
  if (typed.context !== undefined && typed.request === undefined)
    throw new UsageError('--context: expected a --request that it is the context of');
  return {
    profile,
    durationSeconds: duration === undefined ? undefined : parseSeconds('--duration', duration),
    scope: parseMembers('--scope', typed.scope),
    claims: { issuer, subject, scopes },
    requests: (typed.request ?? []).map((request) => ({ ...parseRequest(request), context })),
    diff: typed.diff,
  };
}

function parseRequest(request: string): { readonly action: string; readonly resource: string } {
  const { action, resource } = /^(?<action>\S+) (?<resource>\S.*)$/.exec(request)?.groups ?? {};
  if (action !== undefined && resource !== undefined) return { action, resource };
  throw new UsageError(`--request: got ${request}, expected it as '<action> <ARN>', with * for no resource`);
}

/** A key that comes several times has several values. */
function parseContext(texts: readonly string[] = []): Record<string, string | string[]> {
  const values = Map.groupBy(
    texts.map((each) => /^(?<key>[^=]+)(?:=(?<value>.*))?$/s.exec(each)?.groups ?? refuseContext(each)),
    ({ key = '' }) => key,
  );
  return Object.fromEntries(
    [...values].map(([key, all]) => {
      const said = all.flatMap(({ value }) => value ?? []);
      if (said.length > 0 && said.length < all.length)
        throw new UsageError(`--context: got ${key} with a value and without, expected one of the two`);
      const [only = ''] = said;
      return [key, said.length === 1 ? only : said];
    }),
  );
}

function refuseContext(given: string): never {
  throw new UsageError(`--context: got ${given}, expected it as <condition key>=<value>`);
}
