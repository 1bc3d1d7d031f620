import { asObject, parseJsonObject } from '../client/src/json-object.ts';
import type { Problem } from './failure.ts';

/**
 * What a failed answer says: problem+json (RFC 9457) of Latchkey, JSON of whatever stands in front of it (API Gateway
 * has `message`, IAM's refusals `Message`), or nothing that can be read.
 */
export function readProblem({ status, headers }: Response, text: string): Problem {
  const body = parseJsonObject(text) ?? {};
  const retryAfter = headers.get('retry-after') ?? '';
  return {
    status,
    code: textIn(body, 'code'),
    detail: textIn(body, 'detail', 'message', 'Message') ?? `HTTP status ${status}`,
    vendId: textIn(body, 'vendId'),
    requestId: headers.get('x-amzn-requestid') ?? undefined,
    retryAfterSeconds: /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined,
    faults: faultsIn(body['errors']),
  };
}

type Members = Readonly<Record<string, unknown>>;

function textIn(body: Members, ...members: readonly string[]): string | undefined {
  return members.map((member) => body[member]).find((value) => typeof value === 'string');
}

function faultsIn(errors: unknown): Problem['faults'] {
  if (!Array.isArray(errors)) return [];
  return errors
    .map((error) => asObject(error) ?? {})
    .map((fault) => ({
      pointer: textIn(fault, 'pointer') ?? '',
      detail: textIn(fault, 'detail') ?? '',
    }));
}
