import * as z from 'zod/mini';
import { VendingError } from '../core/errors.ts';
import type { VendRequest } from '../core/grant.ts';
import { describeFaults } from '../core/parse.ts';
import { type Format, vendRequest } from './schemas.ts';

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
  throw invalid(describeFaults(result.error));
}

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
