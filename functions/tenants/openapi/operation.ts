import type * as z from 'zod/mini';
import type { ErrorCode } from '../../core/errors.ts';
import { problemAnswers } from '../../core/problem-schema.ts';

/** A header or a member of the query. No interface, which would have no index signature. */
type Parameter = {
  readonly name: string;
  readonly in: 'header' | 'query';
  readonly required: boolean;
  readonly description: string;
  readonly schema: {
    readonly type: 'string' | 'integer';
    readonly minimum?: number;
    readonly maximum?: number;
    readonly default?: number;
  };
};

/** What one answer of an operation holds. */
interface Answer {
  readonly description: string;
  readonly schema?: z.ZodMiniType | { readonly type: 'object' };
  readonly tagged?: boolean;
  readonly located?: boolean;
}

/** What an operation takes, and how it can end. */
export interface OperationFacts {
  readonly parameters?: readonly Parameter[];
  readonly body?: z.ZodMiniType;
  readonly answers: Readonly<Partial<Record<200 | 201 | 204 | 304, Answer>>>;
  /** Beside those that every operation has. */
  readonly failures: readonly ErrorCode[];
}

const ALWAYS: readonly ErrorCode[] = ['request_invalid', 'not_authorized', 'internal_error'];

/** How a write can fail. */
export const WRITE_FAILURES: readonly ErrorCode[] = [
  'precondition_failed',
  'write_conflict',
  'record_invalid',
  'registry_unavailable',
];

/** How a body can fail before it is looked at. */
export const BODY_FAILURES: readonly ErrorCode[] = ['request_too_large', 'media_type_unsupported'];

function header(name: string, description: string): Parameter {
  return { name, in: 'header', required: false, description, schema: { type: 'string' } };
}

/** Writes only what has this ETag. */
export const ifMatch = header('If-Match', 'writes only what has this ETag; one, strong');
/** Writes only what is not there yet. */
export const ifNew = header('If-None-Match', '*: writes only what is not there yet');
/** Answers 304 when nothing has changed. */
export const ifChanged = header(
  'If-None-Match',
  'answers 304 when the resource still has this ETag; one, strong',
);
/** How a list is read in parts. */
export const paging: readonly Parameter[] = [
  {
    name: 'limit',
    in: 'query',
    required: false,
    description: 'how many at most',
    schema: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
  },
  {
    name: 'after',
    in: 'query',
    required: false,
    description: 'the `next` of the part before',
    schema: { type: 'string' },
  },
];

/** An operation in the form of an OpenAPI document. */
export function operation(
  operationId: string,
  summary: string,
  { parameters = [], body, answers, failures }: OperationFacts,
) {
  return {
    operationId,
    summary,
    parameters: [...parameters],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, describe(answer)])),
      ...problemAnswers([...ALWAYS, ...failures]),
    },
  };
}

const text = { schema: { type: 'string' as const } };

function describe({ description, schema, tagged = false, located = false }: Answer) {
  return {
    description,
    headers: {
      'Cache-Control': { schema: { type: 'string' as const, const: 'no-store' } },
      ...(tagged ? { ETag: { ...text, description: 'the version, quoted' } } : {}),
      ...(located ? { Location: { ...text, description: 'relative to the request' } } : {}),
    },
    ...(schema === undefined ? {} : { content: { 'application/json': { schema } } }),
  };
}
