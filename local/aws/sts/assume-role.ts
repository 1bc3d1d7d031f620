import type { ContextFacts } from '../../../policy/context.ts';
import type { Policy } from '../../../policy/policy.ts';
import { PolicyError } from '../../../policy/policy-error.ts';
import { AwsError } from '../aws-error.ts';
import { callerFacts } from '../caller-facts.ts';
import { openSession } from '../open-session.ts';
import { validationError } from '../query/constraints.ts';
import { type ManagedPolicies, parseIdentityPolicy, type Roles, splitRoleArn } from '../roles.ts';
import type { Session, Sessions } from '../session.ts';
import { type AssumeRoleInput, invalidParameterValue } from './assume-role-input.ts';
import { estimatePackedSize } from './packed-size.ts';
import { permit } from './permission.ts';

/** What the local STS is made with. */
export interface StsOptions {
  readonly roles: Roles;
  readonly managedPolicies: ManagedPolicies;
  readonly sessions: Sessions;
  readonly region: string;
  readonly clock: () => Date;
  /** When sessions are issued, for who wants them near their end; left out, now. */
  readonly sessionClock?: (() => Date) | undefined;
  /** Told in one line what was refused, and why. */
  readonly log: (message: string) => void;
}

const DEFAULT_DURATION_SECONDS = 3600;
const CHAINED_MAX_SECONDS = 3600;

/**
 * Opens a session of another role for a session, and gives the result element. Throws the AwsError that STS answers
 * (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
 */
export function assumeRole(caller: Session, input: AssumeRoleInput, options: StsOptions): object {
  const { roleArn, sessionName, durationSeconds = DEFAULT_DURATION_SECONDS } = input;
  if (splitRoleArn(roleArn) === undefined) throw validationError(`${roleArn} is invalid`);
  // Every caller here is itself a session of a role, so every call is chaining.
  if (durationSeconds > CHAINED_MAX_SECONDS) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  const sessionPolicies = parseSessionPolicies(input, options);
  const inherited = inherit(caller, input);
  const packedPolicySize = estimatePackedSize(input);
  const facts = requestFacts(caller, input, inherited, options);
  const request = { caller, roleArn, role: options.roles.get(roleArn), facts, log: options.log };
  const role = permit('sts:AssumeRole', request);
  if (Object.keys(inherited.tags).length > 0) permit('sts:TagSession', request);
  if (inherited.sourceIdentity !== undefined) permit('sts:SetSourceIdentity', request);
  if (durationSeconds > role.maxSessionDurationSeconds) {
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  const grant = { ...inherited, sessionName, durationSeconds, sessionPolicies };
  const { sessions, clock, sessionClock = clock } = options;
  const session = openSession(role, grant, { sessions, clock: sessionClock });
  return describe(session, packedPolicySize);
}

/** Policies that were not passed are undefined, never an empty list: the one means all of the role, the other nothing. */
function parseSessionPolicies(
  { policy, policyArns }: AssumeRoleInput,
  { managedPolicies, log }: StsOptions,
): readonly Policy[] | undefined {
  if (policy === undefined && policyArns === undefined) return undefined;
  const managed = (policyArns ?? []).map((arn) => {
    const found = managedPolicies.get(arn);
    // AWS publishes neither code nor text for this.
    if (found === undefined) throw invalidParameterValue(`ARN ${arn} does not exist or is not attachable.`);
    return found;
  });
  if (policy === undefined) return managed;
  try {
    return [parseIdentityPolicy(JSON.parse(policy), 'session policy'), ...managed];
  } catch (error) {
    if (!(error instanceof PolicyError || error instanceof SyntaxError)) throw error;
    log(`session policy refused: ${error.message}`);
    throw new AwsError('MalformedPolicyDocument', 400, 'Syntax errors in policy.');
  }
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

/** The condition keys of STS (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html). */
function requestFacts(
  caller: Session,
  { roleArn, sessionName, externalId }: AssumeRoleInput,
  { tags, transitiveTagKeys, sourceIdentity }: Inherited,
  { region, clock }: StsOptions,
): ContextFacts {
  const { values, absent } = callerFacts(caller, region, clock());
  const requestTags = Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value]);
  return {
    values: {
      ...values,
      ...Object.fromEntries(requestTags),
      'aws:ResourceAccount': splitRoleArn(roleArn)?.account,
      'aws:TagKeys': Object.keys(tags),
      'sts:TransitiveTagKeys': transitiveTagKeys,
      'sts:RoleSessionName': sessionName,
      'sts:ExternalId': externalId,
      'sts:SourceIdentity': sourceIdentity,
    },
    absent,
  };
}

function describe(
  { credentials, assumedRoleArn, assumedRoleId, sourceIdentity }: Session,
  packedPolicySize: number | undefined,
): object {
  return {
    Credentials: {
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      SessionToken: credentials.sessionToken,
      Expiration: credentials.expiration.toISOString().replace('.000Z', 'Z'),
    },
    AssumedRoleUser: { Arn: assumedRoleArn, AssumedRoleId: assumedRoleId },
    ...(packedPolicySize !== undefined && { PackedPolicySize: packedPolicySize }),
    ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }),
  };
}
