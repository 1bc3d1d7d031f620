import type { Clock } from '../clock.ts';
import { VendingError } from '../errors.ts';
import type { PolicyDocument } from '../policy-document.ts';
import type { RoleAssumer } from '../ports.ts';
import type { Profile } from '../profile.ts';
import type { Tenant } from '../tenant.ts';
import { type Canary, planCanary } from './canary.ts';
import { type DataProbeDependencies, planDataProbes, putProbeObject } from './data-probes.ts';
import { answerOfFailure, type Judgement, judgeCanaryFailure, judgeProbe } from './judge-probe.ts';
import type { Assumption, ProbeAnswer, ProbeCredentials } from './probe-ports.ts';
import { type ProbePlan, planRoleProbes } from './role-probes.ts';
import type { ProbeResult } from './verification.ts';

/** What the profiles of a tenant are tried with. */
export interface ProfileVerifierDependencies extends DataProbeDependencies {
  /** The very one that vends. */
  readonly vendAssumer: RoleAssumer;
  readonly clock: Clock;
}

/** Runs every probe of one profile; the canary's result comes first. */
export type VerifyProfile = (profile: Profile) => Promise<readonly ProbeResult[]>;

/** The policy of every session that should not be: if it is, it can do nothing. */
const NOTHING: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
};

/** For one verification of one tenant: what several of its profiles ask is asked once. */
export function createProfileVerifier(
  tenant: Tenant,
  dependencies: ProfileVerifierDependencies,
): VerifyProfile {
  const { assumer } = dependencies;
  const tryAssume = askedOnce((assumption: Assumption) =>
    assumer.assume(assumption, NOTHING).then((): ProbeAnswer => ({ kind: 'let_through' }), answerOfFailure),
  );
  const objectThere = askedOnce((_: 'probe object') => putProbeObject(dependencies));

  return async (profile) => {
    const canary = planCanary(tenant, profile, dependencies.clock);
    const { session, ...judgement } = await runCanary(canary, dependencies);
    const canaryPassed = judgement.outcome === 'passed' || judgement.outcome === 'not_applicable';
    const { roleArn } = canary.assumption;
    const rolePlans = planRoleProbes(canary.assumption, tenant.tenantId);
    const dataPlans = planDataProbes(roleArn, dependencies, () => objectThere('probe object'));
    const results = await Promise.all([
      ...rolePlans.map((plan) => run(plan, tryAssume)),
      ...dataPlans.map((plan) => run(plan, (attempt) => attemptWith(session, attempt))),
    ]);
    return [{ probe: 'canary_vend' as const, ...judgement }, ...results].map((result) => ({
      profile: profile.name,
      roleArn,
      ...result,
    }));

    async function run<R>(plan: ProbePlan<R>, ask: (request: R) => Promise<ProbeAnswer>) {
      return { probe: plan.probe, ...(await runPlan(plan, ask, canaryPassed)) };
    }

    async function attemptWith(
      credentials: ProbeCredentials | undefined,
      attempt: (credentials: ProbeCredentials) => Promise<ProbeAnswer>,
    ): Promise<ProbeAnswer> {
      if (credentials !== undefined) return attempt(credentials);
      const reason = 'the canary vend gave no session to try it with';
      return { kind: canaryPassed ? 'not_applicable' : 'unknown', reason };
    }
  };
}

type CanaryOutcome = Judgement & { readonly session: ProbeCredentials | undefined };

async function runCanary(
  canary: Canary,
  { vendAssumer, assumer }: ProfileVerifierDependencies,
): Promise<CanaryOutcome> {
  try {
    if (canary.kind === 'refused') throw canary.failure;
    if (canary.kind === 'grant') {
      const session = await vendAssumer.assume(canary.grant);
      const detail = `AWS gave a session of ${canary.grant.durationSeconds} seconds`;
      return { outcome: 'passed', detail, session };
    }
    // Without a grant, at least that the role can be assumed as it should: else its refusals would say nothing.
    await assumer.assume(canary.assumption, NOTHING);
    const detail = `${canary.because}; the role itself can be assumed`;
    return { outcome: 'not_applicable', detail, session: undefined };
  } catch (failure) {
    if (!(failure instanceof VendingError)) throw failure;
    return { ...judgeCanaryFailure(failure), session: undefined };
  }
}

async function runPlan<R>(
  plan: ProbePlan<R>,
  ask: (request: R) => Promise<ProbeAnswer>,
  canaryPassed: boolean,
): Promise<Judgement> {
  if ('notApplicable' in plan) return { outcome: 'not_applicable', detail: plan.notApplicable };
  const attempted = await Promise.all(
    plan.attempts.map(async ({ what, request }) => ({ what, answer: await ask(request) })),
  );
  return judgeProbe(attempted, { cure: plan.cure, canaryPassed });
}

/** Asks once for what is asked several times. */
function askedOnce<Q, A>(ask: (question: Q) => Promise<A>): (question: Q) => Promise<A> {
  const answers = new Map<string, Promise<A>>();
  return (question) => {
    const key = JSON.stringify(question);
    const answer = answers.get(key) ?? ask(question);
    answers.set(key, answer);
    return answer;
  };
}
