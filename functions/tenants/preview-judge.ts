import { createContext } from '../../policy/context.ts';
import { type Decision, evaluateSession } from '../../policy/evaluate.ts';
import { renderExplanation } from '../../policy/explanation.ts';
import { parsePolicy } from '../../policy/parse-policy.ts';
import type { Policy } from '../../policy/policy.ts';
import { PolicyError, UnknownConditionKey } from '../../policy/policy-error.ts';
import type { PolicyRequest } from '../../policy/request.ts';
import type {
  JudgedRequest,
  JudgedSession,
  OpenJudge,
  SessionJudge,
  Verdict,
} from '../core/preview/preview-judge.ts';
import { requestFacts } from './preview-context.ts';

/** In the place of a role's policies that are not known: what the session policy allows is what can be told. */
const WHOLE_ROLE = parsePolicy(
  { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
  'the whole role',
);

/** The judge over the evaluator of policy/. What that cannot decide is undecided, with what it would have to know. */
export const openPolicyJudge: OpenJudge = (session) => {
  try {
    const sessionPolicy = parsePolicy(JSON.parse(session.policy), 'the session policy');
    const rolePolicy = session.rolePolicy && parsePolicy(session.rolePolicy, "the role's policy");
    return openOver(session, sessionPolicy, rolePolicy);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const fault = error.message;
    return { fault, judge: () => undecided(fault) };
  }
};

function openOver(
  session: JudgedSession,
  sessionPolicy: Policy,
  rolePolicy: Policy | undefined,
): SessionJudge {
  const evaluate = (identityPolicy: Policy, request: PolicyRequest) =>
    evaluateSession({ identityPolicies: [identityPolicy], sessionPolicies: [sessionPolicy] }, request);
  return {
    fault: undefined,
    judge(request) {
      try {
        const asked = toPolicyRequest(session, request);
        const alone = evaluate(WHOLE_ROLE, asked);
        const sessionEffect = effectOf(alone);
        if (rolePolicy === undefined)
          return { effect: sessionEffect, sessionEffect, reason: sessionReason(alone) };
        const whole = evaluate(rolePolicy, asked);
        return { effect: effectOf(whole), sessionEffect, reason: whole.reason };
      } catch (error) {
        if (!(error instanceof PolicyError)) throw error;
        const cure = error instanceof UnknownConditionKey ? '; its context may say so, [] for absent' : '';
        return undecided(`${error.message}${cure}`);
      }
    },
  };
}

function toPolicyRequest(session: JudgedSession, request: JudgedRequest): PolicyRequest {
  const { action, resource } = request;
  return { action, resource, context: createContext(requestFacts(session, request)) };
}

function undecided(why: string): Verdict {
  return { effect: 'undecided', sessionEffect: 'undecided', reason: `cannot be decided: ${why}` };
}

const EFFECTS = {
  allowed: 'allowed',
  implicitlyDenied: 'implicitly_denied',
  explicitlyDenied: 'explicitly_denied',
} as const;

function effectOf({ effect }: Decision): Verdict['effect'] {
  return EFFECTS[effect];
}

/** Without the role that nobody here knows. */
function sessionReason({ explanation }: Decision): string {
  if (explanation.effect === 'implicitlyDenied') return renderExplanation(explanation);
  const [first, ...others] = explanation.by.filter(({ kind }) => kind === 'session');
  if (first === undefined) throw new Error('explanation: got none by the session policy, expected one');
  return renderExplanation({ effect: explanation.effect, by: [first, ...others] });
}
