import { describe, expect, it, test } from 'vitest';
import { createDpopProofVerifier } from '../../../../functions/adapters/token/dpop-proof-verifier.ts';
import { secret } from '../../../../functions/core/secret.ts';
import { parseDpopProof } from '../../../../functions/core/token/dpop-proof.ts';
import { createDpopClient } from '../../vend/dpop-client.ts';
import { codeOf } from '../registry/dynamo-registry.ts';

const REQUEST = { method: 'POST', url: 'https://latchkey.example/credentials', token: 'a.b.c' };
const { verify } = createDpopProofVerifier();

describe('a proof', () => {
  test.each(['ES256', 'ES384', 'EdDSA', 'RS256', 'PS256'])('by %s verifies with its own key', async (alg) => {
    const client = await createDpopClient(alg);
    const proof = parseDpopProof(secret(await client.prove(REQUEST)));
    await expect(verify(proof, client.jkt)).resolves.toBeUndefined();
  });

  it('does not verify with the thumbprint of another key, nor with no thumbprint', async () => {
    const [client, other] = await Promise.all([createDpopClient(), createDpopClient()]);
    const proof = parseDpopProof(secret(await client.prove(REQUEST)));
    for (const jkt of [other.jkt, '', client.jkt.toLowerCase()])
      expect(await codeOf(verify(proof, jkt))).toBe('proof_invalid');
  });

  it.each([
    ['another key', (jws: string) => jws],
    ['other bytes', (jws: string) => jws.replace(/\.[^.]*\./, '.e30.')],
  ])('does not verify when %s has signed', async (what, edit) => {
    const [client, other] = await Promise.all([createDpopClient(), createDpopClient()]);
    const key = what === 'another key' ? other.privateKey : client.privateKey;
    const jws = await client.prove({ ...REQUEST, key });
    const proof = { ...parseDpopProof(secret(jws)), jws: secret(edit(jws)) };
    expect(await codeOf(verify(proof, client.jkt))).toBe('proof_invalid');
  });

  it('does not verify by another algorithm of the same key', async () => {
    const client = await createDpopClient('RS256');
    const proof = parseDpopProof(secret(await client.prove(REQUEST)));
    expect(await codeOf(verify({ ...proof, algorithm: 'PS256' }, client.jkt))).toBe('proof_invalid');
  });
});
