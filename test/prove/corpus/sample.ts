import fc from 'fast-check';
import { isTenantId } from '../../../functions/core/tenant-id.ts';
import { type Finding, isAllowed, judge, sessionsOf } from './brute-force.ts';
import type { CorpusEntry, CorpusVerdict } from './entry.ts';
import { requestsOf } from './requests.ts';

/** A request around an entry's verdict, for two tenants that nobody chose. */
interface Sample {
  readonly tenant: string;
  readonly other: string;
  /** Which of the requests for the two. */
  readonly places: readonly number[];
}

const tenant = fc
  .array(fc.constantFrom('a', 'c', 'me', '2', '-', 'acme', 'prod', 'x', 'reports'), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => parts.join(''))
  .filter(isTenantId);

/** Two tenants of which one often begins, ends or continues the other. */
const pair = fc
  .tuple(tenant, tenant, fc.nat(5))
  .map(([one, other, how]) => {
    const related = [other, `${one}-prod`, `${one}2`, one.slice(0, -1), `x${one}`, `archive-${one}`][how];
    return { tenant: one, other: related ?? other };
  })
  .filter(({ other }) => isTenantId(other));

export const sample: fc.Arbitrary<Sample> = fc
  .tuple(pair, fc.array(fc.nat(), { minLength: 20, maxLength: 20 }))
  .map(([tenants, places]) => ({ ...tenants, places }));

const SEVERITY: readonly CorpusVerdict[] = ['isolated', 'undeclared', 'crosses'];

/** Whether something is worse than the verdict says. */
export function isWorse(found: CorpusVerdict, verdict: CorpusVerdict): boolean {
  return SEVERITY.indexOf(found) > SEVERITY.indexOf(verdict);
}

/** What the sampled requests show, of those that are allowed. */
export function evaluateSample(
  entry: CorpusEntry,
  { tenant: one, other, places }: Sample,
): readonly Finding[] {
  const sessions = sessionsOf(entry, one);
  const [forward, back] = [requestsOf(entry, one, other), requestsOf(entry, other, one)];
  const asked = places.flatMap((place) => forward[place % forward.length] ?? back[place % back.length] ?? []);
  return asked
    .filter((request) => sessions.some((session) => isAllowed(session, request)))
    .flatMap((request) => judge(entry, one, request) ?? []);
}
