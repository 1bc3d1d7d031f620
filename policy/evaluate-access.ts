import { type AccessRequest, checkAccessRequest } from './access-request.ts';
import { asDecision, type Decision, judgeSession } from './evaluate.ts';
import { conclude, type Judgement, judge } from './judgement.ts';
import {
  checkResourceBased,
  checkResourceControl,
  checkServiceControl,
  checkTrustPolicy,
} from './policy-kind.ts';
import type { Asker, Naming } from './principals.ts';

/**
 * Decides a whole request as AWS does, over every kind of policy: within one account
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html) and across two
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html). Throws a
 * PolicyError when the request or one of its policies cannot be evaluated with certainty: that allows nothing.
 */
export function evaluateAccess(request: AccessRequest): Decision {
  const home = checkAccessRequest(request);
  const { principal, principalSide, resourceSide } = request;
  const asker: Asker = { principal, hasBoundary: principalSide?.boundary !== undefined };
  const serviceControl = (principalSide?.serviceControl ?? []).map((policies, level) => {
    policies.forEach(checkServiceControl);
    return judge(policies, request, { kind: 'serviceControl', level });
  });
  const resourceControl = resourceSide.resourceControl.map((policies, level) => {
    policies.forEach(checkResourceControl);
    return judge(policies, request, { kind: 'resourceControl', level }, asker);
  });
  const resource = judgeResource(request, asker);
  const own =
    principalSide &&
    judgeSession(
      // GetFederationToken without a session policy gives a session that only resource-based policies open.
      principal.type === 'federatedUser'
        ? { ...principalSide, sessionPolicies: principalSide.sessionPolicies ?? [] }
        : principalSide,
      request,
    );
  const ownJudgements = own === undefined ? [] : [own.identity, ...own.limits];
  const all = [...serviceControl, ...resourceControl, resource, ...ownJudgements];
  if (own === undefined) return asDecision(conclude(all, [resource]));

  const isSameAccount = home?.account === resourceSide.account;
  const needed = isSameAccount
    ? neededInAccount(resource, own.identity, own.limits, isClosed(request))
    : [resource, own.identity, ...own.limits];
  return asDecision(conclude(all, [...serviceControl, ...needed]));
}

function judgeResource(request: AccessRequest, asker: Asker): Judgement {
  const { policy } = request.resourceSide;
  if (policy === undefined) return judge([], request, { kind: 'resource' });
  if (isRole(request)) checkTrustPolicy(policy);
  else checkResourceBased(policy);
  return judge([policy], request, { kind: 'resource' }, asker);
}

/**
 * Who must allow within an account, by how the resource's policy names whoever asks. Named as themselves, they need no other
 * Allow; named by their role (or the user behind a federated session) what limits that one limits them; named by their account
 * or not at all, their identity-based policies decide
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html, table of
 * implicit denies).
 */
function neededInAccount(
  resource: Judgement,
  identity: Judgement,
  limits: readonly Judgement[],
  closed: boolean,
): readonly Judgement[] {
  const namedAs = (wanted: Naming) => ({
    ...resource,
    allows: resource.allows.filter(({ naming }) => naming === wanted),
  });
  const [asCaller, asEntity] = [namedAs('caller'), namedAs('entity')];
  if (asCaller.allows.length > 0) return [asCaller];
  if (asEntity.allows.length > 0) return [asEntity, ...limits];
  return closed ? [resource, identity, ...limits] : [identity, ...limits];
}

/** Roles and KMS keys open to nobody, their own account neither, but by their own policy (same page). */
function isClosed(request: AccessRequest): boolean {
  return isRole(request) || isOf(request, 'kms', /^arn:[^:]+:kms:[^:]*:\d{12}:key\//);
}

function isRole(request: AccessRequest): boolean {
  return isOf(request, 'sts', /^arn:[^:]+:iam::\d{12}:role\//);
}

function isOf({ action, resource }: AccessRequest, service: string, form: RegExp): boolean {
  return action.toLowerCase().startsWith(`${service}:`) && form.test(resource);
}
