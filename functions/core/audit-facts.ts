import type { Facts } from './audited.ts';
import { type Grant, policyDigest } from './grant/grant.ts';
import type { GrantForm } from './grant/grant-form.ts';

/** What an event says of a grant. */
export function factsOf(grant: Grant): Facts {
  const { profile, method, roleArn, userArn, roleSessionName, durationSeconds, sourceIdentity } = grant;
  return {
    profile,
    method,
    ...given('roleArn', roleArn),
    ...given('userArn', userArn),
    roleSessionName,
    durationSeconds,
    ...factsOfPolicy(grant, grant),
    ...given('sourceIdentity', sourceIdentity),
  };
}

/** What an event says of the form that STS took of a grant. */
export function factsOfForm(grant: Grant, form: GrantForm): Facts {
  const dropped = form.droppedTags.length > 0 ? { droppedTags: form.droppedTags } : {};
  return { ...factsOfPolicy(grant, form), ...dropped };
}

/** GetSessionToken takes no policy: the user's own holds, and nothing is said of one that was not passed. */
function factsOfPolicy({ method }: Grant, form: Pick<GrantForm, 'policy'>): Facts {
  return method === 'sessionToken' ? {} : { policyDigest: policyDigest(form) };
}

/** The member if there is a value: an event says nothing of what there is not. */
export function given<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: V });
}
