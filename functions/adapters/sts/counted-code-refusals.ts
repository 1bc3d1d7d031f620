import { createHash } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { VendingError } from '../../core/errors.ts';
import type { Grant } from '../../core/grant/grant.ts';
import type { CodeTries } from '../../core/limits/code-tries.ts';
import type { RoleAssumer } from '../../core/ports.ts';

/** Refused codes of an IAM user in one window; after that its codes are not tried. */
const REFUSALS = 10;
/** Windows follow one another by the clock: whoever is held back is so to the end of one. */
const WINDOW_SECONDS = 900;

/**
 * An assumer in front of another that lets nobody guess MFA codes: a code is there so that a stolen token is not enough, six digits are
 * a million, and AWS does not say whether it counts (RFC 4226, 7.3). It counts by IAM user, whoever asks and whichever instance is asked,
 * since whoever guesses may have many tokens. Throws `subject_throttled` once there were too many, and `replay_check_unavailable`.
 */
export function countCodeRefusals(assumer: RoleAssumer, tries: CodeTries, clock: Clock): RoleAssumer {
  return {
    async assume(grant, token, deadline) {
      if (grant.mfa === undefined) return assumer.assume(grant, token, deadline);
      const now = clock().getTime() / 1000;
      const endsAt = (Math.floor(now / WINDOW_SECONDS) + 1) * WINDOW_SECONDS;
      // Before the answer: of many at once, no more are let through than one after the other.
      const taken = await tries.take(keyOf(grant), { tries: REFUSALS, endsAt }, deadline);
      if (taken === undefined) throw tooMany(endsAt - now);
      try {
        const credentials = await assumer.assume(grant, token, deadline);
        // That one alone: a good code of the user's says nothing of who guesses beside it.
        await taken.giveBack();
        return credentials;
      } catch (failure) {
        // What failed for another reason says nothing of the code.
        if (!(failure instanceof VendingError && failure.code === 'mfa_refused')) await taken.giveBack();
        throw failure;
      }
    },
  };
}

function keyOf({ userArn }: Grant): string {
  return createHash('sha256')
    .update(JSON.stringify([userArn]))
    .digest('base64url');
}

function tooMany(seconds: number): VendingError {
  return new VendingError('subject_throttled', {
    detail: 'too many MFA codes of the IAM user were refused, whoever tried them; try again later',
    retryAfterSeconds: Math.ceil(seconds),
  });
}
