import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../aws-error.ts';
import { crc32c, crc64Nvme } from './crc.ts';
import { notImplemented } from './errors.ts';

/** A checksum that came with an object and was found right; it goes out with the object again. */
export interface Checksum {
  /** `x-amz-checksum-crc32` and its like. */
  readonly header: string;
  /** Base64. */
  readonly value: string;
}

const PREFIX = 'x-amz-checksum-';

const COMPUTE: Readonly<Record<string, (data: Uint8Array) => Buffer>> = {
  crc32: (data) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(data));
    return bytes;
  },
  crc32c,
  crc64nvme: crc64Nvme,
  md5: digest('md5'),
  sha1: digest('sha1'),
  sha256: digest('sha256'),
  sha512: digest('sha512'),
};

/**
 * Checks the checksum that `fields` (a request's headers and trailers) states for `data`. Undefined when they state none; throws
 * BadDigest for a wrong one, NotImplemented for an algorithm that is not known here.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
export function verifyChecksum(fields: ReadonlyMap<string, string>, data: Uint8Array): Checksum | undefined {
  const stated = [...fields].filter(([name]) => name.startsWith(PREFIX));
  const [first, ...others] = stated;
  if (others.length > 0) {
    throw new AwsError('InvalidRequest', 400, 'Expecting a single x-amz-checksum- header');
  }
  if (!first) {
    refuseAnnouncedOnly(fields);
    return undefined;
  }
  const [header, value] = first;
  const algorithm = header.slice(PREFIX.length);
  const compute = Object.hasOwn(COMPUTE, algorithm) ? COMPUTE[algorithm] : undefined;
  if (!compute) throw notImplemented(`the header ${header}`, Object.keys(COMPUTE).join(', '));
  if (compute(data).toString('base64') !== value) {
    throw new AwsError(
      'BadDigest',
      400,
      `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
    );
  }
  return { header, value };
}

/** Checks `Content-MD5`, where a request has one. */
export function verifyContentMd5(stated: string | null, data: Uint8Array): void {
  if (stated === null || digest('md5')(data).toString('base64') === stated) return;
  throw new AwsError('BadDigest', 400, 'The Content-MD5 you specified did not match what we received.');
}

function refuseAnnouncedOnly(fields: ReadonlyMap<string, string>): void {
  if (!fields.has('x-amz-sdk-checksum-algorithm')) return;
  throw new AwsError(
    'InvalidRequest',
    400,
    'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
  );
}

function digest(algorithm: string): (data: Uint8Array) => Buffer {
  return (data) => createHash(algorithm).update(data).digest();
}
