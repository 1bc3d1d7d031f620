import { AwsError } from '../aws-error.ts';

/** What the local S3 does not do, told so that nobody takes it for done. */
export function notImplemented(what: string, known: string): AwsError {
  return new AwsError('NotImplemented', 501, `the local S3 does not know ${what}, it knows: ${known}`);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export function noSuchKey(): AwsError {
  return new AwsError('NoSuchKey', 404, 'The specified key does not exist.');
}

/** An argument with a value that S3 does not take. */
export function invalidArgument(message: string): AwsError {
  return new AwsError('InvalidArgument', 400, message);
}

/** A condition of the request (`If-Match` and its like) that does not hold. */
export function preconditionFailed(): AwsError {
  return new AwsError(
    'PreconditionFailed',
    412,
    'At least one of the pre-conditions you specified did not hold',
  );
}
