import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { revealed } from '../../core/grant/credentials.ts';
import type { ProbeAnswer, ProbeCredentials, ProbeObjects } from '../../core/verification/probe-ports.ts';
import { type AwsAccess, awsClientConfig } from '../aws-client-config.ts';
import { PROBE_ATTEMPTS, PROBE_TIMEOUTS, probeAnswer } from './probe-answer.ts';

/** Tries objects in S3, each time with the credentials of the session that is tried. */
export function createProbeObjects(access: Omit<AwsAccess, 'credentials'>): ProbeObjects {
  async function withClient<T>(credentials: ProbeCredentials, use: (client: S3Client) => Promise<T>) {
    const client = new S3Client({
      ...awsClientConfig({ ...access, credentials: revealed(credentials) }, PROBE_TIMEOUTS),
      maxAttempts: PROBE_ATTEMPTS,
      retryMode: 'standard',
      // Of somebody's own bucket, the ARN does not say where it is.
      followRegionRedirects: true,
    });
    try {
      return await use(client);
    } finally {
      // Also ends the body of an object that should not have come.
      client.destroy();
    }
  }

  return {
    async putObject(credentials, Bucket, Key) {
      // Once and for all: in a bucket with versions, every verification would leave one.
      const command = new PutObjectCommand({ Bucket, Key, Body: 'latchkey probe', IfNoneMatch: '*' });
      const answer = await withClient(credentials, (client) => probeAnswer(() => client.send(command)));
      return isThereAlready(answer) ? { kind: 'let_through' } : answer;
    },

    getObject: (credentials, Bucket, Key) =>
      withClient(credentials, (client) =>
        probeAnswer(() => client.send(new GetObjectCommand({ Bucket, Key }))),
      ),

    listObjects: (credentials, Bucket, Prefix) =>
      withClient(credentials, (client) =>
        // One key is as good as a thousand: none of them is looked at.
        probeAnswer(() => client.send(new ListObjectsV2Command({ Bucket, Prefix, MaxKeys: 1 }))),
      ),
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
function isThereAlready(answer: ProbeAnswer): boolean {
  return answer.kind === 'unknown' && answer.reason === 'PreconditionFailed';
}
