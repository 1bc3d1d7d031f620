import { describe, expect, it, test } from 'vitest';
import { headerFault, parseCompactJws } from '../../../../functions/core/token/compact-jws.ts';

const encode = (text: string | Uint8Array) => Buffer.from(text).toString('base64url');
const HEADER = encode('{"alg":"RS256","kid":"k"}');
const PAYLOAD = encode('{"sub":"größe 😀"}');
const SIGNATURE = encode(new Uint8Array(64).fill(251));
const JWS = `${HEADER}.${PAYLOAD}.${SIGNATURE}`;

const withHeader = (text: string | Uint8Array) => `${encode(text)}.${PAYLOAD}.${SIGNATURE}`;
const withPayload = (text: string | Uint8Array) => `${HEADER}.${encode(text)}.${SIGNATURE}`;

describe('a compact JWS', () => {
  it('says what its segments say', () => {
    expect(parseCompactJws(JWS)).toEqual({
      header: { alg: 'RS256', kid: 'k' },
      payload: { sub: 'größe 😀' },
    });
  });

  it('may have 8 KiB and no more', () => {
    const signature = 'A'.repeat(8192 - HEADER.length - PAYLOAD.length - 2);
    // Of a length that base64url has.
    const padding = signature.length % 4 === 1 ? ' ' : '';
    const longest = `${encode(`{"alg":"RS256","kid":"k"}${padding}`)}.${PAYLOAD}.`;
    const filled = longest + 'A'.repeat(8192 - longest.length);
    expect(filled).toHaveLength(8192);
    expect(() => parseCompactJws(filled)).not.toThrow();
    expect(() => parseCompactJws(`${filled}AAAA`)).toThrow('longer than 8 KiB');
    expect(() => parseCompactJws('.'.repeat(1_000_000))).toThrow('longer than 8 KiB');
  });

  test.each([
    ['empty', ''],
    ['dots', '..'],
    ['one segment', HEADER],
    ['two segments', `${HEADER}.${PAYLOAD}`],
    ['four segments', `${JWS}.AAAA`],
    ['a JWE', `${HEADER}.${PAYLOAD}.${SIGNATURE}.AAAA.AAAA`],
    ['no header', `.${PAYLOAD}.${SIGNATURE}`],
    ['no payload', `${HEADER}..${SIGNATURE}`],
    ['no signature', `${HEADER}.${PAYLOAD}.`],
    ['the JSON serialisation', JSON.stringify({ protected: HEADER, payload: PAYLOAD, signature: SIGNATURE })],
    ['padding', `${JWS}=`],
    ['padding of a payload', `${HEADER}.${encode('{"a":1} ')}=.${SIGNATURE}`],
    ['the alphabet of base64', `${HEADER}.${PAYLOAD}.${'+/'.repeat(32)}`],
    ['a space inside', JWS.replace('.', '. ')],
    ['a space before', ` ${JWS}`],
    ['a newline behind', `${JWS}\n`],
    ['a newline inside', `${HEADER}.${PAYLOAD}\n.${SIGNATURE}`],
    ['a carriage return behind', `${JWS}\r\n`],
    ['a zero byte behind', `${JWS}\0`],
    ['letters of another script', JWS.replace('A', '\u0410')],
    ['fullwidth letters', JWS.replace('e', '\uff45')],
    ['spare bits in the signature', `${HEADER}.${PAYLOAD}.AB`],
    ['spare bits in the header', `${encode('{"alg":"RS256"} ').replace(/A$/, 'B')}.${PAYLOAD}.${SIGNATURE}`],
    ['spare bits in the payload', `${HEADER}.${encode('{"a":1}').replace(/Q$/, 'R')}.${SIGNATURE}`],
    ['a single character', `${HEADER}.${PAYLOAD}.AAAAA`],
    ['a header that is no JSON', withHeader('alg=RS256')],
    ['a header that is a list', withHeader('["RS256"]')],
    ['alg twice', withHeader('{"alg":"none","alg":"RS256"}')],
    ['alg twice, once escaped', withHeader(String.raw`{"\u0061lg":"none","alg":"RS256"}`)],
    ['a payload that is no JSON', withPayload('sub')],
    ['a payload that is a list', withPayload('[{"sub":"x"}]')],
    ['a payload that is null', withPayload('null')],
    ['a payload that is a string', withPayload('"{}"')],
    ['sub twice', withPayload('{"sub":"a","sub":"b"}')],
    ['sub twice in a claim', withPayload('{"act":{"sub":"a","sub":"b"}}')],
    ['__proto__', withPayload('{"__proto__":{"sub":"admin"}}')],
    ['5,000 levels', withPayload(`{"a":${'['.repeat(2500)}${']'.repeat(2500)}}`)],
    ['a byte order mark', withPayload('\uFEFF{"sub":"x"}')],
    ['a byte order mark in the header', withHeader('\uFEFF{"alg":"RS256"}')],
    ['UTF-16', withPayload(Buffer.from('{"sub":"x"}', 'utf16le'))],
    ['half a character in UTF-8', withPayload(Buffer.from('{"sub":"\xff"}', 'latin1'))],
    ['a character in too many bytes', withPayload(Buffer.from('{"sub":"\xc0\x80"}', 'latin1'))],
    ['a surrogate in UTF-8', withPayload(Buffer.from('{"sub":"\xed\xa0\x80"}', 'latin1'))],
    ['bad UTF-8 in the header', withHeader(Buffer.from('{"alg":"\xe9"}', 'latin1'))],
    ['something behind the JSON', withPayload('{"sub":"x"}\0')],
  ])('is refused: %s', (_what, jws) => {
    expect(() => parseCompactJws(jws)).toThrow(SyntaxError);
  });

  it.each(['""', '"A"', '"secret"'])('that is refused is not repeated', (text) => {
    let message = '';
    try {
      parseCompactJws(withPayload(`{"sub":${text}"eyJsecret`));
    } catch (error) {
      message = String(error);
    }
    expect(message).toBe('SyntaxError: not JSON');
  });
});

