import type { CommandContext } from '../command.ts';
import { printAnswer } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { preconditionHeaders, readJsonText } from '../options.ts';
import type { ApiRequest } from './operators-api.ts';

/** A definition to put, in a file or by options. */
export interface DefinitionToPut<Answer> extends Pick<ApiRequest, 'path' | 'query'> {
  readonly typed: Parameters<typeof preconditionHeaders>[0] & { readonly file?: string | undefined };
  /** Read from the options; asked for only without a file. */
  readonly definition: () => object | Promise<object>;
  /** A file's text with what only the line says; as it is if left out. */
  readonly complete?: (text: string) => string;
  /** What is told of the answer, ending in a newline, and what to do next. */
  readonly line: (answer: Answer) => string;
  readonly next: string;
}

/** Puts a definition as it was typed, and tells what became of it. */
export async function putDefinition<Answer>(
  { typed, path, query, definition, complete = (text) => text, line, next }: DefinitionToPut<Answer>,
  context: CommandContext,
): Promise<ExitCode> {
  const headers = preconditionHeaders(typed);
  const { file } = typed;
  const body =
    file === undefined
      ? JSON.stringify(await definition())
      : complete(await readJsonText(context.terminal, file));
  const { status, document, text } = await context.api({
    method: 'PUT',
    path,
    ...(query === undefined ? {} : { query }),
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  const done = status === 201 ? 'created' : 'replaced';
  printAnswer(context, text, () => `${done}: ${line(document as Answer)}next: ${next}\n`);
  return EXIT.done;
}
