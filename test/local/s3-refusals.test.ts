import {
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectVersionsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { get, list, outcomeOf, put, read, startS3 } from './s3-client.ts';
import { ACCOUNT, BUCKET, createSession } from './tenant-session.ts';

let s3: Awaited<ReturnType<typeof startS3>>;
let acme: S3Client;
let globex: S3Client;

beforeAll(async () => {
  s3 = await startS3();
  acme = s3.clientOf(s3.open(createSession()));
  globex = s3.clientOf(s3.open(createSession({ tenantId: 'globex' })));
});
afterAll(() => s3.close());

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
        const { credentials } = s3.open(createSession());
        return s3.clientOf({
          ...createSession(),
          credentials: { ...credentials, secretAccessKey: 'not-it' },
        });
      },
      '403 SignatureDoesNotMatch',
    ],
    ['credentials nobody gave out', () => s3.clientOf(createSession()), '403 InvalidAccessKeyId'],
    [
      'expired credentials',
      () => {
        const session = s3.open(createSession({ now: new Date(Date.now() - 3_600_000) }));
        return s3.clientOf({
          ...session,
          credentials: { ...session.credentials, expiration: new Date(Date.now() + 3_600_000) },
        });
      },
      '400 ExpiredToken',
    ],
    [
      'a session of another account',
      () => s3.clientOf(s3.open(createSession({ account: '444455556666' }))),
      '403 AccessDenied',
    ],
  ])('with %s', async (_, client, outcome) => {
    expect(await outcomeOf(get(client(), 'acme/own'))).toBe(outcome);
  });

  test('what its session policy leaves out', async () => {
    const narrow = s3.clientOf(
      s3.open(
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
    const client = s3.clientOf(s3.open(createSession({ rolePolicy })));
    expect(await outcomeOf(get(client, 'acme/own'))).toBe('403 AccessDenied');
    expect(s3.logged.at(-1)).toContain('s3:NoSuchKey');
  });
});

/** What the SDKs can ask for and this S3 has not: it says so, where an answer would look like success. */
describe('what is not there is refused as such', () => {
  const key = { Bucket: BUCKET, Key: 'acme/own' };
  test.each<[string, () => Promise<unknown>]>([
    ['an ACL', () => put(acme, 'acme/own', { ACL: 'public-read' })],
    ['tags', () => put(acme, 'acme/own', { Tagging: 'TenantId=globex' })],
    ['a storage class', () => put(acme, 'acme/own', { StorageClass: 'GLACIER' })],
    ['encryption with a KMS key', () => put(acme, 'acme/own', { ServerSideEncryption: 'aws:kms' })],
    ['a write if another is not there', () => put(acme, 'acme/own', { IfNoneMatch: '"etag"' })],
    ['a version', () => acme.send(new GetObjectCommand({ ...key, VersionId: '1' }))],
    ['a part', () => acme.send(new GetObjectCommand({ ...key, PartNumber: 1 }))],
    [
      'another content type',
      () => acme.send(new GetObjectCommand({ ...key, ResponseContentType: 'text/html' })),
    ],
    ['several ranges', () => acme.send(new GetObjectCommand({ ...key, Range: 'bytes=0-0,2-2' }))],
    ['reading an ACL', () => acme.send(new GetObjectAclCommand(key))],
    ['a copy', () => acme.send(new CopyObjectCommand({ ...key, CopySource: `${BUCKET}/globex/secret` }))],
    ['a multipart upload', () => acme.send(new CreateMultipartUploadCommand(key))],
    [
      'deleting many',
      () =>
        acme.send(
          new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: [{ Key: 'globex/secret' }] } }),
        ),
    ],
    ['the first ListObjects', () => acme.send(new ListObjectsCommand({ Bucket: BUCKET, Prefix: 'acme/' }))],
    [
      'a list of versions',
      () => acme.send(new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix: 'acme/' })),
    ],
    ['a list of buckets', () => acme.send(new ListBucketsCommand({}))],
    ['a new bucket', () => acme.send(new CreateBucketCommand({ Bucket: 'another' }))],
  ])('%s', async (_, work) => {
    expect(await outcomeOf(work())).toBe('501 NotImplemented');
  });
});
