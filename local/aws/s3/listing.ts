import { uriEncode } from '../sigv4/canonical-request.ts';
import { invalidArgument } from './errors.ts';
import { type Bucket, compareKeys, type StoredObject } from './object-store.ts';
import type { S3Call, S3Operation } from './operation.ts';
import { xmlResponse } from './xml.ts';

/** A line of a listing: an object, or a common prefix that stands for all keys under it. */
interface Entry {
  readonly name: string;
  readonly object: StoredObject | undefined;
}

interface Listing {
  readonly prefix: string;
  readonly delimiter: string | undefined;
  readonly maxKeys: number;
  readonly startAfter: string | undefined;
  /** The name of the last entry that the page before told. */
  readonly continueAfter: string | undefined;
}

interface Page {
  readonly bucketName: string;
  readonly query: S3Call['query'];
  readonly listing: Listing;
  readonly entries: readonly Entry[];
  readonly isTruncated: boolean;
}

const MAX_KEYS = 1000;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export const listObjectsV2: S3Operation = {
  name: 'ListObjectsV2',
  method: 'GET',
  level: 'bucket',
  selector: 'list-type',
  query: [
    'list-type',
    'prefix',
    'delimiter',
    'max-keys',
    'start-after',
    'continuation-token',
    'encoding-type',
    'fetch-owner',
  ],
  headers: [],
  run({ bucketName, bucket, query, permit }) {
    permit('s3:ListBucket', {
      values: {
        's3:prefix': query.get('prefix'),
        's3:delimiter': query.get('delimiter'),
        's3:max-keys': query.get('max-keys'),
      },
    });
    const listing = readListing(query);
    const rest = [...listEntries(bucket, listing)];
    const entries = rest.slice(0, listing.maxKeys);
    const isTruncated = listing.maxKeys > 0 && rest.length > entries.length;
    return renderPage({ bucketName, query, listing, entries, isTruncated });
  },
};

function readListing(query: S3Call['query']): Listing {
  if (query.get('list-type') !== '2') throw invalidArgument("list-type must be '2'");
  const encoding = query.get('encoding-type');
  if (encoding !== undefined && encoding !== 'url')
    throw invalidArgument('Invalid Encoding Method specified in Request');
  const token = query.get('continuation-token');
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') || undefined,
    maxKeys: readMaxKeys(query.get('max-keys')),
    startAfter: query.get('start-after'),
    continueAfter: token === undefined ? undefined : readToken(token),
  };
}

function readMaxKeys(text: string | undefined): number {
  if (text === undefined) return MAX_KEYS;
  if (!/^\d{1,10}$/.test(text) || Number(text) > 2 ** 31 - 1) {
    throw invalidArgument('Argument maxKeys must be an integer between 0 and 2147483647');
  }
  return Math.min(Number(text), MAX_KEYS);
}

function readToken(token: string): string {
  const bytes = Buffer.from(token, 'base64url');
  if (token === '' || bytes.toString('base64url') !== token) {
    throw invalidArgument('The continuation token provided is incorrect');
  }
  return bytes.toString();
}

function writeToken(name: string): string {
  return Buffer.from(name).toString('base64url');
}

/** Everything from the start of the page on, in order. */
function* listEntries(
  bucket: Bucket,
  { prefix, delimiter, startAfter, continueAfter }: Listing,
): Generator<Entry> {
  let last: string | undefined;
  for (const [key, object] of [...bucket].toSorted(([a], [b]) => compareKeys(a, b))) {
    if (!key.startsWith(prefix)) continue;
    if (startAfter !== undefined && compareKeys(key, startAfter) <= 0) continue;
    const end = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length);
    const name = end < 0 || delimiter === undefined ? key : key.slice(0, end + delimiter.length);
    if (name === last || (continueAfter !== undefined && compareKeys(name, continueAfter) <= 0)) continue;
    last = name;
    yield { name, object: end < 0 ? object : undefined };
  }
}

function renderPage({ bucketName, query, listing, entries, isTruncated }: Page): Response {
  const encode = query.has('encoding-type') ? encodeKey : (text: string) => text;
  const given = (element: string, value: string | undefined) =>
    value === undefined ? {} : { [element]: value };
  return xmlResponse('ListBucketResult', {
    Name: bucketName,
    Prefix: encode(listing.prefix),
    ...given('Delimiter', listing.delimiter && encode(listing.delimiter)),
    ...given('EncodingType', query.get('encoding-type')),
    ...given('StartAfter', listing.startAfter && encode(listing.startAfter)),
    ...given('ContinuationToken', query.get('continuation-token')),
    ...given('NextContinuationToken', isTruncated ? writeToken(entries.at(-1)?.name ?? '') : undefined),
    KeyCount: entries.length,
    MaxKeys: listing.maxKeys,
    IsTruncated: isTruncated,
    Contents: entries.flatMap(({ name, object }) => (object ? [renderObject(encode(name), object)] : [])),
    CommonPrefixes: entries.flatMap(({ name, object }) => (object ? [] : [{ Prefix: encode(name) }])),
  });
}

function renderObject(key: string, { lastModified, etag, data }: StoredObject): object {
  return {
    Key: key,
    LastModified: lastModified.toISOString(),
    ETag: etag,
    Size: data.length,
    StorageClass: 'STANDARD',
  };
}

function encodeKey(key: string): string {
  return key.split('/').map(uriEncode).join('/');
}
