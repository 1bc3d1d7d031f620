import { startDeadline } from '../deadline.ts';
import { VendingError } from '../errors.ts';
import type { RoleAssumer } from '../ports.ts';
import type { PolicyDocument } from '../profile/policy-document.ts';
import type { Canary } from './canary.ts';
import { type Judgement, judgeCanaryFailure } from './judge-probe.ts';
import type { CanarySession } from './own-data.ts';
import type { ProbeAssumer } from './probe-ports.ts';

/** How a canary ended. */
export interface CanaryOutcome {
  readonly judgement: Judgement;
  /** Whether the role can be assumed as a vend does: else its refusals say nothing. */
  readonly isAssumed: boolean;
  /** Of the profile's own vend; undefined when there was none. */
  readonly session: CanarySession | undefined;
}

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
    if (canary.kind === 'grant') {
      const { grant } = canary;
      const credentials = await vendAssumer.assume(grant, startDeadline(CANARY_MILLISECONDS));
      const issuedAt = new Date(credentials.expiration.getTime() - grant.durationSeconds * 1000);
      const detail = `AWS gave a session of ${grant.durationSeconds} seconds`;
      return {
        judgement: { outcome: 'passed', detail },
        isAssumed: true,
        session: { grant, credentials, issuedAt },
      };
    }
    await assumer.assume(canary.assumption, NOTHING);
    return { judgement: judgeRoleAlone(canary.parameter), isAssumed: true, session: undefined };
  } catch (failure) {
    if (!(failure instanceof VendingError)) throw failure;
    return { judgement: judgeCanaryFailure(failure), isAssumed: false, session: undefined };
  }
}

/** Nothing has been vended, so nothing is known of what the profile opens. */
function judgeRoleAlone(parameter: string): Judgement {
  return {
    outcome: 'undecided',
    detail: `no value is known here for the scope parameter ${parameter}, which the profile requires; the role itself can be assumed`,
    cure: `add an example to the scope parameter ${parameter} of the profile, a value of its pattern`,
  };
}