describe('a header', () => {
  test.each<[string, Record<string, unknown>, readonly string[]]>([
    ['with an algorithm alone', { alg: 'RS256' }, []],
    ['with type and key', { alg: 'RS256', typ: 'at+jwt', kid: 'a' }, []],
    ['with a key of an odd name', { alg: 'RS256', kid: '../"__proto__\'' }, []],
    ['with a key of a long name', { alg: 'RS256', kid: 'k'.repeat(256) }, []],
    ['with what is allowed', { alg: 'RS256', x5t: 'a', 'x5t#S256': 'b' }, ['x5t', 'x5t#S256']],
  ])('is taken %s', (_what, header, allowed) => {
    expect(headerFault(header, allowed)).toBeUndefined();
  });

  test.each<[string, Record<string, unknown>]>([
    ['no alg', { alg: undefined }],
    ['alg a list', { alg: ['RS256'] }],
    ['typ a number', { typ: 7 }],
    ['typ null', { typ: null }],
    ['kid a number', { kid: 7 }],
    ['kid an object', { kid: { toString: 'k' } }],
    ['kid null', { kid: null }],
    ['kid empty', { kid: '' }],
    ['kid of 257 characters', { kid: 'k'.repeat(257) }],
    ['kid of 4 KB', { kid: 'k'.repeat(4096) }],
    ['kid with a newline', { kid: 'a\n' }],
    ['kid beyond ASCII', { kid: 'schlüssel' }],
    ['crit', { crit: ['exp'], exp: 1 }],
    ['an empty crit', { crit: [] }],
    ['crit that is no list', { crit: 'b64' }],
    ['crit with b64', { crit: ['b64'], b64: false }],
    ['b64 alone', { b64: false }],
    ['b64 as it is', { b64: true }],
    ['zip', { zip: 'DEF' }],
    ['cty', { cty: 'JWT' }],
    ['enc', { enc: 'A256GCM' }],
    ['a key of its own', { jwk: { kty: 'RSA' } }],
    ['a link to keys', { jku: 'https://evil.example' }],
    ['a link to a certificate', { x5u: 'https://evil.example' }],
    ['a certificate', { x5c: ['AAAA'] }],
    ['a name of every object', { constructor: 'x' }],
    ['an unknown parameter', { nonce: 'x' }],
  ])('is refused with %s', (_what, changes) => {
    expect(headerFault({ alg: 'RS256', ...changes }, ['x5t', 'x5t#S256'])).toEqual(expect.any(String));
  });
});
