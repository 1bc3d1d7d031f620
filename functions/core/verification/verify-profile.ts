import { userArnOf } from '../administration/tenant-principals.ts';
import type { Clock } from '../clock.ts';
import type { Grant } from '../grant/grant.ts';
import type { RoleAssumer } from '../ports.ts';
import type { Profile } from '../profile/profile.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { type Canary, comesByAssumeRole, planCanary } from './canary.ts';
import { type DataProbeDependencies, planDataProbes, putProbeObject } from './data-probes.ts';
import {
  answerOfFailure,
  CLOSED,
  type Judgement,
  judgeProbe,
  judgeRoleRefusals,
  MEND_FIRST,
} from './judge-probe.ts';
import { judgeDataRefusals } from './own-data.ts';
import type { Assumption, ProbeAnswer } from './probe-ports.ts';
import { type ProbePlan, planDetourProbe, planForeignTokenProbe, planRoleProbes } from './role-probes.ts';
import { type CanaryOutcome, NOTHING, runCanary, tryGrant } from './run-canary.ts';
import { someAtOnce } from './some-at-once.ts';
import type { ProbeResult } from './verification.ts';

/** What the profiles of a tenant are tried with. */
export interface ProfileVerifierDependencies extends DataProbeDependencies {
  /** The very one that vends. */
  readonly vendAssumer: RoleAssumer;
  readonly clock: Clock;
}

/** Whom it is about, and until when its sessions are cut off, as its record says. */
export interface TenantToVerify {
  readonly tenant: Tenant;
  readonly revokedBefore: string | undefined;
}

/** Thirteen, or so, for a role of a tenant's own, of the 600 calls a second that STS gives an account. */
const ROLE_PROBES_AT_ONCE = 24;

/** Runs every probe of one profile; the canary's result comes first. */
export type VerifyProfile = (profile: Profile) => Promise<readonly ProbeResult[]>;

/**
 * For one verification of one tenant: what several of its profiles ask is asked once, and so is a role that several of them assume
 * in the same way.
 */
export function createProfileVerifier(
  { tenant, revokedBefore }: TenantToVerify,
  dependencies: ProfileVerifierDependencies,
): VerifyProfile {
  const { assumer } = dependencies;
  const assume = async (assumption: Assumption) =>
    assumer.assume(assumption, NOTHING).then((): ProbeAnswer => ({ kind: 'let_through' }), answerOfFailure);
  const tryAssume = askedOnce(someAtOnce(ROLE_PROBES_AT_ONCE, assume));
  const objectThere = askedOnce((_: 'probe object') => putProbeObject(dependencies));

  return async (profile) => {
    const canary = planCanary(tenant, profile, dependencies.clock);
    const outcome = await runCanary(canary, dependencies);
    const results = await Promise.all([
      ...runRoleProbes(profile, canary, outcome),
      ...runTokenProbes(profile, canary, outcome),
      ...runDataProbes(canary, outcome),
    ]);
    const about = { profile: profile.name, ...principalsOf(tenant, profile, canary) };
    return [{ probe: 'canary_vend' as const, ...outcome.judgement }, ...results].map((result) => ({
      ...about,
      ...result,
    }));
  };

  function runRoleProbes(profile: Profile, { assumption }: Canary, { isAssumed }: CanaryOutcome) {
    if (assumption === undefined) return [];
    const isChained = comesByAssumeRole(profile);
    // That a role refuses what nobody should get by it says enough; the others must be let in otherwise.
    const refusals = Promise.resolve(isChained ? judgeRoleRefusals(isAssumed) : CLOSED);
    const plans = isChained ? planRoleProbes(assumption, tenant.tenantId) : [planDetourProbe(assumption)];
    return plans.map((plan) => run(plan, tryAssume, refusals));
  }

  /** A role of the deployment's own takes every tenant's token, and one that cannot be vended by fails for that. */
  function runTokenProbes({ name, webIdentityToken }: Profile, canary: Canary, { isAssumed }: CanaryOutcome) {
    const isOwn = Object.hasOwn(tenant.roles, name);
    if (!isOwn || webIdentityToken !== 'latchkey' || canary.kind !== 'grant') return [];
    const tryToken = (grant: Grant) => tryGrant(grant, dependencies.vendAssumer);
    const refusals = Promise.resolve(judgeRoleRefusals(isAssumed));
    return [run(planForeignTokenProbe(canary.grant), tryToken, refusals)];
  }

  function runDataProbes({ kind, assumption }: Canary, { session }: CanaryOutcome) {
    // What is tried elsewhere has no session to try data with.
    if (assumption === undefined || kind === 'untried') return [];
    const plans = planDataProbes(assumption.roleArn, dependencies, () => objectThere('probe object'));
    if (session === undefined) return plans.map(untried);
    const refusals = judgeDataRefusals(session, revokedBefore, dependencies);
    return plans.map((plan) => run(plan, (attempt) => attempt(session.credentials), refusals));
  }
}

type ProbeOutcome = Omit<ProbeResult, 'profile' | 'roleArn' | 'userArn'>;

function principalsOf(
  { tenantId }: Tenant,
  profile: Profile,
  { assumption }: Canary,
): Pick<ProbeResult, 'roleArn' | 'userArn'> {
  const userArn = userArnOf(profile, tenantId);
  return {
    ...(assumption === undefined ? {} : { roleArn: assumption.roleArn }),
    ...(userArn === undefined ? {} : { userArn }),
  };
}

/** `whenRefused` says what the probe is when AWS refused all of it. */
async function run<R>(
  plan: ProbePlan<R>,
  ask: (request: R) => Promise<ProbeAnswer>,
  whenRefused: Promise<Judgement>,
): Promise<ProbeOutcome> {
  const { probe } = plan;
  if ('notApplicable' in plan) return { probe, outcome: 'not_applicable', detail: plan.notApplicable };
  const attempts = plan.attempts.map(async ({ what, request }) => ({ what, answer: await ask(request) }));
  const [refused, ...attempted] = await Promise.all([whenRefused, ...attempts]);
  return { probe, ...judgeProbe(attempted, { cure: plan.cure, whenRefused: refused }) };
}

function untried(plan: ProbePlan<unknown>): ProbeOutcome {
  const { probe } = plan;
  if ('notApplicable' in plan) return { probe, outcome: 'not_applicable', detail: plan.notApplicable };
  const detail = 'the canary vend gave no session to try it with';
  return { probe, outcome: 'undecided', detail, cure: MEND_FIRST };
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
