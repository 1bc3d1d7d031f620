import { VendingError } from '../errors.ts';
import { isSameData } from '../same-data.ts';

/** The first try, and three more when somebody else has written in between. */
const ATTEMPTS = 4;

/** A change of something stored, as often as it has to be tried. */
export interface OptimisticWrite<Stored, Decision> {
  readonly read: () => Promise<Stored | undefined>;
  /** Gives what is to be stored next beside whatever else came of it; what is stored itself, for no change. */
  readonly decide: (before: Stored | undefined) => Decision | Promise<Decision>;
  /** Throws `write_conflict` when what is stored is not `before` any more. */
  readonly write: (next: Stored, before: Stored | undefined) => Promise<void>;
}

/**
 * Reads, decides and writes; starts over when somebody else was faster, so that every decision is about what is really
 * there. Throws what `decide` throws, and `write_conflict` when others were faster each time.
 */
export async function writeOptimistically<Stored, Decision extends { readonly record: Stored }>({
  read,
  decide,
  write,
}: OptimisticWrite<Stored, Decision>): Promise<Decision & { readonly before: Stored | undefined }> {
  let tried: (Decision & { readonly before: Stored | undefined }) | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const before = await read();
    // Not somebody else's: an SDK that lost the answer to a write repeats it, and meets what it has just written.
    if (tried !== undefined && isSameData(before, tried.record)) return tried;
    const decision = { ...(await decide(before)), before };
    if (decision.record === before) return decision;
    try {
      await write(decision.record, before);
      return decision;
    } catch (error) {
      const isConflict = error instanceof VendingError && error.code === 'write_conflict';
      if (!isConflict || attempt === ATTEMPTS) throw error;
      tried = decision;
    }
  }
}
