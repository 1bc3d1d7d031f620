import type { CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { renderTable } from '../table.ts';
import { followPages, type ListRequest } from './follow-pages.ts';

/** A list and how its items look in a table. */
export interface PrintedList<T> {
  readonly request: ListRequest;
  readonly head: readonly string[];
  readonly row: (item: T) => readonly string[];
}

/** Prints a list while it comes: for programs, each of the API's answers on a line of its own. */
export async function printList<T>(
  { api, json, terminal: { stdout, stderr } }: CommandContext,
  { request, head, row }: PrintedList<T>,
): Promise<ExitCode> {
  let shown = 0;
  let next: string | undefined;
  for await (const page of followPages<T>(api, request)) {
    const first = shown === 0;
    shown += page.items.length;
    next = page.next;
    if (json) stdout.write(`${page.answer.text}\n`);
    else if (page.items.length > 0) stdout.write(renderTable(page.items.map(row), first ? head : undefined));
  }
  if (!json && shown === 0) stderr.write(`no ${request.path}\n`);
  if (!json && next !== undefined) stderr.write(`there are more: --after '${next}'\n`);
  return EXIT.done;
}
