import { localExpiration } from './clock-skew.ts';
import type { LatchkeyCredentials } from './credentials.ts';
import type { Exchange } from './exchange.ts';
import { asObject, parseJsonObject } from './json-object.ts';
import { parseSessionArn, SESSION_KINDS, type SessionArns } from './session-arn.ts';

/** No blank in any of them; blank credentials would be signed with, and fail far from here. */
const WORD = /^[\x21-\x7e]+$/;
/** https://docs.aws.amazon.com/STS/latest/APIReference/API_Credentials.html */
const ACCESS_KEY_ID = /^\w{16,128}$/;
/** RFC 3339, in UTC. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;

/**
 * The credentials in the answer to a vend, with their end by this machine's clock; undefined if a member is missing, blank or
 * malformed: no credentials are better than half of them. `longestSeconds` is the longest that they can live.
 */
export function parseVendAnswer(
  { text, headers, sentAt }: Exchange,
  longestSeconds: number,
): LatchkeyCredentials | undefined {
  const { vendId, tenantId, profile, ...answer } = parseJsonObject(text) ?? {};
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = asObject(answer['credentials']) ?? {};
  const arns = parseSessionArns(answer);
  const serverExpiration = parseInstant(expiration);
  if (!isOf(WORD, vendId) || !isOf(WORD, tenantId) || !isOf(WORD, profile)) return undefined;
  if (!isOf(ACCESS_KEY_ID, accessKeyId) || !isOf(WORD, secretAccessKey) || !isOf(WORD, sessionToken))
    return undefined;
  if (serverExpiration === undefined || arns === undefined) return undefined;
  const date = headers.get('Date');
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken,
    expiration: new Date(localExpiration({ expiration: serverExpiration, date, sentAt, longestSeconds })),
    ...arns,
    vendId,
    tenantId,
    profile,
  };
}

/** Whose they are, said once. */
function parseSessionArns(answer: Readonly<Record<string, unknown>>): SessionArns | undefined {
  const [kind, ...others] = SESSION_KINDS.filter((name) => answer[name] !== undefined);
  if (kind === undefined || others.length > 0) return undefined;
  return parseSessionArn(asObject(answer[kind])?.['arn'], kind);
}

/** Milliseconds since 1970. `Date.parse` makes March of the 30th of February. */
function parseInstant(text: unknown): number | undefined {
  if (!isOf(INSTANT, text)) return undefined;
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) return undefined;
  return new Date(milliseconds).toISOString().startsWith(text.slice(0, 19)) ? milliseconds : undefined;
}

function isOf(form: RegExp, member: unknown): member is string {
  return typeof member === 'string' && form.test(member);
}
