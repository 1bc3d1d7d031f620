import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  type S3ClientConfig,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createS3 } from '../../local/aws/s3.ts';
import type { Session, Sessions } from '../../local/aws/session.ts';
import { type ServedDoor, serveDoor } from './serve-door.ts';
import { ACCOUNT, BUCKET, createSession, REGION } from './tenant-session.ts';

const sessions: Sessions = new Map();
const logged: string[] = [];
let door: ServedDoor;
let acme: S3Client;
let globex: S3Client;

function open(session: Session): Session {
  sessions.set(session.credentials.accessKeyId, session);
  return session;
}

function clientOf({ credentials }: Session, config: S3ClientConfig = {}): S3Client {
  const { endpoint } = door;
  return new S3Client({
    credentials,
    endpoint,
    region: REGION,
    forcePathStyle: true,
    maxAttempts: 1,
    ...config,
  });
}

/** The error's name and status, or 'done'. */
async function outcomeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (error instanceof S3ServiceException) return `${error.$metadata.httpStatusCode} ${error.name}`;
    throw error;
  }
}

const put = (client: S3Client, Key: string, input: Partial<PutObjectCommandInput> = {}) =>
  client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'text', ...input }));
const get = (client: S3Client, Key: string) => client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
const read = async (client: S3Client, Key: string) => (await get(client, Key)).Body?.transformToString();
const list = (client: S3Client, Prefix?: string, more = {}) =>
  client.send(
    new ListObjectsV2Command({ Bucket: BUCKET, ...(Prefix === undefined ? {} : { Prefix }), ...more }),
  );

beforeAll(async () => {
  const s3 = createS3({
    account: ACCOUNT,
    region: REGION,
    bucketNames: [BUCKET],
    sessions,
    clock: () => new Date(),
    log: (message) => logged.push(message),
  });
  door = await serveDoor(s3);
  acme = clientOf(open(createSession()));
  globex = clientOf(open(createSession({ tenantId: 'globex' })));
});
afterAll(() => door.close());

describe('an object comes back as it was put', () => {
  test.each<[string, Partial<PutObjectCommandInput>]>([
    ['text', {}],
    ['nothing', { Body: '' }],
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

describe('a tenant is refused', () => {
  beforeAll(async () => {
    await put(globex, 'globex/secret');
    await put(acme, 'acme/own');
  });
  const of = (tenantId: string) => ({ Bucket: BUCKET, Key: `${tenantId}/secret` });

  test.each<[string, () => Promise<unknown>, string]>([
    ["another's object, get", () => get(acme, 'globex/secret'), '403 AccessDenied'],
    ["another's object, head", () => acme.send(new HeadObjectCommand(of('globex'))), '403 Unknown'],
    ["another's object, put", () => put(acme, 'globex/secret'), '403 AccessDenied'],
    ["another's object, delete", () => acme.send(new DeleteObjectCommand(of('globex'))), '403 AccessDenied'],
    ["another's object, by dot segments", () => get(acme, 'acme/../globex/secret'), '403 AccessDenied'],
    ["another's object, by case", () => get(acme, 'ACME/own'), '403 AccessDenied'],
    ["a tenant's whose id begins the same", () => get(acme, 'acme2/secret'), '403 AccessDenied'],
    ['an object beside all tenants', () => get(acme, 'acme'), '403 AccessDenied'],
    [
      'a missing object of its own, for it may not list all',
      () => get(acme, 'acme/missing'),
      '403 AccessDenied',
    ],
    ['a list of everything', () => list(acme), '403 AccessDenied'],
    ['a list of an empty prefix', () => list(acme, ''), '403 AccessDenied'],
    ["a list of another's prefix", () => list(acme, 'globex/'), '403 AccessDenied'],
    ['a list of its id as a bare prefix', () => list(acme, 'acme'), '403 AccessDenied'],
    ['a list of its id and a dash', () => list(acme, 'acme-'), '403 AccessDenied'],
    ['a list of a wildcard', () => list(acme, '*'), '403 AccessDenied'],
    ['the bucket', () => acme.send(new HeadBucketCommand({ Bucket: BUCKET })), '403 Unknown'],
    [
      "the bucket's location",
      () => acme.send(new GetBucketLocationCommand({ Bucket: BUCKET })),
      '403 AccessDenied',
    ],
    [
      'a bucket that is not there',
      () => acme.send(new GetObjectCommand({ Bucket: 'elsewhere', Key: 'acme/own' })),
      '404 NoSuchBucket',
    ],
  ])('%s', async (_, work, outcome) => {
    expect(await outcomeOf(work())).toBe(outcome);
    expect(await read(globex, 'globex/secret')).toBe('text');
  });

  test.each<[string, () => S3Client, string]>([
    [
      "another's secret",
      () => {
        const { credentials } = open(createSession());
        return clientOf({ ...createSession(), credentials: { ...credentials, secretAccessKey: 'not-it' } });
      },
      '403 SignatureDoesNotMatch',
    ],
    ['credentials nobody gave out', () => clientOf(createSession()), '403 InvalidAccessKeyId'],
    [
      'expired credentials',
      () => {
        const session = open(createSession({ now: new Date(Date.now() - 3_600_000) }));
        return clientOf({
          ...session,
          credentials: { ...session.credentials, expiration: new Date(Date.now() + 3_600_000) },
        });
      },
      '400 ExpiredToken',
    ],
    [
      'a session of another account',
      () => clientOf(open(createSession({ account: '444455556666' }))),
      '403 AccessDenied',
    ],
  ])('with %s', async (_, client, outcome) => {
    expect(await outcomeOf(get(client(), 'acme/own'))).toBe(outcome);
  });

  test('what its session policy leaves out', async () => {
    const narrow = clientOf(
      open(
        createSession({
          sessionPolicy: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${BUCKET}/*` }],
          },
        }),
      ),
    );
    expect(await read(narrow, 'acme/own')).toBe('text');
    await expect(get(narrow, 'globex/secret')).rejects.toThrow(
      /because no identity-based policy allows the s3:GetObject action$/,
    );
    await expect(put(narrow, 'acme/own')).rejects.toThrow(
      `User: arn:aws:sts::${ACCOUNT}:assumed-role/tenant/acme-session is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::${BUCKET}/acme/own" because no session policy allows the s3:PutObject action`,
    );
  });

  test('when a policy asks for a condition key that is not known here, with a line in the log', async () => {
    const rolePolicy = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 's3:*',
          Resource: '*',
          Condition: { StringEquals: { 's3:NoSuchKey': 'x' } },
        },
      ],
    };
    const client = clientOf(open(createSession({ rolePolicy })));
    expect(await outcomeOf(get(client, 'acme/own'))).toBe('403 AccessDenied');
    expect(logged.at(-1)).toContain('s3:NoSuchKey');
  });
});

test('a missing object is told of only to whoever may list the bucket', async () => {
  const rolePolicy = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
  };
  const operator = clientOf(open(createSession({ rolePolicy })));
  expect(await outcomeOf(get(operator, 'none'))).toBe('404 NoSuchKey');
  expect(await outcomeOf(operator.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'none' })))).toBe(
    '404 NotFound',
  );
  expect((await operator.send(new GetBucketLocationCommand({ Bucket: BUCKET }))).LocationConstraint).toBe(
    REGION,
  );
  expect((await operator.send(new HeadBucketCommand({ Bucket: BUCKET }))).BucketRegion).toBe(REGION);
});
