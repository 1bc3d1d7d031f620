import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createVendApp } from '../../../functions/vend/app.ts';
import { jsonOf } from '../../latchkey.ts';
import { type BoundCaller, codeOf, startBoundCaller } from './bound-caller.ts';
import { CERTIFICATES } from './certificates.ts';

const [own, another] = CERTIFICATES;
const DOMAIN = 'credentials.company.example';

let caller: BoundCaller;
beforeAll(async () => {
  // A certificate comes in the event of API Gateway alone: the app is called as its adapter calls it.
  caller = await startBoundCaller('http');
});
afterAll(() => caller.close());
beforeEach(() => caller.reset());

const sign = (claims: JWTPayload, issuer = caller.latchkey.issuer) => issuer.sign({ claims });
const boundTo = (certificateDigest: unknown) => ({ cnf: { 'x5t#S256': certificateDigest } as never });

/** A request over a domain of the company's own; `certificate`: PEM, null where the domain asks for none. */
async function call(path: string, headers: Record<string, string>, certificate: string | null) {
  const clientCert = certificate === null ? null : { clientCertPem: certificate };
  const app = createVendApp(caller.latchkey.functions.vending);
  const method = path === '/credentials' ? 'POST' : 'GET';
  const requestContext = { domainName: DOMAIN, path, identity: { clientCert } };
  return app.request(`https://${DOMAIN}${path}`, { method, headers }, { requestContext });
}
const vend = (token: string, certificate: string | null) =>
  call('/credentials', { Authorization: `Bearer ${token}` }, certificate);

describe('a token that is bound to a certificate', () => {
  it('vends over a connection with that certificate', async () => {
    expect((await vend(await sign(boundTo(own.digest)), own.pem)).status).toBe(200);
    expect(caller.latchkey.audited).toMatchObject([{ code: 'granted', senderConstraint: 'mtls' }]);
    expect(caller.writes()).toBe(0);
  });

  it.each([
    ['without a certificate', null],
    ['with another’s', another.pem],
  ])('is refused over a connection %s', async (_what, certificate) => {
    const response = await vend(await sign(boundTo(own.digest)), certificate);
    expect(response.headers.get('www-authenticate')).toMatch(
      /^Bearer realm="latchkey", error="invalid_token"/,
    );
    expect(await codeOf(response)).toEqual([401, 'token_bound']);
    expect(caller.sts).not.toHaveBeenCalled();
  });

  it.each([
    ['both a key and a certificate', { cnf: { jkt: own.digest, 'x5t#S256': own.digest } }],
    ['a digest in hexadecimal', boundTo(Buffer.from(own.digest, 'base64url').toString('hex'))],
    ['a digest with padding', boundTo(`${own.digest}=`)],
    ['a list', boundTo([own.digest])],
    ['a digest by SHA-1', { cnf: { x5t: 'A'.repeat(27) } }],
  ])('is refused if it is bound to %s', async (_what, claims) => {
    const response = await vend(await sign(claims as JWTPayload), own.pem);
    expect(await codeOf(response)).toEqual([401, 'token_invalid']);
    expect(caller.sts).not.toHaveBeenCalled();
  });

  it('is not bound to a key: a proof does not open it', async () => {
    const token = await sign(boundTo(own.digest));
    const DPoP = await caller.prove(token, { url: `https://${DOMAIN}/credentials` });
    const response = await call('/credentials', { Authorization: `DPoP ${token}`, DPoP }, own.pem);
    expect(await codeOf(response)).toEqual([401, 'token_invalid']);
  });
});

describe('a token that is bound to a key', () => {
  it('is not opened by a certificate', async () => {
    expect(await codeOf(await vend(await caller.bound(), own.pem))).toEqual([401, 'token_bound']);
    expect(caller.sts).not.toHaveBeenCalled();
  });

  it('is proven over mutual TLS too, on a domain of the company’s own', async () => {
    const token = await caller.bound();
    const DPoP = await caller.prove(token, { url: `https://${DOMAIN}/credentials` });
    const response = await call('/credentials', { Authorization: `DPoP ${token}`, DPoP }, own.pem);
    expect(response.status).toBe(200);
    expect(caller.latchkey.audited).toMatchObject([{ senderConstraint: 'dpop' }]);
  });
});

describe('an issuer that demands bound tokens', () => {
  it.each([
    ['mtls', 200],
    ['required', 200],
    ['dpop', 401],
  ] as const)('(%s) has one that is bound to the certificate answered %d', async (name, status) => {
    const token = await sign(boundTo(own.digest), caller.strict[name]);
    expect((await vend(token, own.pem)).status).toBe(status);
  });

  it.each(['mtls', 'required'] as const)('(%s) has a bare one refused, certificate or not', async (name) => {
    const response = await vend(await sign({}, caller.strict[name]), own.pem);
    expect(await codeOf(response)).toEqual([401, 'token_not_bound']);
    expect(caller.sts).not.toHaveBeenCalled();
  });
});

describe('a profile that demands bound tokens', () => {
  it.each([
    ['bound', 200],
    ['bound-dpop', 401],
  ])('(%s) answers one that is bound to a certificate %d', async (profile, status) => {
    const headers = { Authorization: `Bearer ${await sign(boundTo(own.digest), caller.strict.required)}` };
    const app = createVendApp(caller.latchkey.functions.vending);
    const requestContext = { identity: { clientCert: { clientCertPem: own.pem } } };
    const path = `/credentials/container?profile=${profile}`;
    expect((await app.request(path, { headers }, { requestContext })).status).toBe(status);
  });
});

describe('a certificate that cannot be read', () => {
  it.each([
    ['', 'an empty one'],
    ['nonsense', 'no PEM'],
    [own.pem.slice(0, 200), 'half a PEM'],
    [own.pem.replace('MIIB', 'AAAA'), 'a PEM of no certificate'],
  ])('is refused with whatever token: %#', async (pem) => {
    for (const claims of [{}, boundTo(own.digest)]) {
      const response = await vend(await sign(claims), pem);
      expect(await codeOf(response)).toEqual([400, 'request_invalid']);
    }
    expect(caller.sts).not.toHaveBeenCalled();
  });
});

it('the metadata says whether certificates come in', async () => {
  for (const [certificate, expected] of [
    [null, false],
    [own.pem, true],
  ] as const) {
    const answer = await jsonOf(await call('/.well-known/oauth-protected-resource', {}, certificate));
    expect(answer).toMatchObject({
      resource: `https://${DOMAIN}`,
      tls_client_certificate_bound_access_tokens: expected,
    });
  }
});
