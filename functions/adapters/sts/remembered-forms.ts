import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../core/clock.ts';
import { VendingError } from '../../core/errors.ts';
import type { Grant } from '../../core/grant/grant.ts';
import { type GrantForm, smallerForms, wholeForm } from '../../core/grant/grant-form.ts';
import type { RoleAssumer } from '../../core/ports.ts';

/** How long it is remembered in which size STS took a grant, or that it took it in none. */
export const REMEMBER_FORM_SECONDS = 900;
const MAX_ENTRIES = 10_000;

interface Taken {
  /** How many forms are passed over: of the whole it is 0. */
  readonly size: number;
  readonly until: number;
}

/**
 * An assumer in front of another that asks for the next smaller form of a grant when STS finds it too large (AWS does not say
 * beforehand what is), and begins with that one the next time that the very same is asked for: what one caller's request is too
 * large for, another's loses nothing by. With an MFA code it asks once, since a code is good once: the next try then is for the
 * smaller form.
 */
export function rememberForms(assumer: RoleAssumer, clock: Clock): RoleAssumer {
  const taken = new LRUCache<string, Taken>({ max: MAX_ENTRIES });

  function knownSize(key: string): number {
    const { size, until } = taken.get(key) ?? NOTHING_KNOWN;
    const now = clock().getTime();
    // A clock that was set back does not make it last.
    return now < until && now >= until - REMEMBER_FORM_SECONDS * 1000 ? size : 0;
  }

  function remember(key: string, size: number): void {
    if (size > 0) taken.set(key, { size, until: clock().getTime() + REMEMBER_FORM_SECONDS * 1000 });
  }

  return {
    async assume(grant, token, deadline) {
      const key = keyOf(grant);
      const forms = createForms(grant);
      let size = knownSize(key);
      let failure = new VendingError('packed_policy_too_large', {
        cause: 'refused by STS in every form a while ago; not asked again',
      });
      for (let form = forms(size); form !== undefined; form = forms(size)) {
        try {
          const credentials = await assumer.assume(inForm(grant, form), token, deadline);
          remember(key, size);
          return { ...credentials, form };
        } catch (error) {
          if (!isTooLarge(error)) throw error;
          failure = error;
          size += 1;
          if (grant.mfa !== undefined) break;
        }
      }
      remember(key, size);
      throw failure;
    },
  };
}

const NOTHING_KNOWN: Taken = { size: 0, until: 0 };

/** All that STS packs, and whose it is. */
function keyOf({ tenantId, profile, method, policy, policyArns, tags, transitiveTagKeys }: Grant): string {
  const packed = JSON.stringify([tenantId, profile, method, policy, policyArns, tags, transitiveTagKeys]);
  return createHash('sha256').update(packed).digest('base64url');
}

/** The forms of a grant by size. The smaller ones are made when one is wanted: as a rule STS takes the whole. */
function createForms(grant: Grant): (size: number) => GrantForm | undefined {
  let smaller: readonly GrantForm[] | undefined;
  return (size) => {
    if (size === 0) return wholeForm(grant);
    smaller ??= smallerForms(grant);
    return smaller[size - 1];
  };
}

function isTooLarge(failure: unknown): failure is VendingError {
  return failure instanceof VendingError && failure.code === 'packed_policy_too_large';
}

function inForm(grant: Grant, { policy, tags, transitiveTagKeys }: GrantForm): Grant {
  return { ...grant, policy, tags, transitiveTagKeys };
}
