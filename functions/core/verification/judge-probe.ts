import { type ErrorCode, textOf, VendingError } from '../errors.ts';
import type { ProbeAnswer } from './probe-ports.ts';
import type { ProbeResult } from './verification.ts';

/** How a probe ended, without which one it was. */
export type Judgement = Pick<ProbeResult, 'outcome' | 'detail' | 'cure'>;

/** One attempt of a probe that AWS should refuse, and what AWS made of it. */
export interface Attempted {
  readonly what: string;
  readonly answer: ProbeAnswer;
}

/** The cure of whatever comes and goes. */
export const AGAIN = 'run the verification again';
/** The cure of whatever nothing can be said of before the canary vend has given a session. */
export const MEND_FIRST = `mend the canary vend first, then ${AGAIN}`;

/**
 * What the answers say of a probe. Nothing but a refusal by AWS itself counts as refused; and what a probe is when AWS refused
 * all of it, `whenRefused` says: a role or session that is let do nothing at all proves nothing by its refusals.
 */
export function judgeProbe(
  attempts: readonly Attempted[],
  { cure, whenRefused }: { readonly cure: string; readonly whenRefused: Judgement },
): Judgement {
  const hole = attempts.find(({ answer }) => answer.kind === 'let_through');
  if (hole !== undefined) return { outcome: 'failed', detail: `AWS let it through ${hole.what}`, cure };
  for (const { what, answer } of attempts) {
    if (answer.kind === 'not_applicable') return { outcome: 'not_applicable', detail: answer.reason };
    if (answer.kind !== 'unknown') continue;
    const detail = `AWS gave no decision ${what}: ${answer.reason}`;
    return { outcome: 'undecided', detail, cure: AGAIN };
  }
  return whenRefused;
}

/** What refused everything that it should, having let through what it should. */
export const CLOSED: Judgement = { outcome: 'passed', detail: 'AWS refused it' };

/** What the refusals of a role say, by whether it can be assumed as a vend does. */
export function judgeRoleRefusals(isAssumed: boolean): Judgement {
  if (isAssumed) return CLOSED;
  const detail = 'AWS refused it, as it did the canary vend; that says nothing of this probe';
  return { outcome: 'undecided', detail, cure: MEND_FIRST };
}

/** Refusals for want of permission, which STS answers with AccessDenied. */
const REFUSED: ReadonlySet<ErrorCode> = new Set([
  'role_not_assumable',
  'tag_session_denied',
  'source_identity_denied',
]);

/** What STS made of an attempt that ended with this error. */
export function answerOfFailure(error: unknown): ProbeAnswer {
  if (!(error instanceof VendingError)) throw error;
  return REFUSED.has(error.code) ? { kind: 'refused' } : { kind: 'unknown', reason: textOf(error.code) };
}

/** Nothing has been vended, so nothing is known of what the profile opens. */
export function judgeUnknownScope(parameter: string, known = ''): Judgement {
  return {
    outcome: 'undecided',
    detail: `no value is known here for the scope parameter ${parameter}, which the profile requires${known}`,
    cure: `add an example to the scope parameter ${parameter} of the profile, a value of its pattern`,
  };
}

/** Failures that come and go, after which nothing is known of the role. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['sts_throttled', 'sts_unavailable', 'signing_unavailable']);

const IN_THE_PROFILE = 'in the profile, or in the attributes of the tenant that it names';

/** docs/operations.md says the same of vends. */
const CURES: Partial<Record<ErrorCode, string>> = {
  role_not_assumable:
    "let the role exist, and its trust policy allow sts:AssumeRole to the vend function's role (output VendRoleArn) with the tag TenantId of this tenant and, in another account, its external id; the deployment must list roles of other accounts in customerRoleArns",
  tag_session_denied: "add sts:TagSession to the role's trust policy, beside sts:AssumeRole",
  source_identity_denied:
    "add sts:SetSourceIdentity to the role's trust policy, or set sourceIdentity: false in the profile",
  issuer_off: 'let the environment sign tokens, or take the profile out of those of the tenant',
  identity_refused:
    "let IAM, in the account of the role, have Latchkey's issuer for an OpenID provider with the audience sts.amazonaws.com, and the role's trust policy allow sts:AssumeRoleWithWebIdentity to it",
  packed_policy_too_large: 'drop optional tags, managed policies or statements from the profile',
  policy_too_large: 'drop optional statements from the profile, or shorten the attributes that it names',
  policy_unrenderable: `mend what cannot be rendered, ${IN_THE_PROFILE}`,
  sts_rejected: `mend what STS does not take, ${IN_THE_PROFILE}`,
};

/** How a canary vend ended that gave no session. */
export function judgeCanaryFailure({ code, message, cause }: VendingError): Judgement {
  if (PASSING.has(code)) return { outcome: 'undecided', detail: `${code}: ${message}`, cure: AGAIN };
  // For operators to read: a sentence of our own, which names the attribute or tag, or AWS's name for the error.
  const reason = cause instanceof Error ? cause.name : cause;
  const because = typeof reason === 'string' ? ` (${reason})` : '';
  const cure = CURES[code];
  return {
    outcome: 'failed',
    detail: `${code}: ${message}${because}`,
    ...(cure === undefined ? {} : { cure }),
  };
}
