import type { SessionPolicies } from './evaluate.ts';
import type { Policy } from './policy.ts';
import { PolicyError } from './policy-error.ts';
import type { RequestPrincipal } from './principals.ts';
import { checkRequest, type PolicyRequest } from './request.ts';

/** A whole request: who asks for what, and every policy that bears on it. */
export interface AccessRequest extends PolicyRequest {
  readonly principal: RequestPrincipal;
  /** Undefined for a service, a federated identity and an anonymous caller, who have no policies of their own. */
  readonly principalSide: PrincipalSide | undefined;
  readonly resourceSide: ResourceSide;
}

/**
 * Policies by their levels, from the organisation's root down to the account: of service control policies each level must
 * allow. Empty where none apply: outside an organisation, in its management account, for service-linked roles, and (resource
 * control policies) in services that know none, which whoever makes the request must tell
 * (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html,
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html).
 */
export type ControlLevels = readonly (readonly Policy[])[];

/** What the account of whoever asks says. */
export interface PrincipalSide extends SessionPolicies {
  readonly serviceControl: ControlLevels;
}

/** What the account of the resource says. */
export interface ResourceSide {
  /** Owns the resource; for an action without one, whoever asks is meant. */
  readonly account: string;
  /** The bucket policy, key policy, trust policy …; undefined when the resource has none. */
  readonly policy: Policy | undefined;
  readonly resourceControl: ControlLevels;
}

const ROLE = /^arn:(?<partition>[\w-]+):iam::(?<account>\d{12}):role\/(?:[^/]+\/)*(?<name>[^/]+)$/;
const ROLE_SESSION = /^arn:(?<partition>[\w-]+):sts::(?<account>\d{12}):assumed-role\/(?<name>[^/]+)\/[^/]+$/;
const USER = /^arn:(?<partition>[\w-]+):iam::(?<account>\d{12}):user\/.+$/;
const FEDERATED_USER = /^arn:(?<partition>[\w-]+):sts::(?<account>\d{12}):federated-user\/.+$/;

/** Where a principal that has policies of its own is at home. */
interface Home {
  readonly partition: string;
  readonly account: string;
}

/**
 * The home of whoever asks, if they have one. Throws a PolicyError when the parts of a request contradict each other: ARNs that
 * are not of the principal's type, policies for one who has none, an account or a partition that is not the resource's.
 */
export function checkAccessRequest(request: AccessRequest): Home | undefined {
  checkRequest(request);
  const { principal, principalSide, resource, resourceSide } = request;
  const home = homeOf(principal);
  if ((home === undefined) !== (principalSide === undefined)) {
    fault('principal side', principal.type, 'policies of a session or a user, and of nobody else');
  }
  if (principal.type === 'user' && principalSide?.sessionPolicies !== undefined) {
    fault('session policies', principal.arn, 'a session: a user has none');
  }
  const [, partition, , , account] = resource.split(':');
  if (account !== undefined && /^\d{12}$/.test(account) && account !== resourceSide.account) {
    fault('resource account', resourceSide.account, `that of ${resource}`);
  }
  if (!/^\d{12}$/.test(resourceSide.account))
    fault('resource account', resourceSide.account, 'twelve digits');
  // Accounts trust each other within a partition only (page on how roles differ from resource-based policies).
  if (home !== undefined && partition !== undefined && partition !== home.partition) {
    fault('resource', resource, `an ARN of the partition ${home.partition}`);
  }
  return home;
}

function homeOf(principal: RequestPrincipal): Home | undefined {
  switch (principal.type) {
    case 'roleSession':
      return homeIn(ROLE, principal.roleArn, ROLE_SESSION, principal.sessionArn);
    case 'federatedUser':
      return homeIn(USER, principal.userArn, FEDERATED_USER, principal.sessionArn);
    case 'user':
      return homeIn(USER, principal.arn, USER, principal.arn);
    default:
      return undefined;
  }
}

function homeIn(entityForm: RegExp, entityArn: string, sessionForm: RegExp, sessionArn: string): Home {
  const entity = entityForm.exec(entityArn)?.groups ?? {};
  const session = sessionForm.exec(sessionArn)?.groups ?? {};
  const { partition, account } = session;
  const isOfEntity = ['partition', 'account', 'name'].every((part) => entity[part] === session[part]);
  if (partition === undefined || account === undefined || !isOfEntity) {
    return fault('request principal', sessionArn, `an ARN that goes with ${entityArn}`);
  }
  return { partition, account };
}

function fault(what: string, got: unknown, expected: string): never {
  throw new PolicyError({ what, got, expected });
}
