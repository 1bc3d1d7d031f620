import { createHash } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { VendingError } from '../../core/errors.ts';
import type { Grant } from '../../core/grant/grant.ts';
import type { CallerVerifier, ReplayStore, SamlProviders } from '../../core/ports.ts';
import { readAsserted } from '../../core/saml/assertion.ts';
import { namesRole } from '../../core/saml/aws-attributes.ts';
import type { PresentedAssertion } from '../../core/saml/presented-assertion.ts';
import type { SamlProvider } from '../../core/saml/saml-provider.ts';
import type { Secret } from '../../core/secret.ts';
import type { Caller } from '../../core/token/caller.ts';
import { readAssertion } from './read-assertion.ts';
import { parseDocument, readResponse } from './saml-response.ts';
import { verifySigned } from './signed-assertion.ts';

/** What the verifier asks of its surroundings. */
export interface AssertionVerifierDependencies extends SamlProviders {
  readonly replay: ReplayStore;
  readonly clock: Clock;
}

/** A verifier that knows which roles an assertion names. */
export interface AssertionVerifier extends CallerVerifier<PresentedAssertion> {
  /** Whether an assertion that it has verified lets its bearer have the role of a grant. */
  namesRole(token: Secret, grant: Pick<Grant, 'roleArn' | 'samlProviderArn'>): boolean;
}

/** Longer than any entityID (SAML 2.0 Core, 8.3.6) there is nothing to look up; nor what is no URI. */
const ENTITY_ID = /^[!-~]{1,1024}$/;
/** How much longer than it counts an assertion is remembered as used: instances' clocks differ. */
const REMEMBER_LONGER_SECONDS = 60;

/**
 * Verifies SAML responses for AWS of configured providers (SAML 2.0 Profiles, 4.1.4): form and size before anything else, then
 * the provider by exact match, its signature, and only then what it signed: all that decides anything is read there. Each
 * assertion is good once. Throws `assertion_malformed`, `provider_unknown`, `assertion_invalid`, `assertion_expired`,
 * `assertion_replayed`, or `replay_check_unavailable`.
 */
export function createAssertionVerifier({
  findSamlProvider,
  replay,
  clock,
}: AssertionVerifierDependencies): AssertionVerifier {
  const rolesOf = new WeakMap<Secret, readonly string[]>();

  async function providerOf(issuer: string): Promise<SamlProvider> {
    const provider = ENTITY_ID.test(issuer) ? await findSamlProvider(issuer) : undefined;
    if (provider === undefined) throw new VendingError('provider_unknown');
    return provider;
  }

  return {
    async verify({ token }, deadline): Promise<Caller> {
      const response = readResponse(token);
      const provider = await providerOf(response.issuer);
      const signed = parseDocument(await verifySigned(token, response, provider));
      const { caller, roles } = readAsserted(readAssertion(signed), provider, clock());
      const until = new Date(caller.validUntil.getTime() + REMEMBER_LONGER_SECONDS * 1000);
      if (!(await replay.isFirstUse(usedKey(caller), until, deadline)))
        throw new VendingError('assertion_replayed');
      rolesOf.set(token, roles);
      return caller;
    },

    namesRole: (token, { roleArn = '', samlProviderArn = '' }) =>
      namesRole(rolesOf.get(token) ?? [], roleArn, samlProviderArn),
  };
}

/** Of any length of parts, and one for each: JSON tells where one ends. */
function usedKey({ issuer, tokenId }: Caller): string {
  const parts = JSON.stringify([issuer, tokenId]);
  return `assertion#${createHash('sha256').update(parts).digest('base64url')}`;
}
