import { createIssuerKeys } from '../adapters/issuer/issuer-keys.ts';
import { createDynamoShares } from '../adapters/limits/dynamo-shares.ts';
import { createSharedThrottle } from '../adapters/limits/shared-throttle.ts';
import { createDynamoTenantRegistry } from '../adapters/registry/dynamo-tenant-registry.ts';
import { rememberTenants } from '../adapters/registry/remembered-tenant-registry.ts';
import { rememberDenials } from '../adapters/sts/remembered-denials.ts';
import { rememberForms } from '../adapters/sts/remembered-forms.ts';
import { createDpopProofVerifier } from '../adapters/token/dpop-proof-verifier.ts';
import { createDynamoProofNonces } from '../adapters/token/dynamo-proof-nonces.ts';
import { createDynamoReplayStore } from '../adapters/token/dynamo-replay-store.ts';
import { rememberTokens } from '../adapters/token/remembered-token-verifier.ts';
import { createTokenVerifier } from '../adapters/token/token-verifier.ts';
import { createUsageTable, type UsageTable } from '../adapters/usage-table.ts';
import type { Clock } from '../core/clock.ts';
import { createShadow } from '../core/grant/shadow.ts';
import type { AuditLog, SamlProviders, TenantRegistry, TokenVerifier } from '../core/ports.ts';
import { createProfileBook } from '../core/profile/profile-book.ts';
import { createTokenPresentation } from '../core/token/token-presentation.ts';
import { createVending, type Presented, type Vending, type VendingDependencies } from '../core/vending.ts';
import type { ApiEnvironment, VendingEnvironment } from './environment.ts';

/** What the surroundings of a function of the tenants' API differ in. */
export interface ApiSurroundings {
  readonly auditLog: AuditLog;
  readonly clock: Clock;
}

/** What those of a function that vends differ in. */
export interface VendingSurroundings extends ApiSurroundings {
  /** The profiles of this deployment, as written. */
  readonly profileDefinitions: readonly unknown[];
  /** Changed profiles of the same names, of which each vend says how it would differ by them; none of them is vended. */
  readonly shadowProfileDefinitions?: readonly unknown[] | undefined;
}

/** What is known of tenants, and what has been used: the two tables, with what is remembered of the one. */
export interface Tables {
  readonly registry: TenantRegistry & SamlProviders;
  readonly usage: UsageTable;
}

/** The tables over their real adapters. */
export function wireTables(environment: ApiEnvironment, clock: Clock): Tables {
  const { region, credentials, registryTable, usageTable, dynamodbEndpoint: endpoint } = environment;
  const access = { region, credentials, endpoint };
  return {
    registry: rememberTenants(createDynamoTenantRegistry({ tableName: registryTable, ...access }), clock),
    usage: createUsageTable({ tableName: usageTable, ...access }),
  };
}

/** What verifies access tokens, over its real adapters. */
export function wireTokens(
  { allowLoopbackIssuers }: ApiEnvironment,
  { registry, usage }: Tables,
  clock: Clock,
): TokenVerifier {
  const verifier = createTokenVerifier({
    findIssuer: registry.findIssuer,
    keys: createIssuerKeys({ allowLoopback: allowLoopbackIssuers, clock }),
    clock,
  });
  return createTokenPresentation({
    tokens: rememberTokens(verifier, clock),
    proofs: createDpopProofVerifier(),
    nonces: createDynamoProofNonces(usage, clock),
    replay: createDynamoReplayStore(usage),
    clock,
  });
}

/** What the functions that vend differ in. */
export type VendingParts<P extends Presented> = Pick<
  VendingDependencies<P>,
  'function' | 'verifier' | 'assumer'
>;

/**
 * The vending service of a function over its real adapters: the same in Lambda, on a developer's machine and in tests. Throws
 * `ConfigurationError` for a profile that must not be served.
 */
export function wireVendingOf<P extends Presented>(
  { vendsPerSecond, deadlineMilliseconds, resources }: VendingEnvironment,
  { registry, usage }: Tables,
  { profileDefinitions, shadowProfileDefinitions = [], auditLog, clock }: VendingSurroundings,
  { assumer, ...parts }: VendingParts<P>,
): Vending<P> {
  return createVending({
    ...parts,
    registry,
    profiles: createProfileBook(profileDefinitions, resources),
    throttle: createSharedThrottle({
      shares: createDynamoShares(usage, { deadlineMilliseconds }),
      vendsPerSecond,
      clock,
    }),
    assumer: rememberDenials(rememberForms(assumer, clock), clock),
    auditLog,
    clock,
    deadlineMilliseconds,
    shadow: createShadow(shadowProfileDefinitions, profileDefinitions, resources, clock),
  });
}
