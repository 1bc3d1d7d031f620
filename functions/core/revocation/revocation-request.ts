import * as z from 'zod/mini';
import { parseRequested } from '../administration/request-invalid.ts';
import { readFunctionAnswer } from '../function-answer.ts';
import { parse } from '../parse.ts';
import { parseRevocations, type Revocation } from './revocation.ts';

/** What the function that cuts off sessions is asked for: one tenant's on one role or user, or to drop what has expired. */
export type RevocationRequest =
  | { readonly operation: 'revoke'; readonly principalArn: string; readonly revocation: Revocation }
  | { readonly operation: 'sweep' };

const request = z.discriminatedUnion('operation', [
  z.strictObject({
    operation: z.literal('revoke'),
    principalArn: z.string(),
    tenantId: z.unknown(),
    before: z.unknown(),
  }),
  z.strictObject({ operation: z.literal('sweep') }),
]);

/** The request in a function's payload; throws `request_invalid` with every fault. */
export function parseRevocationRequest(payload: unknown): RevocationRequest {
  return parseRequested(() => {
    const read = parse(request, payload, 'revocation');
    if (read.operation === 'sweep') return read;
    const { operation, principalArn, ...written } = read;
    const [revocation] = parseRevocations([written]) as [Revocation];
    return { operation, principalArn, revocation };
  });
}

/** Returns for a revocation that was done; throws the failure in the function's answer, and `ConfigurationError` for what is no answer. */
export function readRevocationAnswer(answer: unknown): void {
  readFunctionAnswer(z.null(), answer);
}
