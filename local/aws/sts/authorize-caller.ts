import type { ContextFacts } from '../../../policy/context.ts';
import { createAuthorize } from '../authorize.ts';
import { accountOf, type Session } from '../session.ts';
import type { StsOptions } from './sts-options.ts';

/** Throws AccessDenied unless the caller's own policies allow the action, on what is its account's. */
export function authorizeCaller(
  caller: Session,
  action: string,
  { resource, values = {} }: { readonly resource: string; readonly values?: ContextFacts['values'] },
  { region, clock }: StsOptions,
): void {
  const denial = { code: 'AccessDenied', status: 403 };
  createAuthorize({ account: accountOf(caller), region, clock, denial })(caller, action, resource, {
    values,
  });
}
