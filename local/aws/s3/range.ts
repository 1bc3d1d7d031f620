import { AwsError } from '../aws-error.ts';
import { notImplemented } from './errors.ts';

/** The bytes asked for, both ends included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** Reads a `Range` header for an object of `size` bytes; throws InvalidRange when the object has none of them. RFC 9110 section 14.1.2. */
export function readRange(header: string, size: number): ByteRange {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (from === '' && to === '')
    throw notImplemented(`the range '${header}'`, 'bytes=1-2, bytes=1-, bytes=-2');
  const first = from === '' ? Math.max(size - Number(to), 0) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (first > last) throw new AwsError('InvalidRange', 416, 'The requested range is not satisfiable');
  return { first, last };
}
