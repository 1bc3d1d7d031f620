import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { get, list, outcomeOf, put, read, startS3 } from './s3-client.ts';
import { signRequest } from './sign-request.ts';
import { BUCKET, createSession, REGION } from './tenant-session.ts';

let s3: Awaited<ReturnType<typeof startS3>>;
let acme: S3Client;

beforeAll(async () => {
  s3 = await startS3();
  acme = s3.clientOf(s3.open(createSession()));
});
afterAll(() => s3.close());

describe('an object comes back as it was put', () => {
  test.each<[string, Partial<PutObjectCommandInput>]>([
    ['text', {}],
    ['nothing', { Body: Buffer.alloc(0) }],
    ['bytes', { Body: Buffer.from([0, 13, 10, 255]) }],
    [
      'a stream',
      { Body: Readable.from([Buffer.alloc(100_000, 'a'), Buffer.from('b')]), ContentLength: 100_001 },
    ],
    ['with CRC-32', { ChecksumAlgorithm: 'CRC32' }],
    ['with CRC-32C', { ChecksumAlgorithm: 'CRC32C' }],
    ['with CRC-64/NVME', { ChecksumAlgorithm: 'CRC64NVME' }],
    ['with SHA-1', { ChecksumAlgorithm: 'SHA1' }],
    ['with SHA-256', { ChecksumAlgorithm: 'SHA256' }],
    ['with Content-MD5', { ContentMD5: createHash('md5').update('text').digest('base64') }],
    ['with metadata', { ContentType: 'text/plain', CacheControl: 'no-cache', Metadata: { Tenant: 'acme' } }],
  ])('%s', async (name, input) => {
    const key = `acme/put/${name}`;
    const expected =
      input.Body instanceof Readable
        ? `${'a'.repeat(100_000)}b`
        : Buffer.from((input.Body ?? 'text') as string | Buffer).toString('latin1');
    const stored = await put(acme, key, input);
    const got = await get(acme, key);
    const body = Buffer.from((await got.Body?.transformToByteArray()) ?? []).toString('latin1');
    expect(body).toBe(expected);
    expect(got.ETag).toBe(stored.ETag);
    expect(got.ContentLength).toBe(expected.length);
    expect(got.ContentType).toBe(input.ContentType ?? 'application/octet-stream');
    expect(got.CacheControl).toBe(input.CacheControl);
    expect(got.ContentEncoding).toBeUndefined();
    expect(got.Metadata).toEqual(input.Metadata ? { tenant: 'acme' } : {});
  });

  test.each([
    'a b',
    'a+b',
    'a%2Fb',
    'ü/日本',
    '//a',
    "!'()*~",
    'a&b=c?d',
    'a/../b',
    './a',
    'tab\there',
    '\u{1F511}',
  ])('under the key acme/%s', async (name) => {
    const key = `acme/keys/${name}`;
    await put(acme, key, { Body: name });
    expect(await read(acme, key)).toBe(name);
    expect((await list(acme, key)).Contents?.map(({ Key }) => Key)).toEqual([key]);
    expect(
      (await list(acme, key, { EncodingType: 'url' })).Contents?.map(({ Key }) =>
        decodeURIComponent(Key ?? ''),
      ),
    ).toEqual([key]);
    await acme.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key }));
    expect((await list(acme, key)).KeyCount).toBe(0);
  });

  test.each<[string, string, string]>([
    ['bytes=1-2', 'bytes 1-2/10', '12'],
    ['bytes=7-', 'bytes 7-9/10', '789'],
    ['bytes=-2', 'bytes 8-9/10', '89'],
    ['bytes=8-99', 'bytes 8-9/10', '89'],
    ['bytes=-99', 'bytes 0-9/10', '0123456789'],
  ])('in part: %s', async (Range, contentRange, expected) => {
    await put(acme, 'acme/digits', { Body: '0123456789' });
    const part = await acme.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'acme/digits', Range }));
    expect([part.$metadata.httpStatusCode, part.ContentRange, await part.Body?.transformToString()]).toEqual([
      206,
      contentRange,
      expected,
    ]);
  });

  test('described by HEAD', async () => {
    const { ETag } = await put(acme, 'acme/head', { Body: '0123456789' });
    const head = await acme.send(
      new HeadObjectCommand({ Bucket: BUCKET, Key: 'acme/head', ChecksumMode: 'ENABLED' }),
    );
    expect(head).toMatchObject({ ETag, ContentLength: 10, AcceptRanges: 'bytes', ChecksumCRC32: 'poTHxg==' });
  });
});

