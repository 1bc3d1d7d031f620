import type { Session, Sessions } from './session.ts';
import {
  type AuthorizationHeader,
  type CredentialScope,
  formatScope,
  parseAuthorizationHeader,
} from './sigv4/authorization-header.ts';
import { canonicalRequest } from './sigv4/canonical-request.ts';
import { type SignatureFault, type SigningService, signatureError } from './sigv4/signature-fault.ts';
import { deriveSigningKey, equalInConstantTime, sha256Hex, sign } from './sigv4/signing-key.ts';
import { describeSkew, parseTimestamp } from './sigv4/timestamp.ts';
import { parseTarget, type WireRequest } from './wire-request.ts';

/** What a request is checked against. */
export interface SignatureOptions {
  readonly service: SigningService;
  readonly region: string;
  readonly sessions: Sessions;
  readonly clock: () => Date;
}

/** A signature that held, with what the signatures of the chunks of its body continue from. */
export interface VerifiedSignature {
  readonly session: Session;
  /** The stated hash of the payload: hex digits that the body was found to match, or for S3 one of its `UNSIGNED…` and `STREAMING…` marks. */
  readonly payloadHash: string;
  readonly signature: string;
  readonly signingKey: Buffer;
  /** `x-amz-date`, as sent. */
  readonly timestamp: string;
  readonly scope: CredentialScope;
}

type Refuse = (fault: SignatureFault, detail?: string) => Error;

const S3_PAYLOAD_MARKS: ReadonlySet<string> = new Set([
  'UNSIGNED-PAYLOAD',
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
]);

/** The session that signed a request; throws the AwsError that `service` itself answers when none did. */
export function authenticate(request: WireRequest, options: SignatureOptions): Session {
  return verifySignature(request, options).session;
}

/**
 * Checks a request signed with AWS Signature Version 4 in its Authorization header. Throws the AwsError that `service` itself answers.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 */
export function verifySignature(request: WireRequest, options: SignatureOptions): VerifiedSignature {
  const refuse: Refuse = (fault, detail) => signatureError(options.service, fault, detail);
  const authorization = readAuthorization(request, refuse);
  refuseOtherScope(authorization.scope, options, refuse);
  refuseUnsignedHeaders(request.headers, authorization.signedHeaders, refuse);
  const timestamp = readTimestamp(request.headers, authorization.scope, options, refuse);
  const session = findSession(authorization.accessKeyId, request.headers, options.sessions, refuse);

  const payloadHash = readPayloadHash(request, options.service, refuse);
  const canonical = canonicalise(request, authorization, payloadHash, options.service, refuse);
  const stringToSign = [
    'AWS4-HMAC-SHA256',
    timestamp,
    formatScope(authorization.scope),
    sha256Hex(canonical),
  ];
  const signingKey = deriveSigningKey(session.credentials.secretAccessKey, authorization.scope);
  const { signature, scope } = authorization;
  if (!equalInConstantTime(sign(signingKey, stringToSign.join('\n')), signature)) throw refuse('mismatch');

  // Only now: whoever can't sign learns nothing of a key's age.
  const { expiration } = session.credentials;
  if (expiration !== undefined && options.clock() >= expiration) throw refuse('expiredToken');
  if (options.service === 'iam' && !isKnownToIam(session)) throw refuse('unknownKey');
  return { session, payloadHash, signature, signingKey, timestamp, scope };
}

/**
 * IAM takes a user's temporary credentials only if an MFA code came for them, and a federated user's never; it says that it does not
 * know them. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
 */
function isKnownToIam({ kind, mfaAuthenticatedAt }: Session): boolean {
  return kind === 'userSession' ? mfaAuthenticatedAt !== undefined : kind !== 'federatedUser';
}

function readAuthorization({ url, headers }: WireRequest, refuse: Refuse): AuthorizationHeader {
  if (parseTargetOrRefuse(url, refuse).query.some(([name]) => name.toLowerCase() === 'x-amz-algorithm')) {
    throw refuse('presigned');
  }
  const value = headers.get('authorization');
  if (value === null) throw refuse('missing');
  const authorization = parseAuthorizationHeader(value);
  if (!authorization) throw refuse('malformed');
  return authorization;
}

