import type { Precondition } from '../core/administration/administration.ts';
import { VendingError } from '../core/errors.ts';

/** A strong entity tag (RFC 9110, 8.8.3) as we make them: the version of the resource. */
const ETAG = /^"([1-9]\d{0,14})"$/;

/** The entity tag of a version. */
export function etagOf(version: number): string {
  return `"${version}"`;
}

/**
 * What must be stored for a PUT to happen, by If-Match or If-None-Match (RFC 9110, 13.1). Throws `request_invalid` for
 * everything but one strong entity tag in the one or `*` in the other: a condition that is not understood must not be
 * taken for none.
 */
export function putPrecondition(headers: Headers): Precondition {
  const ifNoneMatch = headers.get('If-None-Match');
  if (ifNoneMatch === null) return changePrecondition(headers);
  if (headers.has('If-Match')) throw invalid('got If-Match and If-None-Match, expected at most one of them');
  if (ifNoneMatch !== '*') throw invalid('If-None-Match: expected * here');
  return 'absent';
}

/** What must be stored for a resource to be changed or deleted, by If-Match alone. */
export function changePrecondition(headers: Headers): Precondition {
  refuse(headers, 'If-None-Match');
  return readVersion(headers, 'If-Match') ?? 'any';
}

/** The version that whoever reads has already, by If-None-Match alone. */
export function knownVersion(headers: Headers): number | undefined {
  refuse(headers, 'If-Match');
  return readVersion(headers, 'If-None-Match');
}

/** For routes whose answers have no entity tag. */
export function refusePreconditions(headers: Headers): void {
  refuse(headers, 'If-Match');
  refuse(headers, 'If-None-Match');
}

type Name = 'If-Match' | 'If-None-Match';

function readVersion(headers: Headers, name: Name): number | undefined {
  const value = headers.get(name);
  if (value === null) return undefined;
  const version = ETAG.exec(value)?.[1];
  if (version === undefined) throw invalid(`${name}: expected one strong ETag as the route answers it, "7"`);
  return Number(version);
}

function refuse(headers: Headers, name: Name): void {
  if (headers.has(name)) throw invalid(`the route does not take ${name}`);
}

function invalid(detail: string): VendingError {
  return new VendingError('request_invalid', { detail });
}
