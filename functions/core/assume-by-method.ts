import { VendingError } from './errors.ts';
import type { Method } from './grant/method.ts';
import type { RoleAssumer } from './ports.ts';

/** The assumer of each method that a function can ask STS by. */
export type AssumersByMethod = Readonly<Partial<Record<Method, RoleAssumer>>>;

/**
 * An assumer that asks by the method of the grant. For one that is not among them no other takes its place, since what bounds a
 * session differs from method to method: it is a fault of ours that such a grant came here (`internal_error`).
 */
export function assumeByMethod(assumers: AssumersByMethod): RoleAssumer {
  return {
    async assume(grant, token, deadline) {
      const assumer = Object.hasOwn(assumers, grant.method) ? assumers[grant.method] : undefined;
      if (assumer === undefined)
        throw new VendingError('internal_error', { cause: 'the grant is of a method that is not made here' });
      return assumer.assume(grant, token, deadline);
    },
  };
}
