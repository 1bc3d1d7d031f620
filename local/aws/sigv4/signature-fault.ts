import { AwsError } from '../aws-error.ts';

/** The services whose requests are checked here; each has its own words for the same fault. */
export type SigningService =
  | 'sts'
  | 'iam'
  | 's3'
  | 'dynamodb'
  | 'events'
  | 'sqs'
  | 'kms'
  | 'secretsmanager'
  | 'lambda'
  | 'execute-api';

/** Everything that can be wrong with a signed request. */
export type SignatureFault =
  | 'missing'
  | 'invalidUri'
  | 'malformed'
  | 'wrongScope'
  | 'unsignedHeader'
  | 'skewed'
  | 'unknownKey'
  | 'wrongToken'
  | 'expiredToken'
  | 'mismatch'
  | 'payloadMismatch'
  | 'presigned';

type Wording = readonly [code: string, status: number, message: string];

const INVALID_TOKEN = 'The security token included in the request is invalid.';
const EXPIRED_TOKEN = 'The security token included in the request is expired';
const MISSING = 'Request is missing Authentication Token';
const INVALID_URI = "Couldn't parse the specified URI.";
const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
const PRESIGNED =
  'the local AWS takes signatures in the Authorization header only, got a presigned URL (X-Amz-Algorithm in the query)';

type Wordings = Readonly<Record<SignatureFault, Wording>>;

/** The services that speak AWS's Query protocol. https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
const QUERY: Wordings = {
  missing: ['MissingAuthenticationToken', 403, MISSING],
  invalidUri: ['IncompleteSignature', 400, INVALID_URI],
  malformed: ['IncompleteSignature', 400, 'The request signature does not conform to AWS standards.'],
  wrongScope: ['SignatureDoesNotMatch', 403, MISMATCH],
  unsignedHeader: ['SignatureDoesNotMatch', 403, MISMATCH],
  skewed: ['SignatureDoesNotMatch', 403, MISMATCH],
  unknownKey: ['InvalidClientTokenId', 403, INVALID_TOKEN],
  wrongToken: ['InvalidClientTokenId', 403, INVALID_TOKEN],
  expiredToken: ['ExpiredToken', 403, EXPIRED_TOKEN],
  mismatch: ['SignatureDoesNotMatch', 403, MISMATCH],
  payloadMismatch: ['SignatureDoesNotMatch', 403, MISMATCH],
  presigned: ['IncompleteSignature', 400, PRESIGNED],
};

/** The services that speak JSON. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const JSON_PROTOCOL: Wordings = {
  missing: ['MissingAuthenticationTokenException', 400, MISSING],
  invalidUri: ['IncompleteSignatureException', 400, INVALID_URI],
  malformed: [
    'IncompleteSignatureException',
    400,
    'The request signature does not conform to AWS standards.',
  ],
  wrongScope: ['InvalidSignatureException', 400, MISMATCH],
  unsignedHeader: ['InvalidSignatureException', 400, MISMATCH],
  skewed: ['InvalidSignatureException', 400, MISMATCH],
  unknownKey: ['UnrecognizedClientException', 400, INVALID_TOKEN],
  wrongToken: ['UnrecognizedClientException', 400, INVALID_TOKEN],
  expiredToken: ['ExpiredTokenException', 400, EXPIRED_TOKEN],
  mismatch: ['InvalidSignatureException', 400, MISMATCH],
  payloadMismatch: ['InvalidSignatureException', 400, MISMATCH],
  presigned: ['IncompleteSignatureException', 400, PRESIGNED],
};

/** REST APIs, where the same faults are all 403. https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html */
const REST = Object.fromEntries(
  Object.entries(JSON_PROTOCOL).map(([fault, [code, , message]]): [string, Wording] => [
    fault,
    [code, 403, message],
  ]),
) as Readonly<Record<string, Wording>> as Wordings;

/** Each service's code, status and text; S3's: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const WORDINGS: Readonly<Record<SigningService, Wordings>> = {
  sts: QUERY,
  iam: QUERY,
  dynamodb: JSON_PROTOCOL,
  events: JSON_PROTOCOL,
  sqs: JSON_PROTOCOL,
  kms: JSON_PROTOCOL,
  secretsmanager: JSON_PROTOCOL,
  lambda: REST,
  'execute-api': REST,
  s3: {
    missing: ['AccessDenied', 403, 'Access Denied'],
    invalidUri: ['InvalidURI', 400, INVALID_URI],
    malformed: ['AuthorizationHeaderMalformed', 400, 'The authorization header you provided is invalid.'],
    wrongScope: ['AuthorizationHeaderMalformed', 400, 'The authorization header you provided is invalid.'],
    unsignedHeader: ['AccessDenied', 403, 'There were headers present in the request which were not signed'],
    skewed: [
      'RequestTimeTooSkewed',
      403,
      'The difference between the request time and the current time is too large.',
    ],
    unknownKey: [
      'InvalidAccessKeyId',
      403,
      'The AWS Access Key Id you provided does not exist in our records.',
    ],
    wrongToken: ['InvalidToken', 400, 'The provided token is malformed or otherwise invalid.'],
    expiredToken: ['ExpiredToken', 400, 'The provided token has expired.'],
    mismatch: [
      'SignatureDoesNotMatch',
      403,
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    ],
    payloadMismatch: [
      'XAmzContentSHA256Mismatch',
      400,
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    ],
    presigned: ['NotImplemented', 501, PRESIGNED],
  },
};

/** The error that `service` answers `fault` with; `detail` stands in for the stock text where AWS says more than that. */
export function signatureError(service: SigningService, fault: SignatureFault, detail?: string): AwsError {
  const [code, status, message] = WORDINGS[service][fault];
  return new AwsError(code, status, detail ?? message);
}
