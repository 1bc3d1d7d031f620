import { CompactEncrypt, type CryptoKey } from 'jose';
import { type Attack, BAD_REQUEST, INVALID, MALFORMED, NO_TOKEN } from './attack.ts';
import { type Forgery, withSpareBits } from './forge-token.ts';
import type { Presentation, Target } from './target.ts';

/** A good token, written otherwise. */
const written = (change: (token: string) => string) => (t: Target) => t.present(change(t.token()));
const forged = (forgery: Forgery) => (t: Target) => t.present(t.token(forgery));
const presented = (presentation: Presentation) => (t: Target) => t.present(t.token(), presentation);
const sent =
  (path: string, headers: Record<string, string> = {}) =>
  (t: Target) =>
    t.request(path, { method: 'POST', headers });

const part = (index: number, change: (segment: string) => string) =>
  written((token) =>
    token
      .split('.')
      .map((segment, at) => (at === index ? change(segment) : segment))
      .join('.'),
  );
const json = { 'Content-Type': 'application/json' };
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** A token of so many characters, to the last: the last few by spaces behind the JSON of its header. */
function ofLength(t: Target, characters: number): string {
  const padded = (pad: number, spaces: number, unsigned: Forgery = {}) =>
    t.token({
      claims: { pad: 'x'.repeat(pad) },
      headerText: (text) => text + ' '.repeat(spaces),
      ...unsigned,
    });
  const lengthOf = (pad: number, spaces: number) =>
    padded(pad, spaces, { signer: () => Buffer.alloc(256) }).length;
  // Three bytes are four characters.
  for (let pad = Math.floor(((characters - lengthOf(0, 0)) * 3) / 4) - 4; ; pad += 1)
    for (let spaces = 0; spaces < 4; spaces += 1)
      if (lengthOf(pad, spaces) === characters) return padded(pad, spaces);
}

/** Signed segments whose length leaves bits to spare: JSON may have spaces behind it. */
const spareIn = (index: 0 | 1): Forgery => ({
  headerText: (text) => text + ' '.repeat((4 - (text.length % 3)) % 3),
  payloadText: (text) => text + ' '.repeat((4 - (text.length % 3)) % 3),
  segments: (...both) => both.with(index, withSpareBits(both[index])) as [string, string],
});

async function encrypted(t: Target): Promise<Response> {
  const { publicKey } = await crypto.subtle.generateKey(
    { name: 'RSA-OAEP', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
    true,
    ['encrypt', 'decrypt'],
  );
  const jwe = new CompactEncrypt(Buffer.from(t.token()));
  jwe.setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', typ: 'at+jwt' });
  return t.present(await jwe.encrypt(publicKey as CryptoKey));
}

function serialised(general: boolean) {
  return written((token) => {
    const [header, payload, signature] = token.split('.');
    const signed = { protected: header, signature };
    return JSON.stringify(general ? { payload, signatures: [signed] } : { payload, ...signed });
  });
}

/** Cases 1 to 16: how a token is sent. */
export const transport: readonly Attack[] = [
  [1, 'no token', sent('/credentials'), ...NO_TOKEN],
  [1, 'another scheme', sent('/credentials', { Authorization: 'Basic YTpi' }), ...NO_TOKEN],
  [1, 'the token without a scheme', presented({ scheme: '' }), ...NO_TOKEN],
  [2, 'bearer in lower case', presented({ scheme: 'bearer' }), 200],
  [2, 'BEARER in capitals', presented({ scheme: 'BEARER' }), 200],
  [3, 'two tokens in one header', (t) => t.present(`${t.token()}, Bearer ${t.token()}`), ...BAD_REQUEST],
  [
    4,
    'in header and query',
    (t) => t.present(t.token(), { path: `/credentials?access_token=${t.token()}` }),
    ...BAD_REQUEST,
  ],
  [4, 'in the query alone', (t) => sent(`/credentials?access_token=${t.token()}`)(t), ...BAD_REQUEST],
  [
    4,
    'in the query of the container',
    (t) => t.request(`/credentials/container?access_token=${t.token()}`),
    ...BAD_REQUEST,
  ],
  [
    4,
    'in header and JSON body',
    (t) => t.present(t.token(), { headers: json, body: JSON.stringify({ access_token: t.token() }) }),
    ...BAD_REQUEST,
  ],
  [
    4,
    'in header and form',
    (t) => t.present(t.token(), { headers: form, body: `access_token=${t.token()}` }),
    415,
    'media_type_unsupported',
  ],
  [
    4,
    'in a form alone',
    (t) => t.request('/credentials', { method: 'POST', headers: form, body: `access_token=${t.token()}` }),
    ...NO_TOKEN,
  ],
  [5, 'empty', written(() => ''), ...MALFORMED],
  [6, 'of one segment', written((token) => token.replaceAll('.', '')), ...MALFORMED],
  [6, 'of two segments', written((token) => token.replace(/\.[^.]+$/, '')), ...MALFORMED],
  [6, 'of four segments', written((token) => `${token}.AA`), ...MALFORMED],
  [6, 'of five segments', written((token) => `${token}.AA.AA`), ...MALFORMED],
  [6, 'of an empty segment before it', written((token) => `.${token}`), ...MALFORMED],
  [7, 'an empty signature', part(2, () => ''), ...MALFORMED],
  [7, 'an empty payload', part(1, () => ''), ...MALFORMED],
  [7, 'an empty header', part(0, () => ''), ...MALFORMED],
  [8, 'padding behind the signature', part(2, (segment) => `${segment}==`), ...MALFORMED],
  [
    8,
    'padding in what is signed',
    forged({
      payloadText: (text) => text + ' '.repeat((4 - (text.length % 3)) % 3),
      segments: (head, payload) => [head, `${payload}==`],
    }),
    ...MALFORMED,
  ],
  [
    9,
    'the alphabet of base64',
    part(2, (segment) => Buffer.from(segment, 'base64url').toString('base64').replaceAll('=', '')),
    ...MALFORMED,
  ],
  [10, 'a space inside', written((token) => token.replace('.', ' .')), ...MALFORMED],
  [
    10,
    'a space in the signature',
    part(2, (segment) => `${segment.slice(0, 9)} ${segment.slice(9)}`),
    ...MALFORMED,
  ],
  [10, 'a tab inside', written((token) => token.replace('.', '.\t')), ...MALFORMED],
  [12, 'spare bits in the signature', part(2, withSpareBits), ...MALFORMED],
  [12, 'spare bits in the payload that is signed', forged(spareIn(1)), ...MALFORMED],
  [12, 'spare bits in the header that is signed', forged(spareIn(0)), ...MALFORMED],
  [13, 'of exactly 8 KiB', (t) => t.present(ofLength(t, 8192)), 200],
  [13, 'over 8 KiB', (t) => t.present(ofLength(t, 8193)), ...MALFORMED],
  [14, 'as JSON, flattened', serialised(false), ...BAD_REQUEST],
  [14, 'as JSON, general', serialised(true), ...BAD_REQUEST],
  [
    14,
    'as JSON in base64url',
    written((token) => Buffer.from(JSON.stringify({ payload: token })).toString('base64url')),
    ...MALFORMED,
  ],
  [15, 'encrypted', encrypted, ...MALFORMED],
  [15, 'a signed one that calls itself encrypted', forged({ header: { enc: 'A256GCM' } }), ...INVALID],
  [16, 'nested: cty', forged({ header: { cty: 'JWT' } }), ...INVALID],
  [
    16,
    'nested: a token for a payload',
    (t) => t.present(t.token({ payloadText: () => t.token() })),
    ...MALFORMED,
  ],
];
