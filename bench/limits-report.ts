import { fairLevel } from '../functions/core/limits/fair-share.ts';
import type { NamedScenario } from './limits-scenarios.ts';
import type { Outcome } from './limits-simulation.ts';

/** What came of a scenario for one kind of tenants, or for all of them. */
export interface LimitsRow {
  readonly scenario: string;
  /** The tenants' ids without what tells them apart. */
  readonly who: string;
  readonly askedPerSecond: number;
  /** What would be fair of that, while everything is as usual. */
  readonly fairPerSecond: number;
  readonly vendedPerSecond: number;
  readonly refused: number;
  /** The most vends in one second of time, of all seconds. */
  readonly peak: number;
  /** The most by the instances' clocks, without those of which it cannot be told in which of two seconds they were counted. */
  readonly peakOfWindow: number;
  /** Of those who came back when they were told to. */
  readonly retriesAdmitted: number | undefined;
  /** What admission adds to a vend. */
  readonly medianMilliseconds: number;
  readonly p99Milliseconds: number;
}

/** A row for each kind of tenants, and one for all where there is more than one. */
export function reportOf(scenario: NamedScenario, outcomes: readonly Outcome[]): readonly LimitsRow[] {
  const kinds = new Set(outcomes.map(kindOf));
  const rows = [...kinds].map((kind) =>
    rowOf(scenario, kind, (outcome) => kindOf(outcome) === kind, outcomes),
  );
  return kinds.size < 2 ? rows : [...rows, rowOf(scenario, 'all', () => true, outcomes)];
}

const kindOf = ({ tenantId }: Outcome) => tenantId.replace(/^(light)-\d+$|-\d+$/, '$1');

function rowOf(
  scenario: NamedScenario,
  who: string,
  isOne: (outcome: Outcome) => boolean,
  all: readonly Outcome[],
): LimitsRow {
  const { name, steadyFrom, seconds, vendsPerSecond } = scenario;
  const isSteady = ({ askedAt }: Outcome) => askedAt >= steadyFrom * 1000 && askedAt < seconds * 1000;
  const perSecond = (some: readonly Outcome[]) => some.filter(isSteady).length / (seconds - steadyFrom);
  const ones = all.filter(isOne);
  const vended = ones.filter(({ code }) => code === 'admitted');
  const ofOneSecond = vended.filter(({ askedIn, window }) => askedIn === window);
  const retries = ones.filter(({ isRetry }) => isRetry);
  const demand = new Map<string, number>();
  for (const { tenantId } of all.filter(isSteady)) demand.set(tenantId, (demand.get(tenantId) ?? 0) + 1);
  const limitOf = (tenantId: string) => {
    const { limits = {}, subjects = 1 } = scenario.visitors.find((each) => each.tenantId === tenantId) ?? {};
    const { vendsPerSecond: own = Number.POSITIVE_INFINITY, vendsPerSecondPerSubject: ofOne = own } = limits;
    return Math.min(own, ofOne * subjects);
  };
  const wanted = [...demand].map(([tenantId, count]) => ({
    tenantId,
    perSecond: Math.min(limitOf(tenantId), count / (seconds - steadyFrom)),
  }));
  const level = fairLevel(
    vendsPerSecond,
    wanted.map((each) => each.perSecond),
  );
  const mine = new Set(ones.map(({ tenantId }) => tenantId));
  const added = vended.map(({ askedAt, at }) => at - askedAt).sort((a, b) => a - b);
  return {
    scenario: name,
    who,
    askedPerSecond: perSecond(ones),
    fairPerSecond: wanted
      .filter(({ tenantId }) => mine.has(tenantId))
      .reduce((sum, each) => sum + Math.min(level, each.perSecond), 0),
    vendedPerSecond: perSecond(vended),
    refused: ones.length - vended.length,
    peak: peakOf(vended.map(({ at }) => at).sort((a, b) => a - b)),
    peakOfWindow: Math.max(0, ...countBy(ofOneSecond, ({ window }) => window).values()),
    retriesAdmitted:
      retries.length === 0
        ? undefined
        : retries.filter(({ code }) => code === 'admitted').length / retries.length,
    medianMilliseconds: added[Math.floor(added.length / 2)] ?? 0,
    p99Milliseconds: added[Math.floor(added.length * 0.99)] ?? 0,
  };
}

function countBy<T>(values: readonly T[], keyOf: (value: T) => number): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(keyOf(value), (counts.get(keyOf(value)) ?? 0) + 1);
  return counts;
}

/** The most in any second, whenever it begins. */
function peakOf(times: readonly number[]): number {
  let first = 0;
  let peak = 0;
  for (const [index, time] of times.entries()) {
    while ((times[first] ?? 0) <= time - 1000) first += 1;
    peak = Math.max(peak, index - first + 1);
  }
  return peak;
}