describe('conditions', () => {
  const key = 'acme/conditional';
  const old = '"00000000000000000000000000000000"';
  let etag: string;
  beforeEach(async () => {
    etag = (await put(acme, key)).ETag ?? '';
  });

  test.each<[string, () => Promise<unknown>, string]>([
    [
      'read if it matches',
      () => acme.send(new GetObjectCommand({ Bucket: BUCKET, Key: key, IfMatch: etag })),
      'done',
    ],
    [
      'read if another matches',
      () => acme.send(new GetObjectCommand({ Bucket: BUCKET, Key: key, IfMatch: old })),
      '412 PreconditionFailed',
    ],
    [
      'read if none matches',
      () => acme.send(new HeadObjectCommand({ Bucket: BUCKET, Key: key, IfNoneMatch: etag })),
      '304 Unknown',
    ],
    [
      'read if modified',
      () => acme.send(new HeadObjectCommand({ Bucket: BUCKET, Key: key, IfModifiedSince: new Date() })),
      '304 Unknown',
    ],
    [
      'read if unmodified',
      () => acme.send(new GetObjectCommand({ Bucket: BUCKET, Key: key, IfUnmodifiedSince: new Date(0) })),
      '412 PreconditionFailed',
    ],
    ['create what is there', () => put(acme, key, { IfNoneMatch: '*' }), '412 PreconditionFailed'],
    ['create what is not', () => put(acme, `${key}-${Date.now()}`, { IfNoneMatch: '*' }), 'done'],
    ['replace what matches', () => put(acme, key, { IfMatch: etag }), 'done'],
    ['replace what does not', () => put(acme, key, { IfMatch: old }), '412 PreconditionFailed'],
    ['replace what is not there', () => put(acme, `${key}-none`, { IfMatch: old }), '404 NoSuchKey'],
  ])('%s', async (_, work, outcome) => {
    expect(await outcomeOf(work())).toBe(outcome);
  });
});

describe('a listing', () => {
  beforeAll(async () => {
    for (const name of ['a', 'b/1', 'b/2', 'c/1', 'd', '\u{FFFD}', '\u{1F511}'])
      await put(acme, `acme/list/${name}`);
  });
  const names = (page: Awaited<ReturnType<typeof list>>) =>
    [
      ...(page.Contents ?? []).map(({ Key }) => Key),
      ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
    ].map((name) => name?.slice('acme/list/'.length));

  test.each<[string, object, string[]]>([
    ['is in the order of UTF-8', {}, ['a', 'b/1', 'b/2', 'c/1', 'd', '\u{FFFD}', '\u{1F511}']],
    ['folds what is behind a delimiter', { Delimiter: '/' }, ['a', 'd', '\u{FFFD}', '\u{1F511}', 'b/', 'c/']],
    [
      'starts after a key',
      { StartAfter: 'acme/list/b/1', Delimiter: '/' },
      ['d', '\u{FFFD}', '\u{1F511}', 'b/', 'c/'],
    ],
    ['ends at the maximum', { MaxKeys: 2 }, ['a', 'b/1']],
    ['may hold nothing', { MaxKeys: 0 }, []],
  ])('%s', async (_, input, expected) => {
    expect(names(await list(acme, 'acme/list/', input))).toEqual(expected);
  });

  test.each([{}, { Delimiter: '/' }, { EncodingType: 'url' as const }])(
    'goes on from page to page %o',
    async (input) => {
      const all = await list(acme, 'acme/list/', input);
      const pages: (string | undefined)[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await list(acme, 'acme/list/', { ...input, MaxKeys: 1, ContinuationToken });
        expect(page.KeyCount).toBe(1);
        pages.push(...names(page));
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      expect(pages.toSorted()).toEqual(names(all).toSorted());
    },
  );
});

test('a missing object is told of only to whoever may list the bucket', async () => {
  const rolePolicy = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
  };
  const operator = s3.clientOf(s3.open(createSession({ rolePolicy })));
  expect(await outcomeOf(get(operator, 'none'))).toBe('404 NoSuchKey');
  expect(await outcomeOf(operator.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'none' })))).toBe(
    '404 NotFound',
  );
  expect((await operator.send(new GetBucketLocationCommand({ Bucket: BUCKET }))).LocationConstraint).toBe(
    REGION,
  );
  expect((await operator.send(new HeadBucketCommand({ Bucket: BUCKET }))).BucketRegion).toBe(REGION);
});

/** Bodies that are not what their headers state, as no SDK would send them. */
describe('a body is held to what is stated of it', () => {
  test.each<[string, Record<string, string>, string]>([
    [
      'its SHA-256',
      { 'x-amz-content-sha256': createHash('sha256').update('other').digest('hex') },
      '400 XAmzContentSHA256Mismatch',
    ],
    ['its MD5', { 'content-md5': createHash('md5').update('other').digest('base64') }, '400 BadDigest'],
    ['its CRC-32', { 'x-amz-checksum-crc32': 'AAAAAA==' }, '400 BadDigest'],
    [
      'one checksum only',
      { 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-checksum-sha1': '' },
      '400 InvalidRequest',
    ],
    ['a checksum that is announced', { 'x-amz-sdk-checksum-algorithm': 'CRC32' }, '400 InvalidRequest'],
    ['a checksum that is known', { 'x-amz-checksum-xxhash64': 'AAAAAAAAAAA=' }, '501 NotImplemented'],
    [
      'its framing',
      { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'x-amz-decoded-content-length': '4' },
      '400 IncompleteBody',
    ],
  ])('%s', async (_, headers, outcome) => {
    const request = { service: 's3', method: 'PUT', path: `/${BUCKET}/acme/raw`, body: 'text' } as const;
    const { host } = new URL(s3.endpoint);
    const signed = await signRequest(s3.open(createSession()), { ...request, headers: { host, ...headers } });
    signed.headers.delete('host');
    const response = await fetch(`${s3.endpoint}${signed.url}`, {
      method: 'PUT',
      headers: signed.headers,
      body: 'text',
    });
    const [, code] = /<Code>(.*)<.Code>/.exec(await response.text()) ?? [];
    expect(`${response.status} ${code}`).toBe(outcome);
  });
});
