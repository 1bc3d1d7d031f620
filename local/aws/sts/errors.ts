import { AwsError } from '../aws-error.ts';

/** An AwsError for a value that is well-formed and yet cannot be. */
export function invalidParameterValue(message: string): AwsError {
  return new AwsError('InvalidParameterValue', 400, message);
}

/** An AwsError for what AWS has and this STS does not. */
export function notImplemented(what: string): AwsError {
  return new AwsError('NotImplemented', 501, `the local STS does not take ${what}`);
}

/** STS models no denial; the code and status are those of every service that speaks the Query protocol. */
export function accessDenied(message: string): AwsError {
  return new AwsError('AccessDenied', 403, message);
}
