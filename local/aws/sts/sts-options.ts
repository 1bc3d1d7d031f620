import type { AuthorizationMessages } from '../authorization-messages.ts';
import type { OpenIdProviders, SamlProviders } from '../identity-providers.ts';
import type { ManagedPolicies, Roles } from '../roles.ts';
import type { Sessions } from '../session.ts';
import type { Users } from '../users.ts';

/** What the local STS is made with. */
export interface StsOptions {
  readonly roles: Roles;
  readonly managedPolicies: ManagedPolicies;
  readonly sessions: Sessions;
  readonly region: string;
  readonly clock: () => Date;
  /** When sessions are issued, for who wants them near their end; left out, now. */
  readonly sessionClock?: (() => Date) | undefined;
  /** Told in one line what was refused, and why. */
  readonly log: (message: string) => void;
  /** Whose MFA devices are known; their keys are in `sessions`. Left out, there are none. */
  readonly users?: Users | undefined;
  /** Left out, there are none. */
  readonly openIdProviders?: OpenIdProviders | undefined;
  /** Left out, there are none. */
  readonly samlProviders?: SamlProviders | undefined;
  /** What DecodeAuthorizationMessage reads; left out, no message is this account's. */
  readonly messages?: AuthorizationMessages | undefined;
}
