import * as z from 'zod/mini';
import { VendingError } from '../core/errors.ts';
import type { VendRequest } from '../core/grant.ts';

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
const BODY_MAX_CHARACTERS = 16 * 1024;

/**
 * The request in a JSON body; an empty body asks for every default. Throws `request_too_large`,
 * `media_type_unsupported`, or `request_invalid` naming the member that is wrong.
 */
export function parseVendRequest(body: string, contentType: string | undefined): FormattedVendRequest {
  if (body === '') return {};
  if (body.length > BODY_MAX_CHARACTERS) throw new VendingError('request_too_large');
  if (!/^application\/json\s*(?:;|$)/i.test(contentType ?? ''))
    throw new VendingError('media_type_unsupported');
  const result = z.safeParse(vendRequest, parseJson(body));
  if (result.success) return result.data;
  throw invalid(describeWithoutEcho(result.error));
}

/** What is wrong with which member of ours. A name that we do not know is not repeated: it can be anything, a token too. */
function describeWithoutEcho({ issues }: z.core.$ZodError): string {
  return issues
    .map(({ code, path: [member], message }) => {
      if (code === 'unrecognized_keys') return `unknown member; expected ${MEMBERS.join(', ')}`;
      return member === undefined ? message : `${String(member)}: ${message}`;
    })
    .join('; ');
}

const MEMBERS = Object.keys(vendRequest.shape);

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body, refuseProto);
  } catch {
    // V8 quotes what it could not read; the body may hold what belongs in no answer.
    throw invalid('the body is not JSON, or holds a member __proto__');
  }
}

/** zod passes over a member of this name without a word, and what is not understood is refused here. */
function refuseProto(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError();
  return value;
}

function invalid(detail: string): VendingError {
  return new VendingError('request_invalid', { detail });
}
