/** What stands beside the text of a refusal. */
export interface AwsErrorDetails {
  /** For the log alone: what the requester is not told. */
  readonly cause?: string;
  /** For the requester, who cannot read it: what a denial was about, as `AuthorizationMessages` encode it. */
  readonly encodedMessage?: string | undefined;
}

/** What every door answers a refused request with: AWS's own code, HTTP status and text, so that SDKs react as they do to AWS. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly encodedMessage: string | undefined;

  constructor(
    code: string,
    status: number,
    message: string,
    { encodedMessage, ...details }: AwsErrorDetails = {},
  ) {
    super(message, details);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
    this.encodedMessage = encodedMessage;
  }
}

/**
 * The member or element by which a refusal carries its encoded message, to be spread into the answer; none without one. The S3, DynamoDB
 * and other services behind local doors send no such thing on AWS, where EC2 and some others do, in their text. Here they
 * are the only services there are, and what DecodeAuthorizationMessage is for could not be tried without them; their text stays AWS's own.
 */
export function encodedMessageMember({ encodedMessage }: AwsError): {
  readonly EncodedAuthorizationMessage?: string;
} {
  return encodedMessage === undefined ? {} : { EncodedAuthorizationMessage: encodedMessage };
}
