import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { decodeJwt } from 'jose';
import { createIssuerKeys } from '../functions/adapters/issuer/issuer-keys.ts';
import { createTokenVerifier } from '../functions/adapters/token/token-verifier.ts';
import { startDeadline } from '../functions/core/deadline.ts';
import { parseIssuer } from '../functions/core/issuer/issuer.ts';
import { secret } from '../functions/core/secret.ts';
import { type Row, toRow } from './row.ts';
import { cpuMicrosecondsPerCall, medians } from './sample.ts';

const ROUNDS = 11;
const CALLS = 1000;

/** A whole check of an RS256 token, issuer and keys warm, over the check of its signature alone. */
export async function measureTokenCheck(token: string): Promise<Row[]> {
  const { iss: url, aud: audience } = decodeJwt(token);
  const jwksUri = `${url}/jwks`;
  const issuer = parseIssuer({
    url,
    audience,
    algorithms: ['RS256'],
    jwksUri,
    binding: { kind: 'tenant', tenantId: 'acme' },
  });
  const verifier = createTokenVerifier({
    findIssuer: async () => issuer,
    keys: createIssuerKeys({ allowLoopback: true, clock: () => new Date() }),
    clock: () => new Date(),
  });
  const presented = secret(token);
  const deadline = startDeadline(60_000);
  const isSigned = createSignatureCheck(token, await fetchKey(jwksUri));
  if (!isSigned()) throw new Error('got a token that its issuer did not sign');
  const cpu = await medians(ROUNDS, {
    check: () => cpuMicrosecondsPerCall(CALLS, () => verifier.verify(presented, deadline)),
    signature: () => cpuMicrosecondsPerCall(CALLS, isSigned),
  });
  return [
    toRow({
      name: 'token check, RS256',
      value: cpu.check,
      unit: 'µs CPU',
      runs: ROUNDS,
      baseline: { name: 'node:crypto verify', value: cpu.signature },
    }),
  ];
}

async function fetchKey(jwksUri: string): Promise<JsonWebKey> {
  const response = await fetch(jwksUri);
  const { keys } = (await response.json()) as { keys: [JsonWebKey] };
  return keys[0];
}

function createSignatureCheck(token: string, jwk: JsonWebKey): () => boolean {
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const end = token.lastIndexOf('.');
  const signed = Buffer.from(token.slice(0, end));
  const signature = Buffer.from(token.slice(end + 1), 'base64url');
  return () => verify('RSA-SHA256', signed, key, signature);
}
