import { createConstraints, validationError } from '../query/constraints.ts';
import type { Parameters } from '../query/query-call.ts';
import { accountOf, type Session } from '../session.ts';
import { authorizeCaller } from './authorize-caller.ts';
import type { StsOptions } from './sts-options.ts';
import { refuseUntaken } from './unknown-input.ts';

const ACCESS_KEY_ID = { min: 16, max: 128, pattern: /[\w]*/ };

/**
 * Tells whose account an access key belongs to, and gives the result element. AWS reads it from the key; here a key must have been
 * issued. Throws the AwsError that STS answers (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html).
 */
export function getAccessKeyInfo(caller: Session, parameters: Parameters, options: StsOptions): object {
  const constraints = createConstraints();
  const accessKeyId = constraints.required('accessKeyId', parameters.take('AccessKeyId'), ACCESS_KEY_ID);
  refuseUntaken('GetAccessKeyInfo', parameters);
  constraints.settle();
  authorizeCaller(caller, 'sts:GetAccessKeyInfo', { resource: '*' }, options);
  const holder = options.sessions.get(accessKeyId);
  // "Might return an error that the key doesn't exist", says AWS, and not which.
  if (holder === undefined) throw validationError(`The access key ${accessKeyId} does not exist`);
  return { Account: accountOf(holder) };
}
