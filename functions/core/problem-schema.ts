import * as z from 'zod/mini';
import { ERROR_CODES, type ErrorCode, statusOf } from './errors.ts';

/** What `problemBody` makes, for the documents of the APIs. Apart from it, so that no function carries the schema. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().check(z.describe('stable name of the failure')),
    vendId: z.string().check(z.describe('joins this answer with the audit log')),
    errors: z.optional(
      z
        .array(
          z.object({
            pointer: z
              .string()
              .check(z.describe('RFC 6901: the member of the body; empty for the body as a whole')),
            detail: z.string(),
          }),
        )
        .check(z.describe('every member of the body that is wrong')),
    ),
    Code: z.string(),
    message: z.string(),
    Message: z.string(),
  })
  .check(z.meta({ id: 'Problem' }));

/** Every failure: RFC 9457, with the members that AWS SDKs read (`Code`, `message`, `Message`). */
export type Problem = z.output<typeof problem>;

/** An operation's answers to failures, by status, in the form of an OpenAPI document. */
export function problemAnswers(codes: readonly ErrorCode[]) {
  const known = ERROR_CODES.filter((code) => codes.includes(code));
  return Object.fromEntries(
    [...Map.groupBy(known, statusOf)].map(([status, ofStatus]) => [
      String(status) as `${4 | 5}${string}`,
      {
        description: ofStatus.join(', '),
        content: { 'application/problem+json': { schema: problem } },
      },
    ]),
  );
}
