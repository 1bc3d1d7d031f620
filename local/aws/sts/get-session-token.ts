import { openUserSession } from '../open-user-session.ts';
import { createConstraints } from '../query/constraints.ts';
import type { Parameters } from '../query/query-call.ts';
import type { UserKey } from '../session.ts';
import { USER_DURATION_SECONDS } from './limits.ts';
import { readMfa, verifyMfa } from './mfa.ts';
import { describeCredentials } from './role-session.ts';
import type { StsOptions } from './sts-options.ts';
import { refuseUntaken } from './unknown-input.ts';

const DEFAULT_DURATION_SECONDS = 43_200;

/**
 * Opens a session for a user that has all that the user has, and gives the result element; no policy can forbid it. Throws the
 * AwsError that STS answers (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html).
 */
export function getSessionToken(user: UserKey, parameters: Parameters, options: StsOptions): object {
  const constraints = createConstraints();
  const seconds = parameters.take('DurationSeconds');
  const durationSeconds = constraints.integer('durationSeconds', seconds, USER_DURATION_SECONDS);
  const mfa = readMfa(parameters, constraints);
  refuseUntaken('GetSessionToken', parameters);
  constraints.settle();
  const grant = {
    durationSeconds: durationSeconds ?? DEFAULT_DURATION_SECONDS,
    mfaAuthenticatedAt: verifyMfa(user, mfa, options),
  };
  const { sessions, clock, sessionClock = clock } = options;
  const session = openUserSession(user, grant, { sessions, clock: sessionClock });
  return { Credentials: describeCredentials(session) };
}
