import { expect } from 'vitest';
import { type Attack, INVALID, MALFORMED } from './attack.ts';
import { type Forgery, hmacOf, type Signer, signerOf } from './forge-token.ts';
import type { Target } from './target.ts';

/** Each of them signed by the right key, so that nothing but the header can be the reason. */
const forged = (forgery: Forgery, issuer?: string) => (t: Target) => t.present(t.token(forgery, issuer));
const header = (members: Record<string, unknown>) => forged({ header: members });
/** In JSON as it stands here, before the rest. */
const text = (members: string) => forged({ headerText: (json) => `{${members},${json.slice(1)}` });

/** Signed by whatever the attack has in its hands. */
const signed =
  (members: Record<string, unknown>, signer: (t: Target) => Signer, issuer?: string) => (t: Target) =>
    t.present(t.token({ header: members, signer: signer(t) }, issuer));
const byAttacker = (members: (t: Target) => Record<string, unknown>) => (t: Target) =>
  t.present(t.token({ header: members(t), signer: signerOf('RS256', t.attacker.privateKey) }));

const UNSIGNED: Signer = () => Buffer.alloc(1);
const published = (t: Target) => t.publicKeyOf();
const spki = (t: Target) => published(t).export({ type: 'spki', format: 'pem' });
const pkcs1 = (t: Target) => published(t).export({ type: 'pkcs1', format: 'pem' });
const jwk = (t: Target) => JSON.stringify(published(t).export({ format: 'jwk' }));
const CHAIN = ['MIIBfjCCASOgAwIBAgIUSJRdtjitdjs1tWI54MrE0RyJgbMwCgYIKoZIzj0EAwIw'];

/** Issuers of other terms than the default: one that may sign by everything, and two that may name their tokens otherwise. */
export const HEADER_TERMS = {
  polyglot: { algorithms: ['RS256', 'RS384', 'PS256', 'ES256', 'ES384', 'EdDSA'] },
  plain: { tokenTypes: ['jwt'] },
  untyped: { tokenTypes: ['none'] },
};

/** Under keys of which each says its algorithm, at an issuer whose record allows all of them. */
const polyglot =
  (alg: string, kid: 'rs256' | 'ps256' | 'es256', signAs = alg) =>
  (t: Target) => {
    t.issuerOf('polyglot').answerWith((_request, response) => response.end(JSON.stringify(t.polyglot.jwks)));
    const signer = signerOf(signAs, t.polyglot.privateKeys[kid]);
    return t.present(t.token({ header: { alg, kid }, signer }, 'polyglot'));
  };

/** To an instance that knows no keys yet, which does not ask for any on that account. */
const cold = (forgery: Forgery) => async (t: Target) => {
  const fetches = t.issuer.fetches();
  const instance = await t.instance();
  const response = await instance.present(t.token(forgery));
  expect(t.issuer.fetches()).toBe(fetches);
  return response;
};
const coldHeader = (members: Record<string, unknown>) => cold({ header: members });

