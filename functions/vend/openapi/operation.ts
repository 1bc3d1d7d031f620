import type * as z from 'zod/mini';
import type { ErrorCode } from '../../core/errors.ts';
import { problemAnswers } from '../../core/problem-schema.ts';

/** A schema, and an example that is of it; a test looks. No interface, which would have no index signature. */
export type Content = {
  readonly schema: z.ZodMiniType | { readonly type: 'object' | 'string'; readonly description?: string };
  readonly example?: unknown;
};

/** Bodies by their media types. */
export type Contents = Readonly<Record<string, Content>>;

/** A member of the query. No interface, as above. */
type Parameter = {
  readonly name: string;
  readonly in: 'query';
  readonly required: false;
  readonly description: string;
  readonly schema: { readonly type: 'string'; readonly enum?: string[] };
  readonly example?: string;
};

/** What an operation takes, and how it can end. */
export interface OperationFacts {
  readonly parameters?: readonly Parameter[];
  readonly body?: { readonly required: boolean; readonly contents: Contents };
  readonly answer: { readonly description: string; readonly contents: Contents };
  readonly failures: readonly ErrorCode[];
  /** Whether anybody may ask, without a token. */
  readonly open?: boolean;
}

/** An optional member of the query. */
export function queryMember(name: string, description: string, example: string): Parameter {
  return { name, in: 'query', required: false, description, schema: { type: 'string' }, example };
}

/** JSON, with an example. */
export function jsonContent(schema: Content['schema'], example: unknown): Contents {
  return { 'application/json': { schema, example } };
}

/** An operation in the form of an OpenAPI document. */
export function operation(
  operationId: string,
  summary: string,
  { parameters = [], body, answer, failures, open = false }: OperationFacts,
) {
  return {
    operationId,
    summary,
    ...(open ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters: [...parameters] }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: body.required, content: { ...body.contents } } }),
    responses: {
      200: {
        description: answer.description,
        headers: open ? {} : noStore,
        content: { ...answer.contents },
      },
      ...problemAnswers(failures),
    },
  };
}

const noStore = { 'Cache-Control': { schema: { type: 'string' as const, const: 'no-store' } } };
