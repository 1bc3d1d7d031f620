import { createDynamoCodeTries } from '../adapters/limits/dynamo-code-tries.ts';
import { createUserKeys } from '../adapters/secrets/user-keys.ts';
import { countCodeRefusals } from '../adapters/sts/counted-code-refusals.ts';
import { createUserAssumer } from '../adapters/sts/user-assumer.ts';
import { type VendingSurroundings, wireTables, wireTokens, wireVendingOf } from '../api/wiring.ts';
import type { Vending } from '../core/vending.ts';
import type { IamUserEnvironment } from './environment.ts';

/** What the surroundings of the function differ in. */
export interface IamUserSurroundings extends VendingSurroundings {
  readonly environment: IamUserEnvironment;
}

/**
 * The vending service that asks as IAM users: the same in Lambda, on a developer's machine and in tests. Throws
 * `ConfigurationError` for a profile that must not be served.
 */
export function wireIamUserVending({ environment, ...surroundings }: IamUserSurroundings): Vending {
  const { region, credentials, stsEndpoint, stsFallbacks, userSecretsPrefix } = environment;
  const { clock } = surroundings;
  const tables = wireTables(environment, clock);
  // The function's own credentials read secrets; STS is asked with what is in them.
  const keys = createUserKeys({
    region,
    credentials,
    endpoint: environment.secretsManagerEndpoint,
    secretsPrefix: userSecretsPrefix,
    clock,
  });
  const assumer = createUserAssumer({ keys, region, endpoint: stsEndpoint, fallbacks: stsFallbacks });
  return wireVendingOf(environment, tables, surroundings, {
    function: 'iam-user',
    verifier: wireTokens(environment, tables, clock),
    assumer: countCodeRefusals(assumer, createDynamoCodeTries(tables.usage), clock),
  });
}