/** Cases 17 to 41: what a token says of how it is to be read. */
export const headers: readonly Attack[] = [
  [17, 'alg none', signed({ alg: 'none' }, () => UNSIGNED), ...INVALID],
  [17, 'alg None', signed({ alg: 'None' }, () => UNSIGNED), ...INVALID],
  [17, 'alg NONE', signed({ alg: 'NONE' }, () => UNSIGNED), ...INVALID],
  [17, 'alg none without a signature', signed({ alg: 'none' }, () => () => Buffer.alloc(0)), ...MALFORMED],
  [17, 'alg none over a good signature', header({ alg: 'none' }), ...INVALID],
  [17, 'no alg', header({ alg: undefined }), ...INVALID],
  [17, 'alg a list', header({ alg: ['RS256'] }), ...INVALID],
  [17, 'alg none, before keys are fetched', coldHeader({ alg: 'none' }), ...INVALID],
  [18, 'HS256 with the PEM as secret', signed({ alg: 'HS256' }, (t) => hmacOf(spki(t))), ...INVALID],
  [18, 'HS256 with the PEM of PKCS #1', signed({ alg: 'HS256' }, (t) => hmacOf(pkcs1(t))), ...INVALID],
  [19, 'HS256 with the JWK as secret', signed({ alg: 'HS256' }, (t) => hmacOf(jwk(t))), ...INVALID],
  [20, 'rs256', header({ alg: 'rs256' }), ...INVALID],
  [20, 'RS256 and a space', header({ alg: 'RS256 ' }), ...INVALID],
  [21, 'RS384', signed({ alg: 'RS384' }, (t) => signerOf('RS384', t.keyOf())), ...INVALID],
  [21, 'RS384, before keys are fetched', coldHeader({ alg: 'RS384' }), ...INVALID],
  [21, 'RS384 under a key for RS256', polyglot('RS384', 'rs256'), ...INVALID],
  [21, 'RS384 in name alone', polyglot('RS384', 'rs256', 'RS256'), ...INVALID],
  [22, 'PS256', signed({ alg: 'PS256' }, (t) => signerOf('PS256', t.keyOf())), ...INVALID],
  [22, 'PS256 under a key for RS256', polyglot('PS256', 'rs256'), ...INVALID],
  [22, 'RS256 under a key for PS256', polyglot('RS256', 'ps256'), ...INVALID],
  [22, 'PS256 under a key for it', polyglot('PS256', 'ps256'), 200, 'umbra'],
  [23, 'ES384 on P-256', polyglot('ES384', 'es256'), ...INVALID],
  [23, 'ES384 on P-256, in name alone', polyglot('ES384', 'es256', 'ES256'), ...INVALID],
  [23, 'ES256 on P-256', polyglot('ES256', 'es256'), 200, 'umbra'],
  [24, 'jwk, and signed by it', byAttacker((t) => ({ jwk: t.attacker.jwk })), ...INVALID],
  [24, 'jwk', (t) => header({ jwk: t.attacker.jwk })(t), ...INVALID],
  [25, 'jku, and signed by it', byAttacker((t) => ({ jku: `${t.canary.url}/jwks` })), ...INVALID],
  [25, 'jku', (t) => header({ jku: `${t.canary.url}/jwks` })(t), ...INVALID],
  [25, "jku of the issuer's own", (t) => header({ jku: t.issuer.jwksUri })(t), ...INVALID],
  [25, 'jku, before keys are fetched', coldHeader({ jku: 'https://canary.example' }), ...INVALID],
  [26, 'x5u, and signed by it', byAttacker((t) => ({ x5u: `${t.canary.url}/chain` })), ...INVALID],
  [26, 'x5u', (t) => header({ x5u: `${t.canary.url}/chain` })(t), ...INVALID],
  [27, 'x5c, and signed by another', byAttacker(() => ({ x5c: CHAIN })), ...INVALID],
  [27, 'x5c', header({ x5c: CHAIN }), ...INVALID],
  [28, 'an unknown crit', header({ crit: ['canary'], canary: 1 }), ...INVALID],
  [28, 'crit a text', header({ crit: 'canary', canary: 1 }), ...INVALID],
  [29, 'an empty crit', header({ crit: [] }), ...INVALID],
  [30, 'crit with a standard name', header({ crit: ['alg'] }), ...INVALID],
  [30, 'crit with a name twice', header({ crit: ['b64', 'b64'], b64: true }), ...INVALID],
  [31, 'crit with a name that is absent', header({ crit: ['b64'] }), ...INVALID],
  [32, 'b64 false, and crit', header({ crit: ['b64'], b64: false }), ...INVALID],
  [32, 'b64 true, and crit', header({ crit: ['b64'], b64: true }), ...INVALID],
  [33, 'b64 false alone', header({ b64: false }), ...INVALID],
  [34, 'zip', header({ zip: 'DEF' }), ...INVALID],
  [35, 'alg twice, none first', text('"alg":"none"'), ...MALFORMED],
  [35, 'alg twice, the same', text('"alg":"RS256"'), ...MALFORMED],
  [35, 'alg twice, once with an escape', text('"\\u0061lg":"none"'), ...MALFORMED],
  [35, 'kid twice', text('"kid":"canary"'), ...MALFORMED],
  [36, 'no kid, with one key', header({ kid: undefined }), ...INVALID],
  [36, 'no kid, with three keys', (t) => noKid(t), ...INVALID],
  [37, 'kid a number', header({ kid: 1 }), ...INVALID],
  [37, 'kid an object', header({ kid: { kid: 'key-1' } }), ...INVALID],
  [37, 'kid a list', header({ kid: ['key-1'] }), ...INVALID],
  [37, 'kid null', header({ kid: null }), ...INVALID],
  [37, 'kid a number, before keys are fetched', coldHeader({ kid: 1 }), ...INVALID],
  [38, 'kid of 4 KB, before keys are fetched', coldHeader({ kid: 'x'.repeat(4096) }), ...INVALID],
  [38, 'kid a path', header({ kid: '../key-1' }), ...INVALID],
  [38, 'kid in quotes', header({ kid: '\'"canary' }), ...INVALID],
  [38, 'kid __proto__', header({ kid: '__proto__' }), ...INVALID],
  [38, 'kid of 4 KB', header({ kid: 'key-1'.repeat(820) }), ...INVALID],
  [38, 'kid with a line feed', header({ kid: 'key-1\n' }), ...INVALID],
  [38, 'kid in capitals', header({ kid: 'KEY-1' }), ...INVALID],
  [39, 'no typ', header({ typ: undefined }), ...INVALID],
  [39, 'typ JWT', header({ typ: 'JWT' }), ...INVALID],
  [39, 'typ dpop+jwt', header({ typ: 'dpop+jwt' }), ...INVALID],
  [39, 'typ JWT, before keys are fetched', coldHeader({ typ: 'JWT' }), ...INVALID],
  [39, 'typ a list', header({ typ: ['at+jwt'] }), ...INVALID],
  [39, 'typ JWT, as the issuer may', forged({ header: { typ: 'JWT' } }, 'plain'), 200, 'umbra'],
  [39, 'no typ, as the issuer may', forged({ header: { typ: undefined } }, 'untyped'), 200, 'umbra'],
  [39, 'typ none, where there may be none', forged({ header: { typ: 'none' } }, 'untyped'), ...INVALID],
  [40, 'typ AT+JWT', header({ typ: 'AT+JWT' }), 200],
  [40, 'typ application/at+jwt', header({ typ: 'application/at+jwt' }), 200],
  [41, 'a BOM before the header', forged({ headerText: (json) => `\uFEFF${json}` }), ...MALFORMED],
  [41, 'a BOM before the claims', forged({ payloadText: (json) => `\uFEFF${json}` }), ...MALFORMED],
  [41, 'bad UTF-8 in the header', forged({ headerText: notUtf8 }), ...MALFORMED],
  [41, 'bad UTF-8 in the claims', forged({ payloadText: notUtf8 }), ...MALFORMED],
  [41, 'UTF-16', forged({ payloadText: (json) => Buffer.from(json, 'utf16le') }), ...MALFORMED],
];

function notUtf8(json: string): Buffer {
  return Buffer.from(`{"note":"\xff",${json.slice(1)}`, 'latin1');
}

function noKid(t: Target): Promise<Response> {
  t.issuerOf('polyglot').answerWith((_request, response) => response.end(JSON.stringify(t.polyglot.jwks)));
  const signer = signerOf('RS256', t.polyglot.privateKeys.rs256);
  return t.present(t.token({ header: { kid: undefined }, signer }, 'polyglot'));
}
