import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

/** An issuer for tests: a real key, and a real key set served on loopback. */
export interface TestIssuer {
  readonly url: string;
  readonly jwksUri: string;
  readonly privateKey: CryptoKey;
  /** How often the key set was asked for. */
  readonly fetches: () => number;
  /** Answers key set requests from now on; undefined: with the key set again. */
  answerWith(respond: ((request: IncomingMessage, response: ServerResponse) => void) | undefined): void;
  /** A token that Latchkey takes, but for the changes. */
  sign(changes?: {
    claims?: JWTPayload;
    header?: Record<string, unknown>;
    key?: CryptoKey | Uint8Array;
  }): Promise<string>;
  close(): void;
}

export const AUDIENCE = 'https://latchkey.example';

export async function startTestIssuer(now: () => Date = () => new Date()): Promise<TestIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' };
  let fetches = 0;
  let respond: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  const server = createServer((request, response) => {
    fetches += 1;
    if (respond === undefined) response.end(JSON.stringify({ keys: [jwk] }));
    else respond(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    jwksUri: `${url}/jwks`,
    privateKey,
    fetches: () => fetches,
    answerWith: (next) => {
      respond = next;
    },
    sign: ({ claims = {}, header = {}, key = privateKey } = {}) => {
      const seconds = Math.floor(now().getTime() / 1000);
      const usual = {
        iss: url,
        aud: AUDIENCE,
        sub: 'app-1',
        tenant: 'acme',
        iat: seconds,
        exp: seconds + 300,
      };
      return new SignJWT({ ...usual, ...claims })
        .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'key-1', ...header })
        .sign(key);
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
