import type { RevocationPolicyWriter, RevocationStore } from '../administration/administrative-ports.ts';
import type { Clock } from '../clock.ts';
import { VendingError } from '../errors.ts';
import { isSameData } from '../same-data.ts';
import { findRevocable, type Revocable, type RevocablePrincipals, sharedRevocables } from './revocable.ts';
import { addRevocation, type Revocation, renderRevocations, sweepRevocations } from './revocation.ts';

/** What sessions are cut off with. */
export interface RevokingDependencies {
  readonly store: RevocationStore;
  readonly writer: RevocationPolicyWriter;
  /** The roles and users whose policy may be changed, and no others. */
  readonly principals: RevocablePrincipals;
  readonly clock: Clock;
  /** Waits before another try: at random, up to so long, so that writers that met do not meet again. */
  readonly wait: (longestMilliseconds: number) => Promise<void>;
}

/**
 * Keeps the statements by which roles and users refuse sessions. The store is what counts: it is written first, and a policy is
 * always made from all that is stored, so that what one call leaves undone the next one does. Throws `revocations_full`
 * and `revocation_failed`.
 */
export interface Revoking {
  /** Cuts off one tenant's sessions on one role or user. */
  revoke(principalArn: string, revocation: Revocation): Promise<void>;
  /**
   * Drops on every role and user that tenants share what can cut off nothing any more, and writes every policy anew. A tenant's own user keeps
   * its one statement: it grows no longer, and in time cuts off nothing.
   */
  sweep(): Promise<void>;
}

/** Of writers at the same time one gets through each time, so this many may come together. */
const ATTEMPTS = 30;
const FIRST_WAIT_MILLISECONDS = 50;
const LONGEST_WAIT_MILLISECONDS = 500;

/** The one place where revocations change. */
export function createRevoking({ store, writer, principals, clock, wait }: RevokingDependencies): Revoking {
  async function change(
    revocable: Revocable,
    decide: (current: readonly Revocation[]) => readonly Revocation[],
  ): Promise<void> {
    await orRevocationFailed(async () => {
      await keep(revocable, decide);
      await apply(revocable);
    });
  }

  async function keep(
    revocable: Revocable,
    decide: (current: readonly Revocation[]) => readonly Revocation[],
  ): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const { revocations, version } = await store.read(revocable.arn);
      const next = decide(sweepRevocations(revocations, revocable, clock()));
      // What no policy can hold must not be stored: every later one would fail on it.
      renderRevocations(next, revocable);
      if (isSameData(next, revocations)) return;
      try {
        return await store.write(revocable.arn, next, version);
      } catch (error) {
        if (!isConflict(error) || attempt === ATTEMPTS) throw error;
      }
      await pause(attempt);
    }
  }

  /** Longer each time, and never as long as somebody else's. */
  async function pause(attempt: number): Promise<void> {
    await wait(Math.min(LONGEST_WAIT_MILLISECONDS, FIRST_WAIT_MILLISECONDS * 2 ** attempt));
  }

  /** The policy as stored. Of two who write it at the same time the slower may bring the older one, so it looks again. */
  async function apply(revocable: Revocable): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const { revocations, version } = await store.read(revocable.arn);
      await writer.write(revocable.arn, renderRevocations(revocations, revocable));
      const after = await store.read(revocable.arn);
      if (after.version === version) return;
      await pause(attempt);
    }
    throw new VendingError('revocation_failed', { cause: 'the store was written each time the policy was' });
  }

  return {
    async revoke(principalArn, revocation) {
      const revocable = findRevocable(principals, principalArn, revocation.tenantId);
      if (revocable === undefined) {
        const known = sharedRevocables(principals).map(({ arn }) => arn);
        const detail = `got ${principalArn}, expected a role or user of this deployment (${known.join(', ')}), or the tenant's own user`;
        throw new VendingError('revocation_failed', { detail });
      }
      await change(revocable, (current) => addRevocation(current, revocation));
    },

    async sweep() {
      // One after another's failure as well: what can be swept is.
      const outcomes = await Promise.allSettled(
        sharedRevocables(principals).map((revocable) => change(revocable, (current) => current)),
      );
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
  };
}

function isConflict(error: unknown): boolean {
  return error instanceof VendingError && error.code === 'write_conflict';
}

const OWN_CODES = new Set(['revocations_full', 'revocation_failed']);

async function orRevocationFailed(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (cause instanceof VendingError && OWN_CODES.has(cause.code)) throw cause;
    throw new VendingError('revocation_failed', {
      detail: 'the revocations could not be read or written, so nothing is certain; try again',
      cause,
    });
  }
}
