import { createDpopProofVerifier } from '../adapters/dpop-proof-verifier.ts';
import { createDynamoProofNonces } from '../adapters/dynamo-proof-nonces.ts';
import { createDynamoReplayStore } from '../adapters/dynamo-replay-store.ts';
import { createDynamoShares } from '../adapters/dynamo-shares.ts';
import { createDynamoTenantRegistry } from '../adapters/dynamo-tenant-registry.ts';
import { createIssuerKeys } from '../adapters/issuer-keys.ts';
import { rememberDenials } from '../adapters/remembered-denials.ts';
import { rememberTenants } from '../adapters/remembered-tenant-registry.ts';
import { rememberTokens } from '../adapters/remembered-token-verifier.ts';
import { createRoleAssumer } from '../adapters/role-assumer.ts';
import { createSharedThrottle } from '../adapters/shared-throttle.ts';
import { createTokenVerifier } from '../adapters/token-verifier.ts';
import { createUsageTable } from '../adapters/usage-table.ts';
import type { Clock } from '../core/clock.ts';
import type { AuditLog } from '../core/ports.ts';
import { createProfileBook } from '../core/profile-book.ts';
import { createShadow } from '../core/shadow.ts';
import { createTokenPresentation } from '../core/token-presentation.ts';
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
