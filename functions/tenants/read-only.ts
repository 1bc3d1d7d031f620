import type { Precondition } from '../core/administration/administration.ts';
import { assertPrecondition } from '../core/administration/precondition.ts';
import { refuseFaults } from '../core/administration/request-invalid.ts';
import { unlessMissing } from '../core/administration/unless-missing.ts';
import { VendingError } from '../core/errors.ts';
import { isSameData } from '../core/same-data.ts';

type Members = Readonly<Record<string, unknown>>;

/** A body taken apart: what its writer decides, and what an answer had told them. */
export interface WrittenBody {
  readonly definition: Members;
  readonly stated: Members;
}

/** Takes the members of the given names out of a body. */
export function splitReadOnly(body: Members, names: readonly string[]): WrittenBody {
  const [stated, definition] = [true, false].map((readOnly) =>
    Object.fromEntries(Object.entries(body).filter(([name]) => names.includes(name) === readOnly)),
  );
  return { definition: definition ?? {}, stated: stated ?? {} };
}

/** A resource as it is answered, undefined when there is none. */
type Stored = (object & { readonly version: number }) | undefined;

/**
 * What an answer to GET held may come back with a PUT, as long as it is still so: then the write depends on that very
 * version. Throws `precondition_failed` for another version, as where already the headers do not hold, and `request_invalid` naming every
 * other member that is otherwise. `read` is called only when something is stated.
 */
export async function preconditionOfStated(
  stated: Members,
  precondition: Precondition,
  read: () => Promise<Stored>,
): Promise<Precondition> {
  if (Object.keys(stated).length === 0) return precondition;
  const stored = await unlessMissing(read());
  assertPrecondition(precondition, stored?.version);
  const known: Members = { ...stored };
  // Somebody has written in between, and the rest may differ for that reason.
  if (stored !== undefined && 'version' in stated && stated['version'] !== stored.version)
    throw new VendingError('precondition_failed');
  const faults = Object.entries(stated)
    .filter(([name, value]) => !isSameData(value, known[name]))
    .map(([name]) => ({
      path: [name],
      message: 'got another value than is stored, expected that or none',
    }));
  refuseFaults('read-only members', faults);
  return stored?.version ?? precondition;
}
