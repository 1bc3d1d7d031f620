import { type ErrorCode, VendingError } from '../errors.ts';

const NOT_FOUND: readonly ErrorCode[] = ['tenant_not_found', 'issuer_not_found'];

/** What the work gives; undefined for a tenant or an issuer that is not there. */
export async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof VendingError && NOT_FOUND.includes(error.code)) return undefined;
    throw error;
  }
}
