import { AwsError } from '../aws-error.ts';
import { decodeAwsChunked } from './aws-chunked.ts';
import { type Checksum, verifyChecksum, verifyContentMd5 } from './checksums.ts';
import type { S3Call } from './operation.ts';

/** An upload's content, found to be what its sender stated. */
export interface Payload {
  readonly data: Uint8Array;
  readonly checksum: Checksum | undefined;
}

/** Reads the body of an upload: takes `aws-chunked` apart, then checks length, MD5 and checksum. */
export function readPayload({ headers, body, verified }: S3Call): Payload {
  const isChunked = verified.payloadHash.startsWith('STREAMING-');
  if (!isChunked && !headers.has('content-length')) {
    throw new AwsError('MissingContentLength', 411, 'You must provide the Content-Length HTTP header.');
  }
  const { data, trailers } = isChunked
    ? decodeAwsChunked(body, verified, announcedTrailers(headers))
    : { data: body, trailers: new Map<string, string>() };
  if (isChunked) checkDecodedLength(headers.get('x-amz-decoded-content-length'), data.length);
  verifyContentMd5(headers.get('content-md5'), data);
  return { data, checksum: verifyChecksum(new Map([...headers, ...trailers]), data) };
}

function announcedTrailers(headers: Headers): readonly string[] {
  const names = (headers.get('x-amz-trailer') ?? '').split(',');
  return names.map((name) => name.trim().toLowerCase()).filter((name) => name !== '');
}

function checkDecodedLength(stated: string | null, length: number): void {
  if (stated === null) {
    throw new AwsError(
      'MissingContentLength',
      411,
      'You must provide the x-amz-decoded-content-length HTTP header.',
    );
  }
  if (stated !== String(length)) {
    throw new AwsError(
      'IncompleteBody',
      400,
      'You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header',
    );
  }
}
