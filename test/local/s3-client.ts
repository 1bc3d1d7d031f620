import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { createS3Door } from '../../local/aws/s3.ts';
import type { Session, TemporarySession } from '../../local/aws/session.ts';
import { serveDoor } from './serve-door.ts';
import { ACCOUNT, BUCKET, REGION } from './tenant-session.ts';

/** A served S3, and the real SDK's clients for it. */
export async function startS3() {
  const sessions = new Map<string, Session>();
  const logged: string[] = [];
  const { endpoint, close } = await serveDoor(
    createS3Door({
      account: ACCOUNT,
      region: REGION,
      bucketNames: [BUCKET],
      sessions,
      clock: () => new Date(),
      log: (message) => logged.push(message),
    }),
  );
  return {
    endpoint,
    logged,
    close,
    /** Makes S3 know a session, as STS does when it issues one. */
    open(session: TemporarySession): TemporarySession {
      sessions.set(session.credentials.accessKeyId, session);
      return session;
    },
    clientOf: ({ credentials }: Session) =>
      new S3Client({ credentials, endpoint, region: REGION, forcePathStyle: true, maxAttempts: 1 }),
  };
}

/** The error's status and name, or 'done'. */
export async function outcomeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (error instanceof S3ServiceException) return `${error.$metadata.httpStatusCode} ${error.name}`;
    throw error;
  }
}

export const put = (client: S3Client, Key: string, input: Partial<PutObjectCommandInput> = {}) =>
  client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'text', ...input }));

export const get = (client: S3Client, Key: string) =>
  client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));

export const read = async (client: S3Client, Key: string) =>
  (await get(client, Key)).Body?.transformToString();

export const list = (client: S3Client, Prefix?: string, more = {}) =>
  client.send(
    new ListObjectsV2Command({ Bucket: BUCKET, ...(Prefix === undefined ? {} : { Prefix }), ...more }),
  );
