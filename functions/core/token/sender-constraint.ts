import type { Issuer } from '../issuer/issuer.ts';
import type { SenderConstraint } from './caller.ts';

/** The least that has to be shown for it: by a caller who is made up to try a profile. */
export function leastConstraint(demanded: Issuer['senderConstraint']): SenderConstraint | undefined {
  if (demanded === 'optional') return undefined;
  return demanded === 'required' ? 'dpop' : demanded;
}

/** Whether a token that was shown to be the caller's own in this way, or in none, will do for who demands that. */
export function satisfies(
  demanded: Issuer['senderConstraint'],
  shown: SenderConstraint | undefined,
): boolean {
  if (demanded === 'optional') return true;
  return demanded === 'required' ? shown !== undefined : shown === demanded;
}
