import * as z from 'zod/mini';
import { VendingError } from '../core/errors.ts';
import type { VendRequest } from '../core/grant/grant.ts';
import { parseStrictJson } from '../core/strict-json.ts';

/** The forms in which credentials can be had. */
const FORMATS = ['sdk', 'process', 'container', 'env'] as const;

const name = z.string().check(z.minLength(1), z.maxLength(64));

/** Body of `POST /credentials`; the same schema checks requests and stands in the OpenAPI document. */
export const vendRequest = z
  .strictObject({
    profile: z.optional(
      name.check(
        z.describe("what to vend; default: the tenant's default profile"),
        z.meta({ example: 'app' }),
      ),
    ),
    durationSeconds: z.optional(
      z
        .int()
        .check(
          z.describe('life of the credentials in seconds, from 900 to 3600; default: that of the profile'),
          z.meta({ example: 3600 }),
        ),
    ),
    scope: z.optional(
      z
        .record(name, z.string().check(z.maxLength(256)))
        .check(
          z.describe('parameters that the profile declares; they only ever narrow'),
          z.meta({ example: { folder: 'reports/2026/' } }),
        ),
    ),
    format: z.optional(z.enum(FORMATS).check(z.describe('form of the answer; default: sdk'))),
  })
  .check(z.meta({ id: 'VendRequest' }));

/** One of `FORMATS`. */
export type Format = (typeof FORMATS)[number];

/** What `POST /credentials` asks for, and in which form. */
export interface FormattedVendRequest extends VendRequest {
  readonly format?: Format | undefined;
}

/** All that a request may ask for has room in this; API Gateway would let 10 MB through. */
const BODY_MAX_BYTES = 16 * 1024;

const JSON_TYPE = /^application\/json\s*(?:;|$)/i;
/** RFC 8259, 8.1: JSON is UTF-8, and need not say so; but what says otherwise is not what it says. */
const OTHER_CHARSET = /;\s*charset\s*=(?!\s*"?utf-?8"?\s*(?:;|$))/i;

/**
 * The request in a JSON body; an empty body asks for every default. Throws `request_too_large`,
 * `media_type_unsupported`, or `request_invalid` naming the member that is wrong.
 */
export function parseVendRequest(body: string, contentType: string | undefined): FormattedVendRequest {
  if (body === '') return {};
  if (Buffer.byteLength(body) > BODY_MAX_BYTES) throw new VendingError('request_too_large');
  if (!JSON_TYPE.test(contentType ?? '') || OTHER_CHARSET.test(contentType ?? ''))
    throw new VendingError('media_type_unsupported');
  const result = z.safeParse(vendRequest, parseJson(body));
  if (result.success) return result.data;
  throw invalid(describeWithoutEcho(result.error));
}

function describeWithoutEcho({ issues }: z.core.$ZodError): string {
  return issues
    .map((issue) => {
      const { path, message } = issue;
      if (issue.code === 'unrecognized_keys')
        return `unknown ${named(issue.keys)}; expected ${MEMBERS.join(', ')}`;
      return path[0] === undefined ? message : `${String(path[0])}: ${message}`;
    })
    .join('; ');
}

/** What somebody mistyped is repeated; what can be anything, a token too, is not. */
function named(members: readonly string[]): string {
  return members.every((name) => /^[A-Za-z]\w{0,31}$/.test(name)) ? `member ${members.join(', ')}` : 'member';
}

const MEMBERS = Object.keys(vendRequest.shape);

function parseJson(body: string): unknown {
  try {
    return parseStrictJson(body);
  } catch (error) {
    // Which repeats nothing of the body.
    throw invalid(`the body is not JSON that is taken: ${(error as SyntaxError).message}`);
  }
}

function invalid(detail: string): VendingError {
  return new VendingError('request_invalid', { detail });
}
