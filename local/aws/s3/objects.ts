import { createHash } from 'node:crypto';
import { noSuchKey } from './errors.ts';
import type { StoredObject } from './object-store.ts';
import type { S3Call, S3Operation } from './operation.ts';
import { readPayload } from './payload.ts';
import { checkReadConditions, checkWriteConditions } from './preconditions.ts';
import { readRange } from './range.ts';

const CONDITIONS = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'];
const KEPT_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-language',
  'content-type',
  'expires',
] as const;
const DEFAULT_CONTENT_TYPE = 'binary/octet-stream';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export const putObject: S3Operation = {
  name: 'PutObject',
  method: 'PUT',
  level: 'object',
  query: [],
  headers: [
    'if-match',
    'if-none-match',
    'x-amz-checksum-*',
    'x-amz-decoded-content-length',
    'x-amz-meta-*',
    'x-amz-sdk-checksum-algorithm',
    'x-amz-trailer',
  ],
  run(call) {
    const { bucket, key, headers, clock, permit } = call;
    const conditions = {
      's3:if-match': headers.get('if-match') ?? undefined,
      's3:if-none-match': headers.get('if-none-match') ?? undefined,
    };
    permit('s3:PutObject', { key, values: conditions });
    // What If-Match answers tells of the object that is there, so S3 wants the right to read it.
    if (headers.has('if-match')) permit('s3:GetObject', { key });
    const { data, checksum } = readPayload(call);
    checkWriteConditions(headers, bucket.get(key));
    const etag = `"${createHash('md5').update(data).digest('hex')}"`;
    const lastModified = new Date(Math.floor(clock().getTime() / 1000) * 1000);
    const object: StoredObject = { data, etag, lastModified, headers: keptHeaders(headers), checksum };
    bucket.set(key, object);
    return new Response(null, { headers: { etag, ...checksumHeaders(object) } });
  },
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export const getObject: S3Operation = {
  name: 'GetObject',
  method: 'GET',
  level: 'object',
  query: [],
  // With x-amz-te the Java SDK asks for an MD5 behind the content, which an answer that doesn't announce it goes without.
  headers: [...CONDITIONS, 'range', 'x-amz-checksum-mode', 'x-amz-te'],
  run: readObject,
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export const headObject: S3Operation = { ...getObject, name: 'HeadObject', method: 'HEAD' };

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html */
export const deleteObject: S3Operation = {
  name: 'DeleteObject',
  method: 'DELETE',
  level: 'object',
  query: [],
  headers: [],
  run({ bucket, key, permit }) {
    permit('s3:DeleteObject', { key });
    bucket.delete(key);
    return new Response(null, { status: 204 });
  },
};

function readObject({ bucket, key, headers, permit }: S3Call): Response {
  permit('s3:GetObject', { key });
  const object = bucket.get(key);
  if (!object) {
    // Whether a key exists is told only to those who may list.
    permit('s3:ListBucket', {});
    throw noSuchKey();
  }
  const described = { ...object.headers, ...validators(object), 'accept-ranges': 'bytes' };
  if (checkReadConditions(headers, object) === 'unchanged') {
    return new Response(null, { status: 304, headers: validators(object) });
  }
  const range = headers.get('range');
  if (range !== null) return partOf(object, range, described);
  const checksum = headers.get('x-amz-checksum-mode') === 'ENABLED' ? checksumHeaders(object) : {};
  return contentResponse(object.data, { ...described, ...checksum });
}

/** A part goes without the checksum: that is one over the whole object. */
function partOf({ data }: StoredObject, range: string, headers: Record<string, string>): Response {
  const { first, last } = readRange(range, data.length);
  const contentRange = `bytes ${first}-${last}/${data.length}`;
  return contentResponse(data.subarray(first, last + 1), { ...headers, 'content-range': contentRange }, 206);
}

function contentResponse(data: Uint8Array, headers: Record<string, string>, status = 200): Response {
  return new Response(Buffer.from(data), {
    status,
    headers: { ...headers, 'content-length': String(data.length) },
  });
}

function validators({ etag, lastModified }: StoredObject): Record<string, string> {
  return { etag, 'last-modified': lastModified.toUTCString() };
}

function checksumHeaders({ checksum }: StoredObject): Record<string, string> {
  return checksum ? { [checksum.header]: checksum.value, 'x-amz-checksum-type': 'FULL_OBJECT' } : {};
}

function keptHeaders(headers: Headers): Record<string, string> {
  const kept = [...headers].filter(
    ([name]) => name.startsWith('x-amz-meta-') || KEPT_HEADERS.some((keptName) => keptName === name),
  );
  // aws-chunked is how the body travelled, not what it is.
  const encodings = (headers.get('content-encoding') ?? '').split(',').map((encoding) => encoding.trim());
  const encoding = encodings.filter((name) => name !== '' && name !== 'aws-chunked').join(', ');
  return {
    'content-type': DEFAULT_CONTENT_TYPE,
    ...Object.fromEntries(kept),
    ...(encoding === '' ? {} : { 'content-encoding': encoding }),
  };
}
