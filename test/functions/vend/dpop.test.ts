import { generateKeyPairSync, KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, type JWK, type JWTPayload } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { type BoundCaller, codeOf, startBoundCaller } from './bound-caller.ts';
import { compact, createDpopClient, digest, type ProofChanges, proofClaims } from './dpop-client.ts';

const ALGS = 'algs="ES256 ES384 EdDSA RS256 PS256"';
const now = () => Math.floor(Date.now() / 1000);

describe.each(['http', 'lambda'] as const)('over %s', (way) => {
  let caller: BoundCaller;
  beforeAll(async () => {
    caller = await startBoundCaller(way);
  });
  afterAll(() => caller.close());
  beforeEach(() => caller.reset());

  const url = () => `${caller.api}/credentials`;

  describe('a token that is bound to a key', () => {
    test.each(['ES256', 'ES384', 'EdDSA', 'RS256', 'PS256'])('vends with a proof by %s', async (alg) => {
      const by = await createDpopClient(alg);
      const token = await caller.bound({}, { by });
      const response = await caller.present(token, await caller.prove(token, {}, by));
      expect([response.status, response.headers.has('dpop-nonce')]).toEqual([200, false]);
      expect(caller.latchkey.audited).toMatchObject([
        { code: 'granted', tenantId: 'acme', senderConstraint: 'dpop' },
      ]);
      expect(caller.writes()).toBe(1);
    });

    test.each<[what: string, changes: () => Partial<ProofChanges>]>([
      ['made 55 seconds ago', () => ({ claims: { iat: now() - 55 } })],
      ['of a clock that is 3 seconds ahead', () => ({ claims: { iat: now() + 3 } })],
      ['made at a part of a second', () => ({ claims: { iat: Date.now() / 1000 } })],
      ['with query and fragment in htu', () => ({ claims: { htu: `${url()}?a=b#c` } })],
      [
        'with scheme and host of htu in capitals',
        () => ({ claims: { htu: url().replace(/^\w+:\/\/[^/]+/, (all) => all.toUpperCase()) } }),
      ],
      ['with a nonce that nobody asked for', () => ({ claims: { nonce: 'n' } })],
      ['with claims of the client’s own', () => ({ claims: { own: 'a', exp: now() + 9, nbf: now() } })],
      ['that names its key as well', () => ({ header: { kid: 'key-1' } })],
    ])('vends with a proof %s', async (_what, changes) => {
      const token = await caller.bound();
      expect((await caller.present(token, await caller.prove(token, changes()))).status).toBe(200);
    });

    it('vends under a scheme in lower case', async () => {
      const token = await caller.bound();
      const headers = { Authorization: `dpop ${token}`, DPoP: await caller.prove(token) };
      expect((await caller.post(headers)).status).toBe(200);
    });

    it('is told who it is, on a proof for that', async () => {
      const token = await caller.bound();
      const DPoP = await caller.prove(token, { method: 'GET', url: `${caller.api}/whoami` });
      const headers = { Authorization: `DPoP ${token}`, DPoP };
      expect((await caller.latchkey.request('/whoami', { headers })).status).toBe(200);
    });
  });

  describe('a proof does not count', () => {
    type Make = (token: string) => string | Promise<string>;
    type Row = readonly [what: string, about: string, make: Make];
    const claim =
      (claims: (token: string) => Record<string, unknown>): Make =>
      (token) =>
        caller.prove(token, { claims: claims(token) });
    const header =
      (changes: () => Record<string, unknown>): Make =>
      (token) =>
        caller.prove(token, { header: changes() });
    /** With the text of header and claims as the test writes it, and a good signature. */
    const written =
      (write: (header: string, claims: string) => [string, string]): Make =>
      (token) => {
        const head = JSON.stringify({ alg: 'ES256', typ: 'dpop+jwt', jwk: caller.client.jwk });
        const claims = JSON.stringify(proofClaims({ method: 'POST', url: url(), token }));
        return compact(...write(head, claims), KeyObject.from(caller.client.privateKey));
      };
    const inHeader = (member: string) => written((head, claims) => [`{${member},${head.slice(1)}`, claims]);
    const alg = (name: string) => written((head, claims) => [head.replace('ES256', name), claims]);
    const change =
      (edit: (proof: string) => string): Make =>
      async (token) =>
        edit(await caller.prove(token));
    const by = (name: string) => async (token: string) =>
      caller.prove(token, {}, await createDpopClient(name));

    const FORM: readonly Row[] = [
      ['empty', 'compact form', () => ''],
      ['no JWS', 'compact form', () => 'nonsense'],
      ['of two segments', 'compact form', change((proof) => proof.split('.').slice(0, 2).join('.'))],
      ['of four segments', 'compact form', change((proof) => `${proof}.a`)],
      ['without a signature', 'compact form', change((proof) => proof.replace(/[^.]+$/, ''))],
      ['with padding', 'compact form', change((proof) => `${proof}==`)],
      ['with a space inside', 'compact form', change((proof) => proof.replace('.', ' .'))],
      [
        'with spare bits',
        'compact form',
        change((proof) => proof.replace(/.$/, (last) => SPARE[last] ?? '')),
      ],
      ['over 4 KiB', '4096 characters', claim(() => ({ pad: 'x'.repeat(4096) }))],
      ['with an array for claims', 'compact form', written((head) => [head, '[]'])],
      ['with null for claims', 'compact form', written((head) => [head, 'null'])],
      ['with broken JSON', 'compact form', written((head) => [head, '{'])],
      ['with a byte order mark', 'compact form', written((head, claims) => [head, `\uFEFF${claims}`])],
      ['with alg twice', 'compact form', inHeader('"alg":"none"')],
      ['with jti twice', 'compact form', written((head, claims) => [head, `{"jti":"a",${claims.slice(1)}`])],
      ['with __proto__', 'compact form', inHeader('"__proto__":{}')],
    ];
    const HEADER: readonly Row[] = [
      ['without typ', 'typ', header(() => ({ typ: undefined }))],
      ['of typ JWT', 'typ', header(() => ({ typ: 'JWT' }))],
      ['of typ at+jwt', 'typ', header(() => ({ typ: 'at+jwt' }))],
      ['of typ DPOP+JWT', 'typ', header(() => ({ typ: 'DPOP+JWT' }))],
      ['without alg', 'alg', written((head, claims) => [head.replace('"alg":"ES256",', ''), claims])],
      ['of alg none', 'alg', alg('none')],
      ['of alg es256', 'alg', alg('es256')],
      ['of alg ES384 under a key of P-256', 'alg', alg('ES384')],
      ['of alg RS256 under a key of P-256', 'alg', alg('RS256')],
      ['of alg HS256', 'alg', alg('HS256')],
      ['by ES512', 'alg', by('ES512')],
      ['by RS512', 'alg', by('RS512')],
      ['with a symmetric key', 'jwk', header(() => ({ jwk: { kty: 'oct', k: 'c2VjcmV0' } }))],
      ['without jwk', 'jwk', header(() => ({ jwk: undefined }))],
      ['with jwk a text', 'jwk', header(() => ({ jwk: JSON.stringify(caller.client.jwk) }))],
      ['with its private key', 'jwk', header(() => ({ jwk: caller.client.privateJwk }))],
      [
        'with a key off its curve',
        'jwk',
        header(() => ({ jwk: { ...caller.client.jwk, y: caller.client.jwk.x } })),
      ],
      ['with a key for encryption', 'jwk', header(() => ({ jwk: { ...caller.client.jwk, use: 'enc' } }))],
      ['with a name in place of a key', 'jwk', header(() => ({ jwk: undefined, kid: caller.client.jkt }))],
      ['with jku', 'parameter', inHeader('"jku":"https://evil.example/jwks"')],
      ['with x5u', 'parameter', inHeader('"x5u":"https://evil.example/chain"')],
      ['with x5c', 'parameter', inHeader('"x5c":["AA=="]')],
      ['with crit', 'parameter', inHeader('"crit":["exp"],"exp":1')],
      ['with an empty crit', 'parameter', inHeader('"crit":[]')],
      ['with b64', 'parameter', inHeader('"b64":true')],
      ['with zip', 'parameter', inHeader('"zip":"DEF"')],
    ];
    const SIGNATURE: readonly Row[] = [
      ['by another’s key', 'key', (token) => caller.prove(token, {}, caller.other)],
      [
        'by another’s key under one’s own',
        'signature',
        (token) => caller.prove(token, { key: caller.other.privateKey }),
      ],
      [
        'by one’s own under another’s',
        'key',
        (token) => caller.prove(token, { header: { jwk: caller.other.jwk } }),
      ],
      ['of changed claims', 'signature', change((proof) => proof.replace(/(?<=\.)[^.]+/, moved))],
    ];
    const REQUEST: readonly Row[] = [
      ['without htm', 'htm', claim(() => ({ htm: undefined }))],
      ['for another method', 'htm', claim(() => ({ htm: 'GET' }))],
      ['for the method in lower case', 'htm', claim(() => ({ htm: 'post' }))],
      ['without htu', 'htu', claim(() => ({ htu: undefined }))],
      ['for a list of URLs', 'htu', claim(() => ({ htu: [url()] }))],
      ['for another route', 'htu', claim(() => ({ htu: `${caller.api}/whoami` }))],
      ['for a route below', 'htu', claim(() => ({ htu: `${url()}/` }))],
      ['for the route in capitals', 'htu', claim(() => ({ htu: `${caller.api}/CREDENTIALS` }))],
      ['for another host', 'htu', claim(() => ({ htu: 'https://evil.example/credentials' }))],
      [
        'for another port',
        'htu',
        claim(() => ({ htu: url().replace(/^(\w+:\/\/[^/:]+)(?::\d+)?/, (_, host) => `${host}:9`) })),
      ],
      [
        'for another scheme',
        'htu',
        claim(() => ({ htu: url().replace(/^https?/, (scheme) => (scheme === 'http' ? 'https' : 'http')) })),
      ],
      ['for a relative URL', 'htu', claim(() => ({ htu: '/credentials' }))],
      ['for a URL with a user', 'htu', claim(() => ({ htu: url().replace('://', '://evil@') }))],
      ['for a URL with backslashes', 'htu', claim(() => ({ htu: url().replace('://', ':\\\\') }))],
      ['for a URL with spaces around', 'htu', claim(() => ({ htu: ` ${url()} ` }))],
      ['for a URL that cannot be', 'htu', claim(() => ({ htu: 'https://[::/credentials' }))],
      ['without ath', 'ath', claim(() => ({ ath: undefined }))],
      ['for another token', 'ath', claim(() => ({ ath: digest('another') }))],
      ['with the digest padded', 'ath', claim((token) => ({ ath: `${digest(token)}=` }))],
    ];
    const MOMENT: readonly Row[] = [
      ['without iat', 'iat', claim(() => ({ iat: undefined }))],
      ['with iat a text', 'iat', claim(() => ({ iat: String(now()) }))],
      ['with iat null', 'iat', claim(() => ({ iat: null }))],
      ['made 62 seconds ago', 'iat', claim(() => ({ iat: now() - 62 }))],
      ['made 8 seconds from now', 'iat', claim(() => ({ iat: now() + 8 }))],
      ['made in milliseconds', 'iat', claim(() => ({ iat: Date.now() }))],
      ['that has expired by itself', 'iat', claim(() => ({ exp: now() - 1 }))],
      ['that is not valid yet by itself', 'nbf', claim(() => ({ nbf: now() + 30 }))],
      ['without jti', 'jti', claim(() => ({ jti: undefined }))],
      ['with an empty jti', 'jti', claim(() => ({ jti: '' }))],
      ['with jti a number', 'jti', claim(() => ({ jti: 1 }))],
      ['with a jti of 257 characters', 'jti', claim(() => ({ jti: 'x'.repeat(257) }))],
    ];

    test.each([...FORM, ...HEADER, ...SIGNATURE, ...REQUEST, ...MOMENT])('%s', async (_what, about, make) => {
      const token = await caller.bound();
      const proof = await make(token);
      const response = await caller.present(token, proof);
      const body = await response.text();
      expect([response.status, JSON.parse(body).code]).toEqual([401, 'proof_invalid']);
      expect(JSON.parse(body).detail).toMatch(
        new RegExp(`^the DPoP proof is not valid here: .*\\b${about}\\b`),
      );
      const metadata = `resource_metadata="${caller.api}/.well-known/oauth-protected-resource"`;
      expect(response.headers.get('www-authenticate')).toBe(
        `Bearer realm="latchkey", ${metadata}, DPoP realm="latchkey", ${ALGS}, error="invalid_dpop_proof", ${metadata}`,
      );
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.has('dpop-nonce')).toBe(false);
      for (const part of proof.split('.').filter(({ length }) => length > 8))
        expect(body).not.toContain(part);
      expect(caller.latchkey.audited).toMatchObject([{ code: 'proof_invalid' }]);
      expect(JSON.stringify(caller.latchkey.audited)).not.toMatch(/eyJ|evil/);
      expect([caller.writes(), caller.sts.mock.calls.length]).toEqual([0, 0]);
    });

    it('if there is none', async () => {
      const response = await caller.post({ Authorization: `DPoP ${await caller.bound()}` });
      expect(response.headers.get('www-authenticate')).toContain('error="invalid_dpop_proof"');
      expect(await codeOf(response)).toEqual([401, 'proof_invalid']);
      expect([caller.writes(), caller.sts.mock.calls.length]).toEqual([0, 0]);
    });

    it('if there are two', async () => {
      const token = await caller.bound();
      const two = `${await caller.prove(token)}, ${await caller.prove(token)}`;
      expect(await codeOf(await caller.present(token, two))).toEqual([400, 'request_invalid']);
      expect([caller.writes(), caller.sts.mock.calls.length]).toEqual([0, 0]);
    });

    it('by a weak key, though the token is bound to it', async () => {
      const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
      const jwk = publicKey.export({ format: 'jwk' }) as JWK;
      const token = await caller.bound({ cnf: { jkt: await calculateJwkThumbprint(jwk) } });
      const head = JSON.stringify({ alg: 'RS256', typ: 'dpop+jwt', jwk });
      const claims = JSON.stringify(proofClaims({ method: 'POST', url: url(), token }));
      const response = await caller.present(token, compact(head, claims, privateKey));
      expect(await codeOf(response)).toEqual([401, 'proof_invalid']);
      expect(caller.sts).not.toHaveBeenCalled();
    });

    it('if it has been used, whatever else is in it', async () => {
      const again = { claims: { jti: crypto.randomUUID() } };
      const token = await caller.bound();
      expect((await caller.present(token, await caller.prove(token, again))).status).toBe(200);
      caller.reset();
      const next = await caller.bound({ sub: 'app-2' });
      for (const each of [token, next]) {
        const response = await caller.present(each, await caller.prove(each, again));
        expect(await codeOf(response)).toEqual([401, 'proof_invalid']);
      }
      expect(caller.sts).not.toHaveBeenCalled();
    });

    it('if it has been used, by the same key: another’s may be called the same', async () => {
      const again = { claims: { jti: crypto.randomUUID() } };
      for (const by of [caller.client, caller.other]) {
        const token = await caller.bound({}, { by });
        expect((await caller.present(token, await caller.prove(token, again, by))).status).toBe(200);
      }
    });

    it('more than once, of ten times at once', async () => {
      const token = await caller.bound();
      const proof = await caller.prove(token);
      const answers = await Promise.all([...Array(10)].map(() => caller.present(token, proof)));
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(9).fill(401)]);
      expect(caller.sts).toHaveBeenCalledTimes(1);
    });

    it('against a token that does not verify: that is said first', async () => {
      const token = await caller.bound({ aud: 'https://other.example' });
      const response = await caller.present(token, await caller.prove(token));
      expect(response.headers.get('www-authenticate')).toContain(`${ALGS}, error="invalid_token"`);
      expect(await codeOf(response)).toEqual([401, 'token_invalid']);
      expect(caller.writes()).toBe(0);
    });
  });

  describe('schemes', () => {
    it('a bound token is refused as Bearer, with its proof and without', async () => {
      const token = await caller.bound();
      for (const more of [{}, { DPoP: await caller.prove(token) }]) {
        const response = await caller.post({ Authorization: `Bearer ${token}`, ...more });
        expect(response.headers.get('www-authenticate')).toMatch(
          new RegExp(
            `^Bearer realm="latchkey", error="invalid_token", .*, DPoP realm="latchkey", ${ALGS}, res`,
          ),
        );
        expect(await codeOf(response)).toEqual([401, 'token_bound']);
      }
      expect([caller.writes(), caller.sts.mock.calls.length]).toEqual([0, 0]);
    });

    const digestOfNothing = 'A'.repeat(43);
    it.each<[what: string, claims: JWTPayload]>([
      ['no cnf', {}],
      ['cnf of a certificate', { cnf: { 'x5t#S256': digestOfNothing } }],
      ['cnf of a key and a certificate', { cnf: { jkt: digestOfNothing, 'x5t#S256': digestOfNothing } }],
      ['cnf of nothing', { cnf: {} }],
      ['cnf null', { cnf: null }],
      ['cnf of a key by another digest', { cnf: { jkt: 'A'.repeat(27) } }],
      ['cnf of a list', { cnf: { jkt: [digestOfNothing] } }],
    ])('a token with %s is refused as DPoP', async (_what, claims) => {
      const token = await caller.latchkey.issuer.sign({ claims });
      const response = await caller.present(token, await caller.prove(token));
      expect(response.headers.get('www-authenticate')).toContain(`${ALGS}, error="invalid_token"`);
      expect(await codeOf(response)).toEqual([401, 'token_invalid']);
      expect([caller.writes(), caller.sts.mock.calls.length]).toEqual([0, 0]);
    });

    it('a proof beside a bare bearer token is not looked at, and proves nothing', async () => {
      const Authorization = `Bearer ${await caller.latchkey.issuer.sign()}`;
      expect((await caller.post({ Authorization, DPoP: 'nonsense' })).status).toBe(200);
      expect(caller.latchkey.audited[0]).not.toHaveProperty('senderConstraint');
    });
  });
});

/** Of 64 bytes the last character has four spare bits: the same bytes, written otherwise. */
const SPARE: Readonly<Record<string, string>> = { A: 'B', Q: 'R', g: 'h', w: 'x' };

/** The same claims of a moment later. */
function moved(claims: string): string {
  const { iat, ...rest } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  return Buffer.from(JSON.stringify({ ...rest, iat: iat + 1 })).toString('base64url');
}
