import type { ContextFacts } from '../../../policy/context.ts';
import { callerFacts } from '../caller-facts.ts';
import { validationError } from '../query/constraints.ts';
import type { Session } from '../session.ts';
import type { AssumeRoleInput } from './assume-role-input.ts';
import { invalidParameterValue } from './errors.ts';
import { verifyMfa } from './mfa.ts';
import { estimatePackedSize } from './packed-size.ts';
import { permit } from './permission.ts';
import { checkRoleArn, describeRoleSession, openRoleSession, roleSessionFacts } from './role-session.ts';
import { parseSessionPolicies } from './session-policies.ts';
import type { StsOptions } from './sts-options.ts';

const CHAINED_MAX_SECONDS = 3600;

/**
 * Opens a session of a role for a user or a session of another role, and gives the result element. Throws the AwsError that STS answers
 * (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
 */
export function assumeRole(caller: Session, input: AssumeRoleInput, options: StsOptions): object {
  const { roleArn, sessionName, durationSeconds } = input;
  checkRoleArn(roleArn);
  const chained = caller.kind === 'assumedRole';
  if (chained && durationSeconds !== undefined && durationSeconds > CHAINED_MAX_SECONDS) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  const sessionPolicies = parseSessionPolicies(input, options);
  const inherited = inherit(caller, input);
  const packedPolicySize = estimatePackedSize(input);
  const mfaAuthenticatedAt = verifyMfa(caller, input, options) ?? caller.mfaAuthenticatedAt;
  const facts = requestFacts({ ...caller, mfaAuthenticatedAt }, input, inherited, options);
  const request = { caller, roleArn, role: options.roles.get(roleArn), facts, log: options.log };
  const role = permit('sts:AssumeRole', request);
  if (Object.keys(inherited.tags).length > 0) permit('sts:TagSession', request);
  if (inherited.sourceIdentity !== undefined) permit('sts:SetSourceIdentity', request);
  if (input.contextProviders.length > 0) permit('sts:SetContext', request);
  const grant = { ...inherited, sessionName, durationSeconds, sessionPolicies, chained };
  return describeRoleSession(openRoleSession(role, grant, options), packedPolicySize);
}

type Inherited = Pick<Session, 'tags' | 'transitiveTagKeys' | 'sourceIdentity'>;

/**
 * Transitive tags and the source identity go from session to session and cannot be changed on the way
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html).
 */
function inherit(caller: Session, { tags, transitiveTagKeys, sourceIdentity }: AssumeRoleInput): Inherited {
  const transitive = new Set(caller.transitiveTagKeys.map((key) => key.toLowerCase()));
  if ([...tags.keys()].some((key) => transitive.has(key.toLowerCase()))) {
    throw invalidParameterValue(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  }
  if (caller.sourceIdentity !== undefined && sourceIdentity !== undefined) {
    throw validationError('The source identity is already set for this assume role session');
  }
  const kept = Object.entries(caller.tags).filter(([key]) => transitive.has(key.toLowerCase()));
  return {
    tags: Object.fromEntries([...kept, ...tags]),
    transitiveTagKeys: [...caller.transitiveTagKeys, ...transitiveTagKeys],
    sourceIdentity: caller.sourceIdentity ?? sourceIdentity,
  };
}

function requestFacts(
  caller: Session,
  { roleArn, sessionName, externalId, contextProviders }: AssumeRoleInput,
  inherited: Inherited,
  { region, clock }: StsOptions,
): ContextFacts {
  const { values, absent } = callerFacts(caller, region, clock());
  const asked = roleSessionFacts({ ...inherited, roleArn, sessionName, externalId, contextProviders });
  return { values: { ...values, ...asked }, absent };
}
