import type { Page } from '../core/administration/administrative-ports.ts';
import { VendingError } from '../core/errors.ts';

const LIMIT_MAX = 100;
const LIMIT_DEFAULT = 50;
/** The longest that a member names, an issuer's URL. In bytes, as the registry counts its keys. */
const MEMBER_MAX_BYTES = 512;

/**
 * The members of a request's query. By name: throws `request_invalid` for one that is not among `members`, that comes
 * twice, that is empty, or that is longer than anything that could be found by it.
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
  for (const [name, value] of searchParams)
    if (Buffer.byteLength(value) > MEMBER_MAX_BYTES)
      throw invalid(`${name}: expected at most ${MEMBER_MAX_BYTES} bytes`);
  return Object.fromEntries(searchParams) as Partial<Record<Member, string>>;
}

/** The part of a list that a query asks for; throws `request_invalid`. */
export function pageOf({ limit, after }: { readonly limit?: string; readonly after?: string }): Page {
  if (limit !== undefined && !(/^[1-9]\d{0,2}$/.test(limit) && Number(limit) <= LIMIT_MAX))
    throw invalid(`limit: expected a whole number from 1 to ${LIMIT_MAX}`);
  return { limit: limit === undefined ? LIMIT_DEFAULT : Number(limit), after };
}

function invalid(detail: string): VendingError {
  return new VendingError('request_invalid', { detail });
}
