import { DecodeAuthorizationMessageCommand, type STSClient } from '@aws-sdk/client-sts';
import { VendingError } from '../../core/errors.ts';
import type { MessageDecoder } from '../../core/ports.ts';
import { createRegionalSts, type RegionalStsOptions } from './regional-sts.ts';
import { unusable } from './vended-answer.ts';

/** Decodes by STS, with the function's own credentials. https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html */
export function createMessageDecoder(options: RegionalStsOptions): MessageDecoder {
  const sts = createRegionalSts(options);
  return {
    decode: (encodedMessage, deadline) =>
      sts.ask({
        send: (client, { abortSignal }) => decode(client, encodedMessage, abortSignal),
        read: ({ DecodedMessage }) => {
          if (!DecodedMessage) throw unusable('the answer of STS lacks the decoded message');
          return DecodedMessage;
        },
        deadline,
      }),
  };
}

async function decode(client: STSClient, encodedMessage: string, abortSignal: AbortSignal) {
  try {
    return await client.send(new DecodeAuthorizationMessageCommand({ EncodedMessage: encodedMessage }), {
      abortSignal,
    });
  } catch (cause) {
    const { name } = cause as Error;
    // Not the error itself: AWS may say in it what it could not read.
    if (INVALID.has(name)) throw new VendingError('message_invalid', { cause: `STS answered ${name}` });
    // What STS refuses here is no role of anybody's.
    if (DENIED.has(name)) throw new VendingError('sts_rejected', { cause });
    throw cause;
  }
}

const INVALID: ReadonlySet<string> = new Set(['InvalidAuthorizationMessageException', 'ValidationError']);
const DENIED: ReadonlySet<string> = new Set(['AccessDenied', 'AccessDeniedException']);
