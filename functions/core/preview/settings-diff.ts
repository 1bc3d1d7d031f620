import type { Grant } from '../grant/grant.ts';
import type { PolicyDocument, PolicyStatement } from '../profile/policy-document.ts';
import { isSameData } from '../same-data.ts';
import type { ComparedProfile, ProfileDiff } from './profile-diff.ts';

/** The statements of a policy as it is sent. */
export function statementsOf(policy: string): readonly PolicyStatement[] {
  return (JSON.parse(policy) as PolicyDocument).Statement;
}

/** The statements that only one of two policies has. */
export function statementsBetween(
  before: Pick<Grant, 'policy'>,
  after: Pick<Grant, 'policy'>,
): Pick<ProfileDiff, 'statementsAdded' | 'statementsRemoved'> {
  const [old, changed] = [statementsOf(before.policy), statementsOf(after.policy)];
  const without = (all: readonly PolicyStatement[], others: readonly PolicyStatement[]) =>
    all.filter((one) => !others.some((other) => isSameData(one, other)));
  return { statementsAdded: without(changed, old), statementsRemoved: without(old, changed) };
}

/** What two grants differ in beside their policies. */
export function settingsBetween(before: ComparedProfile, after: ComparedProfile): ProfileDiff['settings'] {
  const [old, changed] = [settingsOf(before), settingsOf(after)];
  return Object.entries(old)
    .map(([member, value]) => ({ member, before: value, after: changed[member] }))
    .filter((pair) => !isSameData(pair.before, pair.after));
}

function settingsOf({ profile, grant }: ComparedProfile): Readonly<Record<string, unknown>> {
  const byKey = new Map(grant.tags.map(({ key, value }) => [key, value]));
  return {
    method: profile.method,
    webIdentityToken: profile.webIdentityToken,
    mfa: profile.mfa,
    roleArn: grant.roleArn,
    userArn: grant.userArn,
    contextProviders: [...profile.contextProviders].sort(),
    policyArns: [...grant.policyArns].sort(),
    tags: Object.fromEntries([...byKey]),
    transitiveTagKeys: [...grant.transitiveTagKeys].sort(),
    droppableTags: profile.droppableTags,
    sourceIdentity: profile.sourceIdentity,
    durationSeconds: { ...profile.durationSeconds, granted: grant.durationSeconds },
    requiredScopes: [...profile.requiredScopes].sort(),
    scope: Object.fromEntries(
      [...profile.scope].map(([name, { pattern, optional }]) => [
        name,
        { pattern: pattern.source, optional },
      ]),
    ),
  };
}
