import { AwsError } from '../aws-error.ts';

/** What an identity provider's token or assertion is refused with; `cause` is for the log. */
export function invalidIdentityToken(message: string, cause = message): AwsError {
  return new AwsError('InvalidIdentityToken', 400, message, { cause });
}

/** For one that was good once. */
export function expiredIdentity(message: string): AwsError {
  return new AwsError('ExpiredTokenException', 400, message);
}

/** For what is signed and yet not as it must be: of most of that AWS documents no words. */
export function invalidSamlResponse(cause: string): AwsError {
  return invalidIdentityToken('Invalid SAML response', cause);
}
