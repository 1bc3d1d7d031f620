import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Deadline } from '../deadline.ts';
import { VendingError } from '../errors.ts';
import type { Grant } from '../grant/grant.ts';
import type { TokenSigner } from '../ports.ts';
import type { Secret } from '../secret.ts';
import { IDENTITY_TOKEN_MAX_CHARACTERS, identityClaims } from './identity-token.ts';
import { discoveryDocument, keySetDocument, type PublishedDocument } from './issuer-documents.ts';

/** Latchkey as an OpenID issuer, whose one reader is AWS. */
export interface TokenIssuer {
  /**
   * The token by which STS makes the session of a grant; whoever holds it can ask for that session, and without its policy.
   * Throws `signing_unavailable`, and `packed_policy_too_large` for tags that no token has room for.
   */
  tokenFor(grant: Grant, deadline: Deadline): Promise<Secret>;
  readonly discovery: PublishedDocument;
  /** Throws `signing_unavailable`. */
  keySet(deadline: Deadline): Promise<PublishedDocument>;
}

/** What an issuer is made with. */
export interface TokenIssuerOptions {
  /** Without a slash at its end: IAM compares it to the letter with `iss`. */
  readonly url: string;
  readonly signer: TokenSigner;
  readonly clock: Clock;
}

/** An issuer of tokens for grants. */
export function createTokenIssuer({ url, signer, clock }: TokenIssuerOptions): TokenIssuer {
  return {
    async tokenFor(grant, deadline) {
      const claims = identityClaims(grant, { issuer: url, now: clock(), tokenId: randomUUID() });
      const token = await signer.sign(claims, deadline);
      if (token.reveal().length <= IDENTITY_TOKEN_MAX_CHARACTERS) return token;
      throw new VendingError('packed_policy_too_large', {
        detail: `the token that carries the session tags to AWS is over ${IDENTITY_TOKEN_MAX_CHARACTERS} characters: drop optional tags from the profile`,
      });
    },
    discovery: discoveryDocument(url),
    keySet: async (deadline) => keySetDocument(await signer.keys(deadline)),
  };
}
