import { type AttemptDependencies, createAttempts } from './attempts.ts';
import type { Deadline } from './deadline.ts';
import { VendingError } from './errors.ts';
import type { MessageDecoder, VendThrottle } from './ports.ts';
import { isSessionOf, type SessionPrincipals } from './session-owner.ts';
import { parseStrictJsonObject } from './strict-json.ts';
import type { Tenant } from './tenant/tenant.ts';
import type { PresentedToken } from './token/presented-token.ts';
import type { Attempt } from './vending.ts';

/** Everything outside that a decoding touches, and whose sessions are known by their names. */
export interface DecodingDependencies extends AttemptDependencies<PresentedToken> {
  /** The same that vends pass: STS counts both by one quota. */
  readonly throttle: VendThrottle;
  readonly decoder: MessageDecoder;
  readonly principals: SessionPrincipals;
}

/** An attempt to have a message decoded. */
export interface DecodeAttempt<Answer> extends Attempt<PresentedToken, Decoded, Answer> {
  /** The message as AWS gave it; throws `request_invalid` and its kin. */
  readonly encodedMessage: () => Promise<string>;
}

/** What AWS says of a denial, to the tenant whose session was denied. */
export interface Decoded {
  readonly vendId: string;
  readonly tenant: Tenant;
  readonly message: Readonly<Record<string, unknown>>;
}

/** Decodes what AWS says of denials. Throws `VendingError` alone, and leaves one audit event for each attempt, without the message. */
export interface Decoding {
  decode<Answer>(attempt: DecodeAttempt<Answer>): Promise<Answer>;
}

/**
 * The one way through: token → Caller → Tenant → message → is it the tenant's? What is about anybody else's session, or about nobody's
 * that can be told, is `message_foreign`: such a message says what policies say, and whose they are.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
 */
export function createDecoding(dependencies: DecodingDependencies): Decoding {
  const { throttle, decoder, principals } = dependencies;
  const { inTime, identify } = createAttempts(dependencies);

  async function decodeFor(tenant: Tenant, encodedMessage: string, deadline: Deadline) {
    const message = parseMessage(await decoder.decode(encodedMessage, deadline));
    const arn = principalOf(message);
    if (arn === undefined || !isSessionOf(tenant, arn, principals)) throw new VendingError('message_foreign');
    return message;
  }

  return {
    decode: ({ vendId, token, encodedMessage: readEncodedMessage, present }) =>
      inTime('decode_message', vendId, async (note, deadline) => {
        const presented = await token();
        const encodedMessage = await readEncodedMessage();
        const { caller, tenant } = await identify(presented, deadline, note);
        if (tenant.status !== 'active') throw new VendingError('tenant_inactive');
        if ((await throttle.admit(tenant, caller, deadline)) === 'alone') note({ limits: 'alone' });
        const message = await decodeFor(tenant, encodedMessage, deadline);
        return present({ vendId, tenant, message }, deadline);
      }),
  };
}

/** Strictly: of two members `principal`, the one that is checked must be the one that is read. */
function parseMessage(json: string): Decoded['message'] {
  try {
    return parseStrictJsonObject(json);
  } catch {
    throw new VendingError('sts_rejected', { cause: 'the decoded message is not strict JSON' });
  }
}

function principalOf({ context }: Decoded['message']): string | undefined {
  const { principal } = (context ?? {}) as { readonly principal?: { readonly arn?: unknown } | null };
  const arn = principal?.arn;
  return typeof arn === 'string' ? arn : undefined;
}
