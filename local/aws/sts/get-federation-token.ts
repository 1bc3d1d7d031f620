import { federatedUserArn, openFederatedUserSession } from '../open-user-session.ts';
import { createConstraints } from '../query/constraints.ts';
import type { Parameters } from '../query/query-call.ts';
import type { UserKey } from '../session.ts';
import { authorizeCaller } from './authorize-caller.ts';
import { USER_DURATION_SECONDS } from './limits.ts';
import { estimatePackedSize } from './packed-size.ts';
import { describeCredentials, tagFacts } from './role-session.ts';
import { checkPlainText, parseSessionPolicies, readSessionPolicies } from './session-policies.ts';
import type { StsOptions } from './sts-options.ts';
import { indexTags, readTags } from './tag-input.ts';
import { refuseUntaken } from './unknown-input.ts';

const OPERATION = 'GetFederationToken';
const NAME = { min: 2, max: 32, pattern: /[\w+=,.@-]*/ };
const DEFAULT_DURATION_SECONDS = 43_200;

/**
 * Opens a session for whoever a user vouches for, and gives the result element. Throws the AwsError that STS answers
 * (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html).
 */
export function getFederationToken(user: UserKey, parameters: Parameters, options: StsOptions): object {
  const input = parseInput(parameters);
  const { name, durationSeconds = DEFAULT_DURATION_SECONDS } = input;
  // Without a policy, only a policy of a resource could name the session and give it something.
  const sessionPolicies = parseSessionPolicies(input, options) ?? [];
  const packedPolicySize = estimatePackedSize({ ...input, transitiveTagKeys: [] });
  const tags = Object.fromEntries(input.tags);
  const request = { resource: federatedUserArn(user, name), values: tagFacts(tags) };
  authorizeCaller(user, 'sts:GetFederationToken', request, options);
  if (input.tags.size > 0) authorizeCaller(user, 'sts:TagSession', request, options);
  const { sessions, clock, sessionClock = clock } = options;
  const grant = { name, durationSeconds, tags, sessionPolicies };
  const session = openFederatedUserSession(user, grant, { sessions, clock: sessionClock });
  return {
    Credentials: describeCredentials(session),
    FederatedUser: { Arn: session.arn, FederatedUserId: session.userId },
    ...(packedPolicySize !== undefined && { PackedPolicySize: packedPolicySize }),
  };
}

function parseInput(parameters: Parameters) {
  const constraints = createConstraints();
  const { take } = parameters;
  const input = {
    name: constraints.required('name', take('Name'), NAME),
    ...readSessionPolicies(OPERATION, parameters, constraints),
    durationSeconds: constraints.integer('durationSeconds', take('DurationSeconds'), USER_DURATION_SECONDS),
  };
  const tags = readTags(OPERATION, parameters, constraints);
  refuseUntaken(OPERATION, parameters);
  constraints.settle();
  checkPlainText(input);
  return { ...input, tags: indexTags(tags) };
}
