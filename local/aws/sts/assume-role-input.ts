import { type Constraints, createConstraints } from '../query/constraints.ts';
import type { Parameters } from '../query/query-call.ts';
import { ARN, MAX_TAGS, NAME, ROLE_DURATION_SECONDS, TAG_KEY } from './limits.ts';
import { type MfaInput, readMfa } from './mfa.ts';
import { checkContextProviders, readContextProviders } from './provided-contexts.ts';
import { checkPlainText, readSessionPolicies, type SessionPolicyInput } from './session-policies.ts';
import { checkTransitive, indexTags, readTags } from './tag-input.ts';
import { refuseOtherFields, refuseUntaken } from './unknown-input.ts';

/** The parameters of AssumeRole, each within its limits. */
export interface AssumeRoleInput extends SessionPolicyInput, MfaInput {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly durationSeconds: number | undefined;
  /** Keys are unique, case ignored. */
  readonly tags: ReadonlyMap<string, string>;
  readonly transitiveTagKeys: readonly string[];
  readonly externalId: string | undefined;
  readonly sourceIdentity: string | undefined;
  /** The ARNs of those who provide a context. */
  readonly contextProviders: readonly string[];
}

const OPERATION = 'AssumeRole';
const EXTERNAL_ID = { min: 2, max: 1224, pattern: /[\w+=,.@:/-]*/ };

/**
 * Reads and checks the parameters (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html). Throws the
 * AwsError that STS answers; for what AWS knows but this STS does not, 501 NotImplemented.
 */
export function parseAssumeRole(parameters: Parameters): AssumeRoleInput {
  const constraints = createConstraints();
  const { take } = parameters;
  const input = {
    roleArn: constraints.required('roleArn', take('RoleArn'), ARN),
    sessionName: constraints.required('roleSessionName', take('RoleSessionName'), NAME),
    ...readSessionPolicies(OPERATION, parameters, constraints),
    durationSeconds: constraints.integer('durationSeconds', take('DurationSeconds'), ROLE_DURATION_SECONDS),
    externalId: constraints.optional('externalId', take('ExternalId'), EXTERNAL_ID),
    sourceIdentity: constraints.optional('sourceIdentity', take('SourceIdentity'), NAME),
    ...readMfa(parameters, constraints),
    contextProviders: readContextProviders(OPERATION, parameters, constraints),
  };
  const tags = readTags(OPERATION, parameters, constraints);
  const transitiveTagKeys = readTransitiveTagKeys(parameters, constraints);
  refuseUntaken(OPERATION, parameters);
  constraints.settle();
  checkPlainText(input);
  checkContextProviders(input.contextProviders);
  return { ...input, tags: indexTags(tags), transitiveTagKeys: checkTransitive(transitiveTagKeys, tags) };
}

function readTransitiveTagKeys(parameters: Parameters, constraints: Constraints): readonly string[] {
  const keys = (parameters.takeList('TransitiveTagKeys') ?? []).map((member, index) => {
    refuseOtherFields(OPERATION, member, ['']);
    return constraints.required(`transitiveTagKeys.${index + 1}.member`, member.get(''), TAG_KEY);
  });
  return constraints.atMost('transitiveTagKeys', keys, MAX_TAGS);
}
