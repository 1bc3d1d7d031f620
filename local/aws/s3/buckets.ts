import type { S3Operation } from './operation.ts';
import { xmlResponse } from './xml.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export const headBucket: S3Operation = {
  name: 'HeadBucket',
  method: 'HEAD',
  level: 'bucket',
  query: [],
  headers: [],
  run({ region, permit }) {
    permit('s3:ListBucket', {});
    return new Response(null, { headers: { 'x-amz-bucket-region': region } });
  },
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html */
export const getBucketLocation: S3Operation = {
  name: 'GetBucketLocation',
  method: 'GET',
  level: 'bucket',
  selector: 'location',
  query: ['location'],
  headers: [],
  run({ region, permit }) {
    permit('s3:GetBucketLocation', {});
    // The first Region of all has no name here.
    return xmlResponse('LocationConstraint', { '#text': region === 'us-east-1' ? '' : region });
  },
};
