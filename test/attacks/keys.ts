import { createPublicKey } from 'node:crypto';
import { expect } from 'vitest';
import { type Attack, INVALID, NO_KEYS } from './attack.ts';
import { type Forgery, hmacOf, type Signer, signerOf } from './forge-token.ts';
import { startSite } from './key-site.ts';
import type { Target } from './target.ts';
import { exponentOne, rocaKey, rsaKey, type WeakKey } from './weak-keys.ts';

/** Issuers whose keys the attacks publish. */
export const KEYS_TERMS = {
  keys: { algorithms: ['RS256', 'ES256'] },
  discovered: { discovery: true },
};

/** A new instance, a set of keys as it is served, and one token. */
const served =
  (keys: (own: object, t: Target) => readonly object[], forgery: (t: Target) => Forgery = () => ({})) =>
  async (t: Target) => {
    const { publish, own, present } = await startSite(t);
    publish(...keys(own, t));
    return present(forgery(t));
  };
const weak = (make: () => WeakKey) => async (t: Target) => {
  const { jwk, signer } = make();
  return served(
    () => [{ ...jwk, kid: 'key-1' }],
    () => ({ signer }),
  )(t);
};
const ecSigner = (t: Target): Signer => signerOf('ES256', t.polyglot.privateKeys.es256);
const secret = { kty: 'oct', k: Buffer.from('canary-secret').toString('base64url'), kid: 'secret' };

type Answer = Parameters<Awaited<ReturnType<typeof startSite>>['answerWith']>[0];

/** A new instance, and an issuer that answers so. */
const answered =
  (answer: (t: Target, keys: string) => Answer, forgery: (t: Target) => Forgery = () => ({})) =>
  async (t: Target) => {
    const { answerWith, own, present } = await startSite(t);
    answerWith(answer(t, JSON.stringify({ keys: [own] })));
    return present(forgery(t));
  };
const failing = (status: number) => answered((_t, set) => (_q, r) => r.writeHead(status).end(set));
const byAttacker = (t: Target) => ({ signer: signerOf('RS256', t.attacker.privateKey) });

async function withoutHttp(t: Target): Promise<Response> {
  const { present, fetches } = await startSite(t, { LATCHKEY_LOOPBACK_ISSUERS: undefined });
  const response = await present();
  expect(fetches()).toBe(0);
  return response;
}

/** Metadata of an issuer whose record says that it has some. */
const described = (metadata: (t: Target, url: string) => object) => async (t: Target) => {
  const issuer = t.issuerOf('discovered');
  const jwk = createPublicKey(t.keyOf('discovered')).export({ format: 'jwk' });
  issuer.answerWith(({ url = '' }, response) => {
    const isMetadata = url.startsWith('/.well-known/');
    const own = { issuer: issuer.url, jwks_uri: issuer.jwksUri, ...metadata(t, issuer.url) };
    response.end(JSON.stringify(isMetadata ? own : { keys: [{ ...jwk, kid: 'key-1' }] }));
  });
  const instance = await t.instance();
  return instance.present(t.token({}, 'discovered'));
};

