import { generateKeyPairSync } from 'node:crypto';
import { readPresentedToken } from '../../functions/api/presented-token.ts';
import { apiUrl } from '../../functions/api/request-context.ts';
import { parseVendRequest } from '../../functions/api/vend-request.ts';
import { parseIssuer } from '../../functions/core/issuer/issuer.ts';
import { parseKeySet } from '../../functions/core/issuer/issuer-key-set.ts';
import { parseProfile } from '../../functions/core/profile/profile.ts';
import { isScopeValue } from '../../functions/core/profile/scope-parameters.ts';
import { parseScopePattern, wholeOf } from '../../functions/core/profile/scope-pattern.ts';
import { secret } from '../../functions/core/secret.ts';
import { parseStrictJson } from '../../functions/core/strict-json.ts';
import { parseCompactJws } from '../../functions/core/token/compact-jws.ts';
import { parseDpopProof } from '../../functions/core/token/dpop-proof.ts';
import { RESOURCES } from '../../local/account.ts';
import { createEcSigner } from './keys.ts';
import { NARROW } from './tenants.ts';

/** Something that reads a text of a caller, or of an operator, before anything else is known of it. */
export interface Reader {
  readonly name: string;
  /** Its text, and where there is one, a second that is held against it. */
  readonly parts: readonly Part[];
  /** May throw; how long it takes to do so is what is asked. */
  readonly read: (...texts: string[]) => unknown;
}

/** A text as it grows. */
export interface Part {
  /** The longest that gets there, in characters. */
  readonly most: number;
  /** A text that is taken, in pieces. */
  readonly start: readonly string[];
  /** What makes it slow, perhaps. */
  readonly pieces: readonly string[];
}

/** All headers together, at API Gateway. */
const HEADERS = 10_240;
const BODY = 16_384;
/** Of what is fetched. */
const DOCUMENT = 65_536;

const encode = (text: string) => Buffer.from(text).toString('base64url');
const EC_KEY = createEcSigner('reader').jwk;
const rsaKey = (kid: number) => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...publicKey.export({ format: 'jwk' }), kid: String(kid) };
};
const [RSA_KEY, ...KEYS] = [0, 1, 2].map(rsaKey).map((key) => JSON.stringify(key));

const JSON_PIECES = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  '\\',
  '\\"',
  ' ',
  '\n',
  '"a":',
  '{"a":',
  '[[',
  ']]',
  '1',
  '1e',
  '-',
  '\\u0061',
  '"\\":',
  '"a",',
  '{},',
  '{"a":1},',
];
const PATTERN = {
  most: 256,
  start: ['a*', 'a*', 'b'],
  pieces: [
    'a',
    'a*',
    'a+',
    'a?',
    'a{1,3}',
    'a{0,30}',
    'a{9}',
    '.*',
    '.',
    '[^b]*',
    '\\w*',
    '(?:a|b)',
    '(?:a|aa)',
    '(',
    ')',
    '(?:',
    '|',
    '*',
    '?',
    'b',
    '!',
    '^',
  ],
};
const VALUE = { most: 256, start: ['aaaaaaaa'], pieces: ['a', 'aa', 'b', '-', '/', '!', '\u{1f600}'] };

/** Everything that looks at a text before it knows whose it is. */
export const READERS: readonly Reader[] = [
  {
    name: 'Authorization',
    parts: [
      {
        most: HEADERS,
        start: ['Bearer ', 'aaaa'],
        pieces: ['Bearer ', 'DPoP ', ' ', 'a', '=', '.', ',', '\t', '~', '"'],
      },
    ],
    read(authorization) {
      const request = { method: 'POST', url: 'https://vend.example' };
      return readPresentedToken({ authorization, proof: undefined, request, certificate: undefined });
    },
  },
  {
    name: 'compact JWS',
    parts: [
      {
        most: 8192,
        start: ['e30', '.', 'e30', '.', 'AA'],
        pieces: ['.', 'a', '-', '_', 'e30', '=', ' ', 'AA'],
      },
    ],
    read: parseCompactJws,
  },
  {
    name: 'claims',
    parts: [{ most: 6000, start: ['{', '"a":', '"\\u0061"', '}'], pieces: JSON_PIECES }],
    read: (text) => parseCompactJws(`e30.${encode(text)}.AA`),
  },
  {
    name: 'DPoP proof',
    parts: [
      {
        most: 3000,
        start: ['{"typ":"dpop+jwt","alg":"RS256","jwk":', RSA_KEY ?? '', '}'],
        pieces: ['"', ',', '"a":1,', '}', 'A', '_'],
      },
    ],
    read: (text) => parseDpopProof(secret(`${encode(text)}.e30.AA`)),
  },
  {
    name: 'body',
    parts: [
      {
        most: BODY,
        start: ['{', '"scope":', '{', '"folder":', '"a/"', '}', '}'],
        pieces: [...JSON_PIECES, '"a":"b",'],
      },
    ],
    read: (text) => parseVendRequest(text, 'application/json'),
  },
  {
    name: 'Content-Type',
    parts: [
      {
        most: HEADERS,
        start: ['application/json', ';', ' ', 'charset', '=', 'utf-8'],
        pieces: [' ', ';', 'charset', '=', '"', 'utf-8', 'x', '; ', ' charset', '\t'],
      },
    ],
    read: (text) => parseVendRequest('{}', text),
  },
  {
    name: 'strict JSON',
    parts: [{ most: DOCUMENT, start: ['[', '"\\\\"', ',', '{', '"a":', '1', '}', ']'], pieces: JSON_PIECES }],
    read: parseStrictJson,
  },
  {
    name: 'key set',
    parts: [
      {
        most: DOCUMENT,
        start: ['{"keys":[', RSA_KEY ?? '', ']}'],
        pieces: [...KEYS, JSON.stringify(EC_KEY)].map((key) => `${key},`).concat('{},', '1,'),
      },
    ],
    read: (text) => parseKeySet(JSON.parse(text)),
  },
  {
    name: 'URL of the API',
    parts: [
      { most: HEADERS, start: ['/v1'], pieces: ['/', '.', '~', 'a', '//', '%', '-', ':', '/a', '[', ']'] },
    ],
    read: (text) => apiUrl(`https://a${text}/credentials`, '/credentials'),
  },
  {
    name: 'scope value',
    parts: [PATTERN, VALUE],
    read: (pattern, value = '') => isScopeValue(value, parseScopePattern('folder', pattern ?? '')),
  },
  {
    name: 'subject',
    parts: [PATTERN, VALUE],
    read(subjectPattern = '', value = '') {
      const terms = {
        url: 'https://issuer.example',
        audience: 'a',
        jwks: { keys: [EC_KEY] },
        subjectPattern,
      };
      parseIssuer({ ...terms, binding: { kind: 'claim', claim: 'tenant' } });
      return wholeOf(subjectPattern).test(value);
    },
  },
  {
    name: 'Resource of a profile',
    parts: [
      {
        most: 1024,
        start: ['arn:aws:s3:::b/', '{{tenant.id}}', '/', '{{scope.folder}}', '*'],
        pieces: ['{{tenant.id}}', '{{', '}}', '/', '*', '${*}', '${', '$', ':', '{{scope.folder}}', 'a'],
      },
    ],
    read(Resource = '') {
      const [statement] = NARROW.policy.Statement;
      const policy = { ...NARROW.policy, Statement: [{ ...statement, Resource }] };
      return parseProfile({ ...NARROW, policy }, RESOURCES);
    },
  },
];
