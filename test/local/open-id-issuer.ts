import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** A key that an issuer signs with. */
export interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

/** What a token says beside the usual; undefined leaves a claim out. */
export type Claims = Readonly<Record<string, unknown>>;

export async function createSigningKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

export type OpenIdIssuer = Awaited<ReturnType<typeof startOpenIdIssuer>>;

export const CLIENT_ID = 'sts.amazonaws.com';

/** An OpenID provider on loopback, with discovery document and key set, whose path is part of its URL. */
export async function startOpenIdIssuer(now: () => Date) {
  const first = await createSigningKey('key-1');
  let published: readonly JWK[] = [first.jwk];
  let instead: RequestListener | undefined;
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const documents: Readonly<Record<string, object>> = {
      '/acme/.well-known/openid-configuration': { issuer: url, jwks_uri: `${url}/keys` },
      '/acme/keys': { keys: published },
    };
    const document = documents[request.url ?? ''];
    if (instead !== undefined) instead(request, response);
    else response.writeHead(document === undefined ? 404 : 200).end(JSON.stringify(document));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const name = `127.0.0.1:${(server.address() as AddressInfo).port}/acme`;
  const url = `http://${name}`;

  /** A token that the local STS takes, but for the changes. */
  function sign(claims: Claims = {}, key = first, header: Readonly<Record<string, unknown>> = {}) {
    const seconds = Math.floor(now().getTime() / 1000);
    const usual = { iss: url, aud: CLIENT_ID, sub: 'tenant:acme', iat: seconds, exp: seconds + 300 };
    return new SignJWT({ ...usual, ...claims })
      .setProtectedHeader({ alg: key.jwk.alg ?? '', kid: key.jwk.kid ?? '', typ: 'JWT', ...header })
      .sign(key.privateKey);
  }

  return {
    url,
    /** Host and path, as its ARN and its condition keys have it. */
    name,
    key: first,
    sign,
    /** The paths that were asked for. */
    asked,
    publish(...keys: readonly SigningKey[]) {
      published = keys.map(({ jwk }) => jwk);
    },
    /** Answers everything from now on; undefined: the documents again. */
    answerWith(listener: RequestListener | undefined) {
      instead = listener;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
