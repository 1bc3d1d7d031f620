import { parseCount } from '../options.ts';
import type { ApiAnswer, OperatorsApi } from './operators-api.ts';

/** A list of the API, and which part of it is wanted. */
export interface ListRequest {
  readonly path: string;
  readonly limit?: string | undefined;
  readonly after?: string | undefined;
}

/** A part of a list: the answer, and what it holds. */
export interface ListedPage<T> {
  readonly answer: ApiAnswer;
  readonly items: readonly T[];
  /** The `after` of the next part; undefined at the end. */
  readonly next: string | undefined;
}

const PAGE_SIZE = 100;

/** The parts of a list, one after another, until all or `limit` of its items have come. */
export async function* followPages<T>(
  api: OperatorsApi,
  request: ListRequest,
): AsyncGenerator<ListedPage<T>> {
  let wanted = request.limit === undefined ? Number.POSITIVE_INFINITY : parseCount('--limit', request.limit);
  let after = request.after;
  do {
    const limit = String(Math.min(wanted, PAGE_SIZE));
    const query = { limit, ...(after === undefined ? {} : { after }) };
    const answer = await api({ method: 'GET', path: [request.path], query });
    const { items, next } = answer.document as { readonly items: readonly T[]; readonly next?: string };
    yield { answer, items, next };
    wanted -= items.length;
    after = next;
  } while (after !== undefined && wanted > 0);
}
