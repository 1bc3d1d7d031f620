import * as z from 'zod/mini';
import { ERROR_CODES, VendingError } from './errors.ts';
import { parse } from './parse.ts';

/** What one of our functions answers to another that invokes it. */
export type FunctionAnswer<T> =
  | { readonly value: T }
  | {
      readonly failure: {
        readonly code: VendingError['code'];
        readonly detail: string;
        readonly retryAfterSeconds?: number;
      };
    };

const answer = z.union([
  z.strictObject({ value: z.unknown() }),
  z.strictObject({
    failure: z.strictObject({
      code: z.enum(ERROR_CODES),
      detail: z.string(),
      retryAfterSeconds: z.optional(z.number()),
    }),
  }),
]);

/** The answer of a function's work: what it gives, or the `VendingError` that it throws, without the cause. Anything else is thrown on. */
export async function answerFunction<T>(work: () => Promise<T>): Promise<FunctionAnswer<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!(error instanceof VendingError)) throw error;
    const { code, message, retryAfterSeconds } = error;
    return {
      failure: { code, detail: message, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) },
    };
  }
}

/** The value in a function's answer; throws its failure as the same `VendingError`, and `ConfigurationError` for what is no answer. */
export function readFunctionAnswer<S extends z.ZodMiniType>(value: S, answered: unknown): z.output<S> {
  const read = parse(answer, answered, 'answer of the function');
  if ('value' in read) return parse(value, read.value, 'answer of the function');
  const { code, detail, retryAfterSeconds } = read.failure;
  throw new VendingError(code, { detail, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) });
}
