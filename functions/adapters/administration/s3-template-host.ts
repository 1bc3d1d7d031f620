import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { TemplateHost } from '../../core/administration/administrative-ports.ts';
import type { Clock } from '../../core/clock.ts';
import { type AwsAccess, awsClientConfig } from '../aws-client-config.ts';

/** Which bucket templates are put into, and the time. */
export interface S3TemplateHostOptions extends AwsAccess {
  /** Undefined: nothing is hosted. */
  readonly bucket: string | undefined;
  readonly clock: Clock;
}

/**
 * How long a template can be fetched, in seconds. Less where the credentials that signed end before: those of a Lambda
 * function last for hours, and it is not told for how many.
 */
const URL_SECONDS = 3600;
const TIMEOUTS = { connectMilliseconds: 1000, answerMilliseconds: 3000 };

/**
 * Templates in a bucket, an object a name, behind URLs that last an hour.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ShareObjectPreSignedURL.html
 */
export function createS3TemplateHost({ bucket, clock, ...access }: S3TemplateHostOptions): TemplateHost {
  if (bucket === undefined) return { publish: async () => undefined };
  const client = new S3Client({
    ...awsClientConfig(access, TIMEOUTS),
    // An endpoint that is named is this machine's, where no bucket has a host of its own.
    forcePathStyle: access.endpoint !== undefined,
    // Else the URL speaks of checksums, of which CloudFormation knows nothing; a PUT is signed with its body's hash anyway.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return {
    async publish(name, template) {
      const object = { Bucket: bucket, Key: name };
      await client.send(
        new PutObjectCommand({
          ...object,
          Body: JSON.stringify(template, null, 2),
          ContentType: 'application/json',
        }),
      );
      const signingDate = clock();
      const url = await getSignedUrl(client, new GetObjectCommand(object), {
        expiresIn: URL_SECONDS,
        signingDate,
      });
      return { url, expiration: new Date(signingDate.getTime() + URL_SECONDS * 1000) };
    },
  };
}
