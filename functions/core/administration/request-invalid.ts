import { ConfigurationError, type Fault, VendingError } from '../errors.ts';

/** What the work gives, of something that a request holds; throws its `ConfigurationError` as `request_invalid` with every fault. */
export function parseRequested<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof ConfigurationError)) throw cause;
    throw new VendingError('request_invalid', { detail: cause.message, faults: cause.faults, cause });
  }
}

/** Throws `request_invalid` when there are faults in `what`, and names every one. */
export function refuseFaults(what: string, faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const texts = faults.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new VendingError('request_invalid', { detail: `${what}: ${texts.join('; ')}`, faults });
}
