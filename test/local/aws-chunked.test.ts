import { describe, expect, test } from 'vitest';
import { decodeAwsChunked } from '../../local/aws/s3/aws-chunked.ts';
import { deriveSigningKey } from '../../local/aws/sigv4/signing-key.ts';
import type { VerifiedSignature } from '../../local/aws/sigv4.ts';
import { createSession } from './tenant-session.ts';

/** The key, the times and every signature of AWS's own examples: 65 KiB of `a`, in chunks of 64 KiB. */
const scope = { date: '20130524', region: 'us-east-1', service: 's3' };
const SIGNED: VerifiedSignature = {
  session: createSession(),
  payloadHash: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  signature: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  signingKey: deriveSigningKey('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', scope),
  timestamp: '20130524T000000Z',
  scope,
};
const SIGNED_TRAILER: VerifiedSignature = {
  ...SIGNED,
  payloadHash: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
  signature: '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
};
const UNSIGNED: VerifiedSignature = { ...SIGNED, payloadHash: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' };

const CHECKSUM = 'x-amz-checksum-crc32c';
const FIRST = 'a'.repeat(65536);
const SECOND = 'a'.repeat(1024);

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html */
const EXAMPLE = [
  '10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
  FIRST,
  '400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
  SECOND,
  '0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
  '',
  '',
];

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html */
const TRAILER_EXAMPLE = [
  '10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
  FIRST,
  '400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
  SECOND,
  '0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
  `${CHECKSUM}:sOO8/Q==`,
  'x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435',
  '',
  '',
];
const UNSIGNED_EXAMPLE = ['4', 'text', '0', `${CHECKSUM}:sOO8/Q==`, '', ''];

function decode(lines: readonly string[], verified: VerifiedSignature, announced: readonly string[]) {
  const { data, trailers } = decodeAwsChunked(Buffer.from(lines.join('\r\n')), verified, announced);
  return { text: Buffer.from(data).toString(), trailers: Object.fromEntries(trailers) };
}

/** The lines, with one replaced or, for undefined, left out. */
function withLine(lines: readonly string[], index: number, line: string | undefined): readonly string[] {
  return lines.flatMap((original, place) => (place === index ? (line ?? []) : original));
}

test("AWS's example with signed chunks", () => {
  expect(decode(EXAMPLE, SIGNED, [])).toEqual({ text: FIRST + SECOND, trailers: {} });
});

test("AWS's example with a signed trailer", () => {
  const decoded = decode(TRAILER_EXAMPLE, SIGNED_TRAILER, [CHECKSUM]);
  expect(decoded).toEqual({ text: FIRST + SECOND, trailers: { [CHECKSUM]: 'sOO8/Q==' } });
});

test('an unsigned trailer', () => {
  expect(decode(UNSIGNED_EXAMPLE, UNSIGNED, [CHECKSUM])).toEqual({
    text: 'text',
    trailers: { [CHECKSUM]: 'sOO8/Q==' },
  });
});

describe('refused', () => {
  test.each<[string, readonly string[], VerifiedSignature, readonly string[], string]>([
    ['a changed byte', withLine(EXAMPLE, 3, `b${SECOND.slice(1)}`), SIGNED, [], 'SignatureDoesNotMatch'],
    [
      'chunks in another order',
      [EXAMPLE[2], EXAMPLE[3], EXAMPLE[0], EXAMPLE[1], ...EXAMPLE.slice(4)].map(String),
      SIGNED,
      [],
      'SignatureDoesNotMatch',
    ],
    ['a chunk left out', [...EXAMPLE.slice(0, 2), ...EXAMPLE.slice(4)], SIGNED, [], 'SignatureDoesNotMatch'],
    ['an unsigned chunk among signed ones', withLine(EXAMPLE, 2, '400'), SIGNED, [], 'SignatureDoesNotMatch'],
    ['an unsigned last chunk', withLine(EXAMPLE, 4, '0'), SIGNED, [], 'SignatureDoesNotMatch'],
    ['a signed chunk among unsigned ones', EXAMPLE, UNSIGNED, [], 'SignatureDoesNotMatch'],
    [
      'a changed trailer',
      withLine(TRAILER_EXAMPLE, 5, `${CHECKSUM}:AAAAAA==`),
      SIGNED_TRAILER,
      [CHECKSUM],
      'SignatureDoesNotMatch',
    ],
    [
      'a trailer without its signature',
      withLine(TRAILER_EXAMPLE, 6, undefined),
      SIGNED_TRAILER,
      [CHECKSUM],
      'SignatureDoesNotMatch',
    ],
    ['a trailer that was not announced', TRAILER_EXAMPLE, SIGNED_TRAILER, [], 'MalformedTrailerError'],
    [
      'another trailer than announced',
      UNSIGNED_EXAMPLE,
      UNSIGNED,
      ['x-amz-checksum-crc32'],
      'MalformedTrailerError',
    ],
    [
      'no trailer where one is announced',
      withLine(UNSIGNED_EXAMPLE, 3, undefined),
      UNSIGNED,
      [CHECKSUM],
      'MalformedTrailerError',
    ],
    [
      'a trailer twice',
      [...UNSIGNED_EXAMPLE.slice(0, 4), ...UNSIGNED_EXAMPLE.slice(3)],
      UNSIGNED,
      [CHECKSUM],
      'MalformedTrailerError',
    ],
    ['a body cut short', EXAMPLE.slice(0, 3), SIGNED, [], 'IncompleteBody'],
    ['no end', UNSIGNED_EXAMPLE.slice(0, 4), UNSIGNED, [CHECKSUM], 'IncompleteBody'],
    ['more after the end', [...UNSIGNED_EXAMPLE, 'x'], UNSIGNED, [CHECKSUM], 'IncompleteBody'],
    ['a size that is too small', withLine(UNSIGNED_EXAMPLE, 0, '3'), UNSIGNED, [CHECKSUM], 'IncompleteBody'],
    [
      'a size that is no number',
      withLine(UNSIGNED_EXAMPLE, 0, 'four'),
      UNSIGNED,
      [CHECKSUM],
      'IncompleteBody',
    ],
    ['nothing', [], UNSIGNED, [CHECKSUM], 'IncompleteBody'],
  ])('%s', (_, lines, verified, announced, code) => {
    expect(() => decode(lines, verified, announced)).toThrow(expect.objectContaining({ code }));
  });
});
