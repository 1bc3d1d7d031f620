import fc from 'fast-check';
import { json, type MemberValue, memberEdits, type ObjectChange } from './json-members.ts';
import { textEdits } from './odd-values.ts';
import { AUDIENCE, ISSUERS, type IssuerName, KEY_ID, type SignerName } from './tenants.ts';
import { type TokenPlan, UNCHANGED } from './token-plan.ts';

const seconds = (...values: readonly number[]) =>
  values.map((secondsFromNow): MemberValue => ({ secondsFromNow }));
const urls = Object.values(ISSUERS).map(({ url }) => url);

const HEADER = memberEdits({
  alg: ['EdDSA', 'ES256', 'RS256', 'HS256', 'none', 'NONE', 'PS256', 'RS384', 'eddsa', 'Ed25519'].map(json),
  typ: ['at+jwt', 'AT+JWT', 'application/at+jwt', 'JWT', 'dpop+jwt', 'none', 'application/none'].map(json),
  kid: [KEY_ID, 'key-2', '../key-1', '__proto__', 7].map(json),
  x5t: ['abc'].map(json),
  crit: [['exp'], []].map(json),
  b64: [false].map(json),
  zip: ['DEF'].map(json),
  cty: ['JWT'].map(json),
  jku: ['http://127.0.0.1:1/jwks'].map(json),
  jwk: [{ kty: 'oct', k: 'AA' }].map(json),
});

const PAYLOAD = memberEdits({
  iss: [
    ...urls.flatMap((url) => [
      url,
      `${url}/`,
      url.toUpperCase(),
      `${url}?`,
      `${url}@evil.example`,
      ` ${url}`,
      [url],
    ]),
    'https://unknown.example',
    'http://169.254.169.254/',
  ].map(json),
  aud: [
    AUDIENCE,
    [AUDIENCE],
    ['other', AUDIENCE],
    [[AUDIENCE]],
    `${AUDIENCE}/`,
    'https://sibling.example',
    [],
  ].map(json),
  tenant: [
    'acme',
    'acme-prod',
    'Globex Corp',
    'globex',
    'sleepy',
    'initech',
    'Acme',
    ['acme'],
    'globex corp',
  ].map(json),
  sub: ['svc-a', 'svc-A', 'xsvc-a', 'svc-ab1', 'svc-a\n', ' ', '', 'a'.repeat(257), { a: 1 }].map(json),
  exp: seconds(-3600, -31, -29, -1, 0, 1, 100, 599, 3600, 86_399, 86_401, 1e9),
  iat: seconds(-90_000, -600, -301, -299, -1, 0, 29, 45, 3600),
  nbf: seconds(-1, 0, 29, 45, 3600),
  scope: ['vend', 'other', '', 'vend other', ['vend'], ' vend '].map(json),
  client_id: ['app-1', 'app-2', ''].map(json),
  azp: ['app-1', 'app-2'].map(json),
  env: ['prod', 'dev', ['prod']].map(json),
  jti: ['used', '', 'a'].map(json),
  cnf: [null, {}, { jkt: 'a'.repeat(43) }, { 'x5t#S256': 'a'.repeat(43) }].map(json),
});

const some = (change: fc.Arbitrary<ObjectChange>, weight: number) =>
  fc.oneof({ weight: 1, arbitrary: fc.constant(UNCHANGED) }, { weight, arbitrary: change });

/** Pieces that stand in tokens, or nearly. */
const PIECES = [
  '.',
  '..',
  '=',
  '-',
  '_',
  '+',
  '/',
  'A',
  'B',
  'z',
  '9',
  ' ',
  '\t',
  'e30',
  'e30.e30.',
  '\u00e9',
];

/** Tokens with anything wrong in them, or nothing. */
export const tokenPlans: fc.Arbitrary<TokenPlan> = fc.record({
  issuer: fc.constantFrom<IssuerName>('pool', 'pool', 'initech', 'hooli'),
  signer: fc.oneof(
    { weight: 9, arbitrary: fc.constant(undefined) },
    fc.constantFrom<SignerName>('pool', 'initech', 'hooli', 'attacker', 'hmac', 'unsigned'),
  ),
  header: some(HEADER, 1),
  payload: some(PAYLOAD, 2),
  wire: fc.oneof({ weight: 6, arbitrary: fc.constant([]) }, textEdits(PIECES)),
  segments: fc.oneof(
    { weight: 12, arbitrary: fc.constant('as they are' as const) },
    fc.constantFrom('padded', 'swapped', 'four', 'two', 'spare bits'),
  ),
});
