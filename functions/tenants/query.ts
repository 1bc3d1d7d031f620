import type { Page } from '../core/administration/administrative-ports.ts';
import { VendingError } from '../core/errors.ts';

const LIMIT_MAX = 100;
const LIMIT_DEFAULT = 50;
/** The longest name in a list, an issuer's URL. */
const AFTER_MAX_LENGTH = 512;

/**
 * The members of a request's query. By name: throws `request_invalid` for one that is not among `members`, that comes
 * twice, or that is empty.
 */
export function readQuery<Member extends string>(
  url: string,
  members: readonly Member[],
): Readonly<Partial<Record<Member, string>>> {
  const { searchParams } = new URL(url);
  const known: readonly string[] = members;
  for (const [name, value] of searchParams)
    if (!known.includes(name) || value === '' || searchParams.getAll(name).length > 1)
      throw invalid(`the query may hold ${members.join(', ') || 'nothing'} here, each once and not empty`);
  return Object.fromEntries(searchParams) as Partial<Record<Member, string>>;
}

/** The part of a list that a query asks for; throws `request_invalid`. */
export function pageOf({ limit, after }: { readonly limit?: string; readonly after?: string }): Page {
  if (limit !== undefined && !(/^[1-9]\d{0,2}$/.test(limit) && Number(limit) <= LIMIT_MAX))
    throw invalid(`limit: expected a whole number from 1 to ${LIMIT_MAX}`);
  if (after !== undefined && after.length > AFTER_MAX_LENGTH)
    throw invalid(`after: expected at most ${AFTER_MAX_LENGTH} characters`);
  return { limit: limit === undefined ? LIMIT_DEFAULT : Number(limit), after };
}

function invalid(detail: string): VendingError {
  return new VendingError('request_invalid', { detail });
}
