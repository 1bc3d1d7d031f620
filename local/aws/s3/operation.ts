import type { ContextFacts } from '../../../policy/context.ts';
import type { VerifiedSignature } from '../sigv4.ts';
import type { Bucket } from './object-store.ts';

/** One authenticated request, routed: what an operation may read, and how it asks for permission. */
export interface S3Call {
  readonly bucketName: string;
  readonly bucket: Bucket;
  /** Empty in calls on a bucket. */
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly verified: VerifiedSignature;
  readonly region: string;
  readonly clock: () => Date;
  /** Throws AwsError AccessDenied unless the session may do `action` on the bucket or, given a key, on that object. */
  readonly permit: (
    action: string,
    on: { readonly key?: string; readonly values?: ContextFacts['values'] },
  ) => void;
}

/** An operation, with everything it understands: a request that holds more is refused, since the rest would be dropped in silence. */
export interface S3Operation {
  readonly name: string;
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  readonly level: 'bucket' | 'object';
  /** The query parameter that tells this operation from its siblings. */
  readonly selector?: string;
  readonly query: readonly string[];
  /** Headers that steer it, beside those of every signed request; `*` at the end stands for any ending. */
  readonly headers: readonly string[];
  readonly run: (call: S3Call) => Response;
}