/** Cases 75 to 85: what an issuer signs with, and how that is had. */
export const keys: readonly Attack[] = [
  [
    75,
    'a JWKS that redirects',
    answered((t) => (_q, r) => r.writeHead(302, { location: `${t.canary.url}/jwks` }).end(), byAttacker),
    ...NO_KEYS,
  ],
  [
    75,
    'a JWKS that redirects for good',
    answered((t) => (_q, r) => r.writeHead(308, { location: `${t.canary.url}/jwks` }).end(), byAttacker),
    ...NO_KEYS,
  ],
  [75, 'a JWKS that redirects, with keys in its body', failing(302), ...NO_KEYS],
  [76, 'a JWKS of 66 KB', answered((_t, set) => (_q, r) => r.end(set + ' '.repeat(66_000))), ...NO_KEYS],
  [76, 'a JWKS of 20 MB', answered((_t, set) => (_q, r) => r.end(set + ' '.repeat(20_000_000))), ...NO_KEYS],
  [76, 'a JWKS of 101 keys', served((own) => [own, ...Array(100).fill({})]), ...NO_KEYS],
  [77, 'a JWKS that does not come', answered(() => () => {}), ...NO_KEYS],
  [77, 'a JWKS that drips', answered((_t, set) => (_q, r) => drip(r, set)), ...NO_KEYS],
  [78, 'an http JWKS outside local mode', withoutHttp, ...NO_KEYS],
  [79, 'metadata of itself', described(() => ({})), 200, 'umbra'],
  [79, 'metadata whose issuer differs', described((t) => ({ issuer: t.canary.url })), ...NO_KEYS],
  [79, 'metadata with a trailing slash', described((_t, url) => ({ issuer: `${url}/` })), ...NO_KEYS],
  [79, 'metadata without an issuer', described(() => ({ issuer: undefined })), ...NO_KEYS],
  [79, 'metadata that leads to a file', described(() => ({ jwks_uri: 'file:///etc/passwd' })), ...NO_KEYS],
  [
    79,
    'metadata that leads elsewhere by http',
    described(() => ({ jwks_uri: 'http://169.254.169.254/jwks' })),
    ...NO_KEYS,
  ],
  [80, 'RSA of 1024 bits', weak(() => rsaKey({ modulusLength: 1024 })), ...INVALID],
  [80, 'RSA with the exponent 1', weak(exponentOne), ...INVALID],
  [80, 'RSA with the exponent 3', weak(() => rsaKey({ publicExponent: 3 })), ...INVALID],
  [80, 'a modulus of ROCA', weak(rocaKey), ...INVALID],
  [
    81,
    'a point off the curve',
    (t) =>
      served(
        () => [offCurve(t)],
        () => ({ header: { alg: 'ES256' }, signer: ecSigner(t) }),
      )(t),
    ...INVALID,
  ],
  [82, 'kid twice, by the first', served((own, t) => [own, t.attacker.jwk]), ...INVALID],
  [82, 'kid twice, of two kinds', served((own, t) => [own, ecKey(t)]), ...INVALID],
  [82, 'kid twice, by the second', served((own, t) => [own, t.attacker.jwk], byAttacker), ...INVALID],
  [
    83,
    'an oct key',
    served(
      (own) => [own, secret],
      () => ({ header: { alg: 'HS256', kid: 'secret' }, signer: hmacOf('canary-secret') }),
    ),
    ...INVALID,
  ],
  [83, 'an oct key beside a good one', served((own) => [own, secret]), ...NO_KEYS],
  [83, 'a private key', served((own) => [{ ...own, d: 'AAAA' }]), ...NO_KEYS],
  [84, 'use enc', served((own) => [{ ...own, use: 'enc' }]), ...INVALID],
  [84, 'key_ops without verify', served((own) => [{ ...own, key_ops: ['encrypt', 'wrapKey'] }]), ...INVALID],
  [84, 'an alg of encryption', served((own) => [{ ...own, alg: 'RSA-OAEP-256' }]), ...INVALID],
  [85, 'the JWKS is down: cold', answered(() => (_q, r) => r.writeHead(500).end()), ...NO_KEYS],
  [85, 'the JWKS is down: cold, with keys in its body', failing(500), ...NO_KEYS],
  [85, 'the JWKS hangs up: cold', answered(() => (q) => q.socket.destroy()), ...NO_KEYS],
];

const ecKey = (t: Target) => ({
  ...createPublicKey(t.polyglot.privateKeys.es256).export({ format: 'jwk' }),
  kid: 'key-1',
});

function offCurve(t: Target): object {
  const key = ecKey(t);
  return { ...key, y: key.x };
}

function drip(
  response: { write(text: string): void; on(event: 'close', done: () => void): void },
  text: string,
) {
  let at = 0;
  const timer = setInterval(() => response.write(text[at++] ?? ' '), 20);
  response.on('close', () => clearInterval(timer));
}
