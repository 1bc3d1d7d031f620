import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { ContextFacts } from '../../policy/context.ts';
import type { StatementReference } from '../../policy/explanation.ts';
import type { Session } from './session.ts';

/** A list, as AWS writes one here. */
interface Items<Item> {
  readonly items: readonly Item[];
}

/**
 * Why a request was refused, in the form that AWS decodes to. Of a statement that denied, AWS tells the elements as well.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html, and for the form
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/sts_example_sts_DecodeAuthorizationMessage_section.html
 */
export interface AuthorizationFailure {
  readonly allowed: false;
  readonly explicitDeny: boolean;
  readonly matchedStatements: Items<{
    /** The Sid; empty where there is none. */
    readonly statementId: string;
    readonly effect: 'DENY';
    readonly principals: Items<{ readonly value: string }>;
  }>;
  readonly failures: Items<never>;
  readonly context: {
    /** `name` for an IAM user alone, with whatever key. */
    readonly principal: { readonly id: string; readonly name?: string; readonly arn: string };
    readonly action: string;
    readonly resource: string;
    readonly conditions: Items<{ readonly key: string; readonly values: Items<{ readonly value: string }> }>;
  };
}

/** A refused request. */
export interface RefusedRequest {
  readonly session: Session;
  readonly action: string;
  readonly resource: string;
  /** The condition keys of the request. */
  readonly values: ContextFacts['values'];
  /** Every Deny that applied; empty when nothing allowed the request. */
  readonly denies: readonly StatementReference[];
}

/** What an account tells of its refusals, and reads again. */
export interface AuthorizationMessages {
  /** Undefined for a failure that would be longer than STS takes back. */
  readonly encode: (failure: AuthorizationFailure) => string | undefined;
  /** Undefined for everything that `encode` of this very account did not give, to the letter. */
  readonly decode: (text: string) => AuthorizationFailure | undefined;
}

/** What STS takes of an EncodedMessage. */
export const ENCODED_MESSAGE_MAX_CHARACTERS = 10_240;

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Messages of one local account, under a key of its own that is nowhere else and ends with the process. The requester, who must not
 * know what policies say, can neither read nor make one. They do not expire; when AWS's do is not documented.
 */
export function createAuthorizationMessages(): AuthorizationMessages {
  const key = randomBytes(KEY_BYTES);
  return {
    encode(failure) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
      const sealed = [iv, cipher.update(JSON.stringify(failure)), cipher.final(), cipher.getAuthTag()];
      const text = Buffer.concat(sealed).toString('base64url');
      return text.length <= ENCODED_MESSAGE_MAX_CHARACTERS ? text : undefined;
    },
    decode(text) {
      const sealed = Buffer.from(text, 'base64url');
      // Buffer passes over what is not base64url; a line break in a message makes it another message.
      if (sealed.toString('base64url') !== text || sealed.length < IV_BYTES + TAG_BYTES) return undefined;
      const opened = open(key, sealed);
      return opened === undefined ? undefined : (JSON.parse(opened) as AuthorizationFailure);
    },
  };
}

function open(key: Buffer, sealed: Buffer): string | undefined {
  const iv = sealed.subarray(0, IV_BYTES);
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const text = decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([text, decipher.final()]).toString();
  } catch {
    return undefined;
  }
}

/** Puts a refused request into AWS's form. */
export function describeFailure({
  session: { userId, arn },
  action,
  resource,
  values,
  denies,
}: RefusedRequest): AuthorizationFailure {
  // A session's id without its name, as AWS has it there.
  const principals = items([{ value: userId.split(':')[0] ?? userId }]);
  const [, name] = /:user\/(?:.*\/)?(.+)$/.exec(arn) ?? [];
  const conditions = Object.entries(values).flatMap(([key, value = []]) => {
    const listed = [value].flat().map((each) => ({ value: each }));
    return listed.length === 0 ? [] : [{ key, values: items(listed) }];
  });
  return {
    allowed: false,
    explicitDeny: denies.length > 0,
    matchedStatements: items(
      denies.map(({ sid = '' }) => ({ statementId: sid, effect: 'DENY' as const, principals })),
    ),
    failures: items([]),
    context: {
      principal: { id: userId, ...(name !== undefined && { name }), arn },
      action,
      resource,
      conditions: items(conditions),
    },
  };
}

function items<Item>(list: readonly Item[]): Items<Item> {
  return { items: list };
}
