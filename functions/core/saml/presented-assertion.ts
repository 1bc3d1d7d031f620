import type { Presented } from '../vending.ts';

/** A SAML response as an identity provider has a browser post it, in base64: `token`. SAML 2.0 Bindings, 3.5. */
export type PresentedAssertion = Presented;

/** The longest that STS takes, in characters of base64. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html */
export const RESPONSE_MAX_CHARACTERS = 100_000;
