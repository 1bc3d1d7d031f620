import { startDeadline } from '../deadline.ts';
import { VendingError } from '../errors.ts';
import type { Grant } from '../grant/grant.ts';
import type { RoleAssumer } from '../ports.ts';
import type { PolicyDocument } from '../profile/policy-document.ts';
import { secret } from '../secret.ts';
import type { Canary } from './canary.ts';
import { answerOfFailure, type Judgement, judgeCanaryFailure, judgeUnknownScope } from './judge-probe.ts';
import type { CanarySession } from './own-data.ts';
import type { ProbeAnswer, ProbeAssumer } from './probe-ports.ts';

/** How a canary ended. */
export interface CanaryOutcome {
  readonly judgement: Judgement;
  /** Whether the role can be assumed as a vend does: else its refusals say nothing. */
  readonly isAssumed: boolean;
  /** Of the profile's own vend; undefined when there was none. */
  readonly session: CanarySession | undefined;
}

/** No method that is tried here passes on what a caller came with. */
const NO_TOKEN = secret('');

/** Nobody waits for it but an operator. */
const CANARY_MILLISECONDS = 5000;

/** The policy of every session that should not be: if it is, it can do nothing. */
export const NOTHING: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
};

/** Vends as a caller of the tenant would, or, where no request can be made up, tries the role by itself. */
export async function runCanary(
  canary: Canary,
  { vendAssumer, assumer }: { readonly vendAssumer: RoleAssumer; readonly assumer: ProbeAssumer },
): Promise<CanaryOutcome> {
  try {
    if (canary.kind === 'refused') throw canary.failure;
    if (canary.kind === 'untried') return withoutSession(canary.judgement);
    if (canary.kind === 'grant') {
      const { grant } = canary;
      const credentials = await vendAssumer.assume(grant, NO_TOKEN, startDeadline(CANARY_MILLISECONDS));
      const issuedAt = new Date(credentials.expiration.getTime() - grant.durationSeconds * 1000);
      const detail = `AWS gave a session of ${grant.durationSeconds} seconds`;
      return {
        judgement: { outcome: 'passed', detail },
        isAssumed: true,
        session: { grant, credentials, issuedAt },
      };
    }
    await assumer.assume(canary.assumption, NOTHING);
    const judgement = judgeUnknownScope(canary.parameter, '; the role itself can be assumed');
    return { ...withoutSession(judgement), isAssumed: true };
  } catch (failure) {
    if (!(failure instanceof VendingError)) throw failure;
    return withoutSession(judgeCanaryFailure(failure));
  }
}

/** Vends by a grant that AWS should refuse; of a session that is given all the same nothing is kept, and it could do nothing. */
export async function tryGrant(grant: Grant, vendAssumer: RoleAssumer): Promise<ProbeAnswer> {
  const harmless = { ...grant, policy: JSON.stringify(NOTHING), policyArns: [] };
  return vendAssumer
    .assume(harmless, NO_TOKEN, startDeadline(CANARY_MILLISECONDS))
    .then((): ProbeAnswer => ({ kind: 'let_through' }), answerOfFailure);
}

function withoutSession(judgement: Judgement): CanaryOutcome {
  return { judgement, isAssumed: false, session: undefined };
}
