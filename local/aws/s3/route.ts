import { AwsError } from '../aws-error.ts';
import { parseTarget, type RequestTarget, type WireRequest } from '../wire-request.ts';
import { getBucketLocation, headBucket } from './buckets.ts';
import { invalidArgument, notImplemented } from './errors.ts';
import { listObjectsV2 } from './listing.ts';
import { deleteObject, getObject, headObject, putObject } from './objects.ts';
import type { S3Operation } from './operation.ts';

/** Where a request goes: path-style, `/bucket/key`. */
export interface S3Route {
  readonly operation: S3Operation;
  readonly bucketName: string;
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
}

const OPERATIONS: readonly S3Operation[] = [
  putObject,
  getObject,
  headObject,
  deleteObject,
  listObjectsV2,
  headBucket,
  getBucketLocation,
];
const MAX_KEY_BYTES = 1024;

/** `x-id` is the SDKs' own note of the operation's name. */
const COMMON_QUERY = ['x-id'];
/** The Java SDK states the checksum of a body that its reads do not have. */
const COMMON_HEADERS = [
  'x-amz-checksum-crc32',
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-user-agent',
];

/** Headers beside `x-amz-*` that change what an operation does. */
const STEERING_HEADERS = [
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'if-range',
  'range',
];

/** Finds the one operation that a request asks for; throws NotImplemented for anything in it that the operation does not understand. */
export function routeS3({ method, url, headers }: WireRequest): S3Route {
  const target = parseTarget(url);
  const { bucketName, key } = parsePath(target.path);
  const query = uniqueQuery(target.query);
  const level = key === '' ? 'bucket' : 'object';
  const operation = OPERATIONS.find(
    (candidate) =>
      candidate.method === method &&
      candidate.level === level &&
      (candidate.selector === undefined || query.has(candidate.selector)),
  );
  if (!operation || bucketName === '') {
    const names = OPERATIONS.map(({ name }) => name).join(', ');
    throw notImplemented(
      `${method} ${bucketName === '' ? 'without a bucket' : `on the ${level}`}${describeQuery(query)}`,
      names,
    );
  }
  refuseUnknown(operation, 'query parameter', query.keys(), [...operation.query, ...COMMON_QUERY]);
  const steering = [...headers.keys()].filter(
    (name) => name.startsWith('x-amz-') || STEERING_HEADERS.includes(name),
  );
  refuseUnknown(operation, 'header', steering, [...operation.headers, ...COMMON_HEADERS]);
  return { operation, bucketName, key, query };
}

function parsePath(path: string): { bucketName: string; key: string } {
  const [, bucketName, key = ''] = /^\/([^/]*)(?:\/(.*))?$/s.exec(path) ?? [];
  if (bucketName === undefined) throw new AwsError('InvalidURI', 400, "Couldn't parse the specified URI.");
  const decodedKey = decodeURIComponent(key);
  if (Buffer.byteLength(decodedKey) > MAX_KEY_BYTES) {
    throw new AwsError('KeyTooLongError', 400, 'Your key is too long');
  }
  return { bucketName: decodeURIComponent(bucketName), key: decodedKey };
}

/** A parameter given twice could be decided by one value and done with the other. */
function uniqueQuery(pairs: RequestTarget['query']): ReadonlyMap<string, string> {
  const query = new Map(pairs);
  if (query.size !== pairs.length) {
    throw invalidArgument('the query holds a parameter twice, expected each once');
  }
  return query;
}

function refuseUnknown(
  { name }: S3Operation,
  kind: string,
  given: Iterable<string>,
  known: readonly string[],
): void {
  const isKnown = (entry: string) =>
    known.some((pattern) =>
      pattern.endsWith('*') ? entry.startsWith(pattern.slice(0, -1)) : entry === pattern,
    );
  const unknown = [...given].find((entry) => !isKnown(entry));
  if (unknown !== undefined) throw notImplemented(`the ${kind} ${unknown} on ${name}`, known.join(', '));
}

function describeQuery(query: ReadonlyMap<string, string>): string {
  return query.size === 0 ? '' : ` with ?${[...query.keys()].join('&')}`;
}
