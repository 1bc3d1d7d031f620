import { AwsError } from '../aws-error.ts';
import { formatScope } from '../sigv4/authorization-header.ts';
import { signatureError } from '../sigv4/signature-fault.ts';
import { equalInConstantTime, sha256Hex, sign } from '../sigv4/signing-key.ts';
import type { VerifiedSignature } from '../sigv4.ts';

/** An `aws-chunked` body put together again. */
export interface DecodedBody {
  readonly data: Uint8Array;
  readonly trailers: ReadonlyMap<string, string>;
}

interface Reader {
  readonly line: () => string;
  readonly bytes: (length: number) => Buffer;
  readonly isAtEnd: () => boolean;
}

/** Checks one signature and makes it the one that the next continues from. */
type VerifyNext = (algorithm: string, hashes: readonly string[], signature: string | undefined) => void;

const CHUNK_HEADER = /^([0-9a-f]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/i;
const TRAILER = /^([a-z0-9-]+):(.*)$/;
const TRAILER_SIGNATURE = 'x-amz-trailer-signature';
const EMPTY_SHA256 = sha256Hex('');

/**
 * Decodes an `aws-chunked` body and checks the signature of every chunk and of the trailer where the payload mark promises them.
 * Trailers must be exactly those that `announced` (`x-amz-trailer`) lists.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function decodeAwsChunked(
  body: Uint8Array,
  verified: VerifiedSignature,
  announced: readonly string[],
): DecodedBody {
  const reader = createReader(body);
  const verifyNext = createVerifyNext(verified);
  const chunks: Buffer[] = [];
  for (let chunk = readChunk(reader, verifyNext); chunk.length > 0; chunk = readChunk(reader, verifyNext)) {
    chunks.push(chunk);
    if (reader.line() !== '') throw incompleteBody();
  }
  const trailers = readTrailers(reader, verifyNext, announced);
  if (!reader.isAtEnd()) throw incompleteBody();
  return { data: Buffer.concat(chunks), trailers };
}

function readChunk(reader: Reader, verifyNext: VerifyNext): Buffer {
  const [, size, signature] = CHUNK_HEADER.exec(reader.line()) ?? [];
  if (size === undefined) throw incompleteBody();
  const chunk = reader.bytes(Number.parseInt(size, 16));
  verifyNext('AWS4-HMAC-SHA256-PAYLOAD', [EMPTY_SHA256, sha256Hex(chunk)], signature);
  return chunk;
}

function readTrailers(
  reader: Reader,
  verifyNext: VerifyNext,
  announced: readonly string[],
): ReadonlyMap<string, string> {
  const trailers = new Map<string, string>();
  for (let line = reader.line(); line !== ''; line = reader.line()) {
    const [, name = '', value = ''] = TRAILER.exec(line) ?? [];
    if (name === '' || trailers.has(name)) throw malformedTrailer();
    trailers.set(name, value.trim());
  }
  const signature = trailers.get(TRAILER_SIGNATURE);
  trailers.delete(TRAILER_SIGNATURE);
  if ([...trailers.keys()].toSorted().join() !== announced.toSorted().join()) throw malformedTrailer();
  if (announced.length > 0) {
    const canonical = [...trailers].toSorted().map(([name, value]) => `${name}:${value}\n`);
    verifyNext('AWS4-HMAC-SHA256-TRAILER', [sha256Hex(canonical.join(''))], signature);
  }
  return trailers;
}

/** For an unsigned payload, a signature is as wrong as a missing one is for a signed payload. */
function createVerifyNext({
  payloadHash,
  signature,
  signingKey,
  timestamp,
  scope,
}: VerifiedSignature): VerifyNext {
  const isSigned = payloadHash.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD');
  let previous = signature;
  return (algorithm, hashes, stated) => {
    if (!isSigned && stated === undefined) return;
    const stringToSign = [algorithm, timestamp, formatScope(scope), previous, ...hashes].join('\n');
    const expected = sign(signingKey, stringToSign);
    if (!isSigned || !equalInConstantTime(expected, stated ?? '')) throw signatureError('s3', 'mismatch');
    previous = expected;
  };
}

function createReader(body: Uint8Array): Reader {
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  let offset = 0;
  return {
    line() {
      const end = buffer.indexOf('\r\n', offset);
      if (end < 0) throw incompleteBody();
      const line = buffer.toString('latin1', offset, end);
      offset = end + 2;
      return line;
    },
    bytes(length) {
      if (offset + length > buffer.length) throw incompleteBody();
      offset += length;
      return buffer.subarray(offset - length, offset);
    },
    isAtEnd: () => offset === buffer.length,
  };
}

function incompleteBody(): AwsError {
  return new AwsError(
    'IncompleteBody',
    400,
    'The request body terminated unexpectedly or is not framed as aws-chunked',
  );
}

function malformedTrailer(): AwsError {
  return new AwsError(
    'MalformedTrailerError',
    400,
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  );
}
