import type { ContextFacts } from '../../../policy/context.ts';
import { unsignedFacts } from '../caller-facts.ts';
import type { Federation } from '../session.ts';
import type { CarriedSession } from './carried-session.ts';
import { estimatePackedSize } from './packed-size.ts';
import { type FederatedAction, permitFederated } from './permission.ts';
import { describeRoleSession, openRoleSession, roleSessionFacts } from './role-session.ts';
import { parseSessionPolicies, type SessionPolicyInput } from './session-policies.ts';
import type { StsOptions } from './sts-options.ts';

/** What a call asks for, whichever way it shows who asks. */
export interface FederatedRoleInput extends SessionPolicyInput {
  readonly roleArn: string;
  readonly durationSeconds: number | undefined;
}

/** Whom an identity provider vouches for, and what it says of the session. */
export interface FederatedIdentity {
  readonly sessionName: string;
  readonly carried: CarriedSession;
  /** Condition keys that the trust policy sees and the session does not keep. */
  readonly trustFacts: ContextFacts['values'];
  readonly federation: Federation;
  /** The longest that the session may last by the identity provider's word; undefined when it says nothing. */
  readonly mostSeconds?: number | undefined;
}

/**
 * Opens a session of a role that trusts the identity provider, and gives the members of the result that AssumeRole has, too. Throws
 * AccessDenied, ValidationError, MalformedPolicyDocument or PackedPolicyTooLarge.
 */
export function assumeFederatedRole(
  action: FederatedAction,
  input: FederatedRoleInput,
  identity: FederatedIdentity,
  options: StsOptions,
): object {
  const { carried, sessionName, federation, mostSeconds } = identity;
  const { roleArn, durationSeconds } = input;
  const sessionPolicies = parseSessionPolicies(input, options);
  const packedPolicySize = estimatePackedSize({ ...input, ...carried });
  const tags = Object.fromEntries(carried.tags);
  const session = { ...carried, tags, sessionName };
  const request = {
    provider: federation.provider,
    roleArn,
    role: options.roles.get(roleArn),
    facts: requestFacts(identity, roleSessionFacts({ ...session, roleArn }), options),
    log: options.log,
  };
  const role = permitFederated(action, request);
  if (carried.tags.size > 0) permitFederated('sts:TagSession', request);
  if (carried.sourceIdentity !== undefined) permitFederated('sts:SetSourceIdentity', request);
  const grant = { ...session, durationSeconds, mostSeconds, sessionPolicies, federation };
  return describeRoleSession(openRoleSession(role, grant, options), packedPolicySize);
}

function requestFacts(
  { trustFacts, federation: { provider, facts } }: FederatedIdentity,
  sessionFacts: ContextFacts['values'],
  { region, clock }: StsOptions,
): ContextFacts {
  const unsigned = unsignedFacts(region, clock());
  const values = {
    ...unsigned.values,
    ...sessionFacts,
    ...trustFacts,
    ...facts,
    'aws:FederatedProvider': provider,
  };
  return { values, absent: unsigned.absent.filter((key) => !(key in values)) };
}