function parseTargetOrRefuse(url: string, refuse: Refuse) {
  try {
    return parseTarget(url);
  } catch {
    throw refuse('invalidUri');
  }
}

function refuseOtherScope(
  scope: CredentialScope,
  { service, region }: SignatureOptions,
  refuse: Refuse,
): void {
  if (scope.region !== region) {
    throw refuse(
      'wrongScope',
      service === 's3'
        ? `The authorization header is malformed; the region '${scope.region}' is wrong; expecting '${region}'`
        : `Credential should be scoped to a valid region, not '${scope.region}'. `,
    );
  }
  if (scope.service !== service) {
    throw refuse('wrongScope', `Credential should be scoped to correct service: '${service}'. `);
  }
}

/** An unsigned header that steers the request (its host, target, token, date or payload hash) could be exchanged under way. */
function refuseUnsignedHeaders(headers: Headers, signedHeaders: readonly string[], refuse: Refuse): void {
  const mustBeSigned = ['host', ...[...headers.keys()].filter((name) => name.startsWith('x-amz-'))];
  const unsigned = mustBeSigned.find((name) => !signedHeaders.includes(name));
  if (unsigned !== undefined) {
    throw refuse('unsignedHeader', `'${unsigned}' must be a 'SignedHeader' in the AWS Authorization.`);
  }
  if (!signedHeaders.every((name) => headers.has(name))) throw refuse('mismatch');
}

function readTimestamp(
  headers: Headers,
  scope: CredentialScope,
  { service, clock }: SignatureOptions,
  refuse: Refuse,
): string {
  const timestamp = headers.get('x-amz-date') ?? '';
  const signedAt = parseTimestamp(timestamp);
  if (!signedAt) throw refuse('malformed', `x-amz-date must be as 20261121T093000Z, got '${timestamp}'`);
  const day = timestamp.slice(0, 8);
  if (day !== scope.date) {
    throw refuse(
      'wrongScope',
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.date}' != '${day}', from '${timestamp}'.`,
    );
  }
  const skew = describeSkew(signedAt, clock());
  if (skew !== undefined) throw service === 's3' ? refuse('skewed') : refuse('skewed', skew);
  return timestamp;
}

/** A temporary key without its token is a key that nobody holds; a long-term one has no token that could be right. */
function findSession(accessKeyId: string, headers: Headers, sessions: Sessions, refuse: Refuse): Session {
  const session = sessions.get(accessKeyId);
  const token = headers.get('x-amz-security-token');
  if (!session) throw refuse('unknownKey');
  const { sessionToken } = session.credentials;
  if (sessionToken !== undefined && token === null) throw refuse('unknownKey');
  if (!equalTokens(token ?? undefined, sessionToken)) throw refuse('wrongToken');
  return session;
}

function equalTokens(token: string | undefined, expected: string | undefined): boolean {
  if (token === undefined || expected === undefined) return token === expected;
  return equalInConstantTime(token, expected);
}

/** S3 is told what it will get and holds the body to that; the other services hash what they got. */
function readPayloadHash({ headers, body }: WireRequest, service: SigningService, refuse: Refuse): string {
  const stated = headers.get('x-amz-content-sha256');
  const computed = sha256Hex(body);
  if (stated === null && service !== 's3') return computed;
  if (stated !== null && service === 's3' && S3_PAYLOAD_MARKS.has(stated)) return stated;
  if (stated === null)
    throw refuse('malformed', 'Missing required header for this request: x-amz-content-sha256');
  if (stated !== computed) throw refuse('payloadMismatch');
  return stated;
}

function canonicalise(
  request: WireRequest,
  { signedHeaders }: AuthorizationHeader,
  payloadHash: string,
  service: SigningService,
  refuse: Refuse,
): string {
  try {
    return canonicalRequest(request, { signedHeaders, payloadHash, encodesPathTwice: service !== 's3' });
  } catch {
    throw refuse('invalidUri');
  }
}
