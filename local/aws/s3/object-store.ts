import type { Checksum } from './checksums.ts';

/** An object as it was put. */
export interface StoredObject {
  readonly data: Uint8Array;
  /** With its quotes, as it stands in headers. */
  readonly etag: string;
  /** To the second: HTTP dates hold no more, and `If-Modified-Since` compares with what was told. */
  readonly lastModified: Date;
  /** `content-type`, `x-amz-meta-*` and what else goes out as it came in. */
  readonly headers: Readonly<Record<string, string>>;
  readonly checksum: Checksum | undefined;
}

/** A bucket's objects by key. A key is a name and not a path: nothing in it is ever resolved. */
export type Bucket = Map<string, StoredObject>;

/** Makes the order in which S3 lists: by the bytes of the UTF-8 form, which JavaScript's own order of strings is not. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
