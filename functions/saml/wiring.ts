import { createAssertionVerifier } from '../adapters/saml/assertion-verifier.ts';
import { createSamlAssumer } from '../adapters/sts/saml-assumer.ts';
import { createDynamoReplayStore } from '../adapters/token/dynamo-replay-store.ts';
import { type VendingSurroundings, wireTables, wireVendingOf } from '../api/wiring.ts';
import type { PresentedAssertion } from '../core/saml/presented-assertion.ts';
import type { Vending } from '../core/vending.ts';
import type { SamlEnvironment } from './environment.ts';

/** What the surroundings of the function differ in. */
export interface SamlSurroundings extends VendingSurroundings {
  readonly environment: SamlEnvironment;
}

/**
 * The vending service that takes SAML assertions: the same in Lambda, on a developer's machine and in tests. Throws
 * `ConfigurationError` for a profile that must not be served.
 */
export function wireSamlVending({
  environment,
  ...surroundings
}: SamlSurroundings): Vending<PresentedAssertion> {
  const { region, credentials, stsEndpoint, stsFallbacks } = environment;
  const { clock } = surroundings;
  const tables = wireTables(environment, clock);
  const verifier = createAssertionVerifier({
    findSamlProvider: tables.registry.findSamlProvider,
    replay: createDynamoReplayStore(tables.usage),
    clock,
  });
  return wireVendingOf(environment, tables, surroundings, {
    function: 'saml',
    verifier,
    assumer: createSamlAssumer({
      region,
      credentials,
      endpoint: stsEndpoint,
      fallbacks: stsFallbacks,
      namesRole: verifier.namesRole,
    }),
  });
}
