import * as z from 'zod/mini';
import { VendingError } from '../core/errors.ts';
import { parseStrictJson } from '../core/strict-json.ts';

/** All that a request may ask for has room in this; API Gateway would let 10 MB through. */
const BODY_MAX_BYTES = 16 * 1024;

/** RFC 8259, 8.1: JSON is UTF-8, and so are forms; neither need say so; but what says otherwise is not what it says. */
const OTHER_CHARSET = /;\s*charset\s*=(?!\s*"?utf-?8"?\s*(?:;|$))/i;

/**
 * What a JSON body says, as the schema types it. Throws `request_too_large`, `media_type_unsupported`, or `request_invalid` naming the
 * member that is wrong and repeating no value.
 */
export function parseJsonBody<S extends z.ZodMiniObject>(
  schema: S,
  body: string,
  contentType: string | undefined,
  maximumBytes = BODY_MAX_BYTES,
): z.output<S> {
  if (Buffer.byteLength(body) > maximumBytes) throw new VendingError('request_too_large');
  if (!isMediaType(contentType, 'application/json')) throw new VendingError('media_type_unsupported');
  return parseMembers(schema, parseJson(body));
}

/** Whether a Content-Type (RFC 9110, 8.3) is of this type, in UTF-8. */
export function isMediaType(contentType: string | undefined, type: string): boolean {
  const [name = ''] = (contentType ?? '').split(';');
  return name.trim().toLowerCase() === type && !OTHER_CHARSET.test(contentType ?? '');
}

/** What a body's members say, as the schema types them. Throws `request_invalid` naming the member that is wrong and repeating no value. */
export function parseMembers<S extends z.ZodMiniObject>(schema: S, members: unknown): z.output<S> {
  const result = z.safeParse(schema, members);
  if (result.success) return result.data;
  throw invalid(describeWithoutEcho(result.error, Object.keys(schema.shape)));
}

function describeWithoutEcho({ issues }: z.core.$ZodError, members: readonly string[]): string {
  return issues
    .map((issue) => {
      const { path, message } = issue;
      const where = path.length === 0 ? '' : `${nameOf(path)}: `;
      if (issue.code !== 'unrecognized_keys') return `${where}${message}`;
      // Of a member's own members, the schema in the OpenAPI document tells more.
      const expected = where === '' ? `; expected ${members.join(', ')}` : '';
      return `${where}unknown ${named(issue.keys)}${expected}`;
    })
    .join('; ');
}

/** Down to `scope`: what is below it, the caller has named. */
function nameOf(path: readonly PropertyKey[]): string {
  const scope = path.indexOf('scope');
  return (scope === -1 ? path : path.slice(0, scope + 1)).map(String).join('.');
}

/** What somebody mistyped is repeated; what can be anything, a token too, is not. */
function named(members: readonly string[]): string {
  return members.every((name) => /^[A-Za-z]\w{0,31}$/.test(name)) ? `member ${members.join(', ')}` : 'member';
}

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
