import { createIssuerKeys } from '../adapters/issuer/issuer-keys.ts';
import { createDynamoShares } from '../adapters/limits/dynamo-shares.ts';
import { createSharedThrottle } from '../adapters/limits/shared-throttle.ts';
import { createDynamoTenantRegistry } from '../adapters/registry/dynamo-tenant-registry.ts';
import { rememberTenants } from '../adapters/registry/remembered-tenant-registry.ts';
import { rememberDenials } from '../adapters/sts/remembered-denials.ts';
import { createRoleAssumer } from '../adapters/sts/role-assumer.ts';
import { createDpopProofVerifier } from '../adapters/token/dpop-proof-verifier.ts';
import { createDynamoProofNonces } from '../adapters/token/dynamo-proof-nonces.ts';
import { createDynamoReplayStore } from '../adapters/token/dynamo-replay-store.ts';
import { rememberTokens } from '../adapters/token/remembered-token-verifier.ts';
import { createTokenVerifier } from '../adapters/token/token-verifier.ts';
import { createUsageTable } from '../adapters/usage-table.ts';
import type { Clock } from '../core/clock.ts';
import { createShadow } from '../core/grant/shadow.ts';
import type { AuditLog } from '../core/ports.ts';
import { createProfileBook } from '../core/profile/profile-book.ts';
import { createTokenPresentation } from '../core/token/token-presentation.ts';
import { createVending, type Vending } from '../core/vending.ts';
import type { VendEnvironment } from './environment.ts';

/** What the surroundings of the function differ in. */
export interface VendingSurroundings {
  readonly environment: VendEnvironment;
  /** The profiles of this deployment, as written. */
  readonly profileDefinitions: readonly unknown[];
  /** Changed profiles of the same names, of which each vend says how it would differ by them; none of them is vended. */
  readonly shadowProfileDefinitions?: readonly unknown[] | undefined;
  readonly auditLog: AuditLog;
  readonly clock: Clock;
}

/**
 * The vending service over its real adapters: the same in Lambda, on a developer's machine and in tests. Throws
 * `ConfigurationError` for a profile that must not be served.
 */
export function wireVending({
  environment,
  profileDefinitions,
  shadowProfileDefinitions = [],
  auditLog,
  clock,
}: VendingSurroundings): Vending {
  const {
    region,
    credentials,
    registryTable,
    usageTable,
    deadlineMilliseconds,
    dynamodbEndpoint,
    stsEndpoint,
    stsFallbacks,
    vendsPerSecond,
    allowLoopbackIssuers,
    resources,
  } = environment;
  const registry = rememberTenants(
    createDynamoTenantRegistry({ tableName: registryTable, region, credentials, endpoint: dynamodbEndpoint }),
    clock,
  );
  const verifier = createTokenVerifier({
    findIssuer: registry.findIssuer,
    keys: createIssuerKeys({ allowLoopback: allowLoopbackIssuers, clock }),
    clock,
  });
  const usage = createUsageTable({
    tableName: usageTable,
    region,
    credentials,
    endpoint: dynamodbEndpoint,
  });
  return createVending({
    verifier: createTokenPresentation({
      tokens: rememberTokens(verifier, clock),
      proofs: createDpopProofVerifier(),
      nonces: createDynamoProofNonces(usage, clock),
      replay: createDynamoReplayStore(usage),
      clock,
    }),
    registry,
    profiles: createProfileBook(profileDefinitions, resources),
    throttle: createSharedThrottle({
      shares: createDynamoShares(usage, { deadlineMilliseconds }),
      vendsPerSecond,
      clock,
    }),
    assumer: rememberDenials(
      createRoleAssumer({ region, credentials, endpoint: stsEndpoint, fallbacks: stsFallbacks }),
      clock,
    ),
    auditLog,
    clock,
    deadlineMilliseconds,
    shadow: createShadow(shadowProfileDefinitions, profileDefinitions, resources, clock),
  });
}
