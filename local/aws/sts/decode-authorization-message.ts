import { ENCODED_MESSAGE_MAX_CHARACTERS } from '../authorization-messages.ts';
import { createAuthorize } from '../authorize.ts';
import { AwsError } from '../aws-error.ts';
import { createConstraints } from '../query/constraints.ts';
import type { Parameters } from '../query/query-call.ts';
import { accountOf, type Session } from '../session.ts';
import type { StsOptions } from './sts-options.ts';

const ENCODED_MESSAGE = { min: 1, max: ENCODED_MESSAGE_MAX_CHARACTERS };

/**
 * Tells a caller that may decode messages what one of its own account's refusals was about, and gives the result element. Throws the
 * AwsError that STS answers (https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html). Stricter than what
 * AWS documents in one thing: a refusal of another account's principal tells of that account's policies, and is not opened.
 */
export function decodeAuthorizationMessage(
  caller: Session,
  parameters: Parameters,
  { region, clock, messages }: StsOptions,
): object {
  const encoded = readEncodedMessage(parameters);
  const account = accountOf(caller);
  const denial = { code: 'AccessDenied', status: 403 };
  const authorize = createAuthorize({ account, region, clock, denial });
  authorize(caller, 'sts:DecodeAuthorizationMessage', '*', { values: {} });
  const failure = messages?.decode(encoded);
  if (failure === undefined || accountOf({ entityArn: failure.context.principal.arn }) !== account) {
    throw new AwsError('InvalidAuthorizationMessageException', 400, 'Message is not valid');
  }
  return { DecodedMessage: JSON.stringify(failure) };
}

function readEncodedMessage(parameters: Parameters): string {
  const constraints = createConstraints();
  const encoded = constraints.required('encodedMessage', parameters.take('EncodedMessage'), ENCODED_MESSAGE);
  const [unknown] = parameters.untaken();
  if (unknown !== undefined) {
    throw new AwsError(
      'NotImplemented',
      501,
      `the local STS does not take the parameter ${unknown} of DecodeAuthorizationMessage`,
    );
  }
  constraints.settle();
  return encoded;
}
