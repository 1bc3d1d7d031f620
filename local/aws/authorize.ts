import { type ContextFacts, createContext } from '../../policy/context.ts';
import { type Decision, evaluateSession, type PolicyRequest } from '../../policy/evaluate.ts';
import type { StatementReference } from '../../policy/explanation.ts';
import { PolicyError } from '../../policy/policy-error.ts';
import { type AuthorizationMessages, describeFailure } from './authorization-messages.ts';
import { AwsError } from './aws-error.ts';
import { callerFacts } from './caller-facts.ts';
import { policiesOf } from './roles.ts';
import { accountOf, type Session } from './session.ts';

/** Throws an AwsError unless the session's policies together allow `action` on `resource` in a request that says `facts`. */
export type Authorize = (session: Session, action: string, resource: string, facts: ContextFacts) => void;

/** What is the same for every request to a door. */
export interface AuthorizeOptions {
  /** Owns all that lies behind the door. */
  readonly account: string;
  readonly region: string;
  readonly clock: () => Date;
  /** How the service says no. */
  readonly denial: { readonly code: string; readonly status: number };
  /** What a refusal was about goes to the requester in these; left out, it does not go. */
  readonly messages?: Pick<AuthorizationMessages, 'encode'> | undefined;
}

/** Makes the one way in which every door decides: role policy ∩ session policy over the global context keys and the service's own. */
export function createAuthorize({ account, region, clock, denial, messages }: AuthorizeOptions): Authorize {
  return (session, action, resource, { values, absent = [] }) => {
    const sessionAccount = accountOf(session);
    const caller = callerFacts(session, region, clock());
    const facts: ContextFacts = {
      values: { ...caller.values, 'aws:ResourceAccount': account, 'aws:TagKeys': undefined, ...values },
      absent: [...caller.absent, ...absent],
    };
    const refusal =
      sessionAccount === account
        ? findRefusal(session, action, resource, facts)
        : {
            told: `because no resource-based policy allows the ${action} action`,
            reason: `a session of account ${sessionAccount} needs a resource-based policy, which nothing here has`,
            denies: [],
          };
    if (refusal === undefined) return;
    const { told, reason, denies } = refusal;
    const message = wordRefusal(session, action, resource, told);
    const refused = { session, action, resource, values: facts.values, denies };
    throw new AwsError(denial.code, denial.status, message, {
      cause: reason,
      encodedMessage: messages?.encode(describeFailure(refused)),
    });
  };
}

/** Why a request is refused, in AWS's words for the requester and in the evaluator's for the log. */
interface Refusal {
  readonly told: string;
  readonly reason: string;
  /** Every Deny that applied; empty when nothing allowed the request. */
  readonly denies: readonly StatementReference[];
}

function findRefusal(
  { entity, sessionPolicies }: Session,
  action: string,
  resource: string,
  facts: ContextFacts,
): Refusal | undefined {
  try {
    const request: PolicyRequest = { action, resource, context: createContext(facts) };
    const identityPolicies = policiesOf(entity);
    const policies = { identityPolicies, boundary: entity.boundary, sessionPolicies };
    const decision = evaluateSession(policies, request);
    if (decision.effect === 'allowed') return undefined;
    const { explanation, reason } = decision;
    const denies = explanation.effect === 'explicitlyDenied' ? explanation.by : [];
    return { told: wordDecision(decision, action), reason, denies };
  } catch (error) {
    // As when a policy asks for a key that is not known here: what can't be evaluated with certainty allows nothing.
    if (!(error instanceof PolicyError)) throw error;
    return { told: '', reason: `its policies can't be evaluated here: ${error.message}`, denies: [] };
  }
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
function wordDecision({ effect, kind }: Decision, action: string): string {
  const [article, name] = KINDS[kind] ?? ['a', kind];
  if (effect === 'explicitlyDenied') return `with an explicit deny in ${article} ${name}`;
  return `because no ${name} allows the ${action} action`;
}

const KINDS: Partial<Record<Decision['kind'], readonly [article: string, name: string]>> = {
  identity: ['an', 'identity-based policy'],
  boundary: ['a', 'permissions boundary'],
  session: ['a', 'session policy'],
};

function wordRefusal({ arn }: Session, action: string, resource: string, told: string): string {
  const shownResource = action.startsWith('s3:') ? `"${resource}"` : resource;
  // Of an action without resources, AWS names none.
  const on = resource === '*' ? '' : `on resource: ${shownResource} `;
  return `User: ${arn} is not authorized to perform: ${action} ${on}${told}`.trim();
}
