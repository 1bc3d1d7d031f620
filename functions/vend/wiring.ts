import { createSignIn } from '../adapters/sign-in/aws-sign-in.ts';
import { createKmsTokenSigner } from '../adapters/signing/kms-token-signer.ts';
import { createCallerIdentifier } from '../adapters/sts/caller-identifier.ts';
import { createRoleAssumer } from '../adapters/sts/role-assumer.ts';
import { createWebIdentityAssumer } from '../adapters/sts/web-identity-assumer.ts';
import { type VendingSurroundings, wireTables, wireTokens, wireVendingOf } from '../api/wiring.ts';
import { assumeByMethod } from '../core/assume-by-method.ts';
import type { Clock } from '../core/clock.ts';
import { createConsoleSessions } from '../core/console/console-sessions.ts';
import { createTokenIssuer, type TokenIssuer } from '../core/self-issued/token-issuer.ts';
import type { VendEnvironment } from './environment.ts';
import type { VendService } from './vend-service.ts';

/** What the surroundings of the function differ in. */
export interface VendSurroundings extends VendingSurroundings {
  readonly environment: VendEnvironment;
}

/**
 * The vending service of the hot path: the same in Lambda, on a developer's machine and in tests. Throws
 * `ConfigurationError` for a profile that must not be served.
 */
export function wireVending({ environment, ...surroundings }: VendSurroundings): VendService {
  const { region, credentials, stsEndpoint, stsFallbacks } = environment;
  const { clock } = surroundings;
  const tables = wireTables(environment, clock);
  const sts = { region, credentials, endpoint: stsEndpoint, fallbacks: stsFallbacks };
  const tokenIssuer = wireTokenIssuer(environment, clock);
  const vending = wireVendingOf(environment, tables, surroundings, {
    function: 'vend',
    verifier: wireTokens(environment, tables, clock),
    assumer: assumeByMethod({
      assumeRole: createRoleAssumer(sts),
      webIdentity: createWebIdentityAssumer({ ...sts, tokenIssuer }),
    }),
  });
  return {
    ...vending,
    consoleSessions: createConsoleSessions({
      signIn: createSignIn(),
      signInEndpoint: environment.signInEndpoint,
      clock,
    }),
    identifier: createCallerIdentifier(sts),
    tokenIssuer,
  };
}

/** Latchkey as an OpenID issuer, with keys in KMS; undefined where the deployment signs no tokens. */
function wireTokenIssuer(environment: VendEnvironment, clock: Clock): TokenIssuer | undefined {
  const { region, credentials, kmsEndpoint: endpoint, issuer } = environment;
  if (issuer === undefined) return undefined;
  const { url, signingKeys: keys } = issuer;
  return createTokenIssuer({
    url,
    signer: createKmsTokenSigner({ region, credentials, endpoint, keys }),
    clock,
  });
}
