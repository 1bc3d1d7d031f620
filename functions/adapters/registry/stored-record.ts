import { ConfigurationError, VendingError } from '../../core/errors.ts';

/** What `parse` makes of something stored; throws `record_invalid` for what it does not take. */
export function parseStored<T>(parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new VendingError('record_invalid', { cause });
  }
}

/** The failure for stored things that do not go together; the message is for the log. */
export function damaged(message: string): VendingError {
  return new VendingError('record_invalid', { cause: new ConfigurationError(message) });
}
