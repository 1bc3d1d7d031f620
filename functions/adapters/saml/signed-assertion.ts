import { SAML, ValidateInResponseTo } from '@node-saml/node-saml';
import { VendingError } from '../../core/errors.ts';
import type { SamlProvider } from '../../core/saml/saml-provider.ts';
import type { Secret } from '../../core/secret.ts';
import type { ClaimedResponse } from './saml-response.ts';

/**
 * The assertion of a response as its provider signed it: XML of the very bytes that the signature is over, verified with a key of
 * the provider's metadata. Throws `assertion_invalid`. The library asks the clock of the machine, and knows one audience: when an
 * assertion counts and for whom is decided of what this gives (core/saml/assertion.ts).
 */
export async function verifySigned(
  token: Secret,
  { isSigned }: ClaimedResponse,
  { certificates }: Pick<SamlProvider, 'certificates'>,
): Promise<string> {
  const saml = new SAML({
    idpCert: [...certificates],
    wantAssertionsSigned: true,
    // A signature that is there must hold; one around an assertion that is signed itself need not be there.
    wantAuthnResponseSigned: isSigned,
    // Nobody was asked: what a provider begins by itself is in answer to nothing.
    validateInResponseTo: ValidateInResponseTo.never,
    acceptedClockSkewMs: -1,
    audience: false,
    // Of requests, which are never made.
    issuer: 'urn:amazon:webservices',
    callbackUrl: 'https://signin.aws.amazon.com/saml',
  });
  const signed = await saml.validatePostResponseAsync({ SAMLResponse: token.reveal() }).then(
    ({ profile }) => profile?.getAssertionXml?.(),
    // What the library says of it repeats parts of the assertion.
    () => undefined,
  );
  if (signed !== undefined) return signed;
  throw new VendingError('assertion_invalid', {
    cause: 'no key in the metadata of its provider verifies its signature',
  });
}
