import { AwsError } from '../aws-error.ts';

/** A request that says something DynamoDB, or this one, does not take. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', 400, message);
}

/** A body that is not the JSON of a request. */
export function serializationError(message: string): AwsError {
  return new AwsError('SerializationException', 400, message);
}

/** Refuses a member of a body that would be dropped in silence. */
export function refuseUnknownMembers(what: string, body: object, known: readonly string[]): void {
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw validationError(
    `the local DynamoDB does not know ${unknown} in ${what}, it knows: ${known.join(', ')}`,
  );
}
