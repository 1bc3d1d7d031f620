import { noSuchKey, notImplemented, preconditionFailed } from './errors.ts';
import type { StoredObject } from './object-store.ts';

/**
 * Holds a read against its conditions, in the order of RFC 9110 section 13.2.2: 'unchanged' asks for a 304. Throws PreconditionFailed.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html
 */
export function checkReadConditions(
  headers: Headers,
  { etag, lastModified }: StoredObject,
): 'changed' | 'unchanged' {
  const ifMatch = headers.get('if-match');
  const unmodifiedSince = headers.get('if-unmodified-since');
  if (ifMatch !== null && !matches(ifMatch, etag)) throw preconditionFailed();
  if (ifMatch === null && unmodifiedSince !== null && lastModified > new Date(unmodifiedSince)) {
    throw preconditionFailed();
  }
  const ifNoneMatch = headers.get('if-none-match');
  if (ifNoneMatch !== null) return matches(ifNoneMatch, etag) ? 'unchanged' : 'changed';
  const modifiedSince = headers.get('if-modified-since');
  return modifiedSince !== null && lastModified <= new Date(modifiedSince) ? 'unchanged' : 'changed';
}

/**
 * Holds a write against its conditions: `If-None-Match: *` (create only) and `If-Match` (replace only this).
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function checkWriteConditions(headers: Headers, existing: StoredObject | undefined): void {
  const ifNoneMatch = headers.get('if-none-match');
  if (ifNoneMatch !== null && ifNoneMatch !== '*')
    throw notImplemented(`If-None-Match: ${ifNoneMatch} on a write`, '*');
  if (ifNoneMatch === '*' && existing) throw preconditionFailed();
  const ifMatch = headers.get('if-match');
  if (ifMatch === null) return;
  if (!existing) throw noSuchKey();
  if (!matches(ifMatch, existing.etag)) throw preconditionFailed();
}

function matches(condition: string, etag: string): boolean {
  const wanted = condition.split(',').map((part) => part.trim());
  return wanted.some((tag) => tag === '*' || tag === etag || `"${tag}"` === etag);
}
