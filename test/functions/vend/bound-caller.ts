import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient, type UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { JWTPayload } from 'jose';
import { vi } from 'vitest';
import { jsonOf, startTestLatchkey } from '../../latchkey.ts';
import { createDpopClient, type DpopClient, type ProofChanges } from './dpop-client.ts';
import { startStrictIssuers } from './strict-issuers.ts';

/** Latchkey, and two clients with a key each: requests of the first, with what a test makes wrong in them. */
export async function startBoundCaller(way: 'http' | 'lambda') {
  const latchkey = await startTestLatchkey(way);
  const [strict, client, other] = await Promise.all([
    startStrictIssuers(latchkey),
    createDpopClient(),
    createDpopClient(),
  ]);
  const dynamodb = vi.spyOn(DynamoDBDocumentClient.prototype, 'send');
  /** Where the API is, as a client writes it. */
  const api =
    way === 'http' ? latchkey.facts.api : 'https://abcde12345.execute-api.eu-central-1.amazonaws.com/v1';
  const post = (headers: Record<string, string>, body?: string) =>
    latchkey.request('/credentials', { method: 'POST', headers, ...(body === undefined ? {} : { body }) });
  return {
    latchkey,
    strict,
    client,
    other,
    api,
    sts: vi.spyOn(STSClient.prototype, 'send'),
    /** How often something was written down as used. */
    writes: () =>
      dynamodb.mock.calls.filter(([command]) =>
        String((command as unknown as UpdateCommand).input.Key?.['pk']).startsWith('used#'),
      ).length,
    post,
    /** A token that is bound to the client's key. */
    bound: (claims: JWTPayload = {}, { issuer = latchkey.issuer, by = client } = {}) =>
      issuer.sign({ claims: { cnf: { jkt: by.jkt }, ...claims } }),
    prove: (token: string, changes: Partial<ProofChanges> = {}, by: DpopClient = client) =>
      by.prove({ method: 'POST', url: `${api}/credentials`, token, ...changes }),
    present: (token: string, proof: string) => post({ Authorization: `DPoP ${token}`, DPoP: proof }),
    reset() {
      vi.clearAllMocks();
      latchkey.audited.length = 0;
    },
    async close() {
      strict.close();
      await latchkey.close();
    },
  };
}

export type BoundCaller = Awaited<ReturnType<typeof startBoundCaller>>;

export const codeOf = async (response: Response) => [response.status, (await jsonOf(response)).code];
