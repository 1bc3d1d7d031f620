import { managedPolicies, ownership } from '../../profiles/ownership.ts';
import { createProver } from '../../prove/prover.ts';
import { createEventAnnouncer } from '../adapters/administration/event-announcer.ts';
import { createFunctionInvoker } from '../adapters/administration/function-invoker.ts';
import { createRemoteRevoker } from '../adapters/administration/remote-revoker.ts';
import { createRemoteVerifier } from '../adapters/administration/remote-verifier.ts';
import { createS3TemplateHost } from '../adapters/administration/s3-template-host.ts';
import { createDynamoTenantStore } from '../adapters/registry/dynamo-tenant-store.ts';
import { parseSamlMetadata } from '../adapters/saml/saml-metadata.ts';
import { type Administration, createAdministration } from '../core/administration/administration.ts';
import type { Clock } from '../core/clock.ts';
import type { AuditLog } from '../core/ports.ts';
import { createPreview } from '../core/preview/preview.ts';
import { createProfileBook } from '../core/profile/profile-book.ts';
import type { AdministrationEnvironment } from './environment.ts';
import { openPolicyJudge } from './preview-judge.ts';

/** What the surroundings of the functions that administer differ in. */
export interface AdministrationSurroundings {
  readonly environment: AdministrationEnvironment;
  /** The profiles of this deployment, as written. */
  readonly profileDefinitions: readonly unknown[];
  readonly auditLog: AuditLog;
  readonly clock: Clock;
}

/**
 * The administration over its real adapters: the same for the operators' API, events and stacks, in Lambda, on a
 * developer's machine and in tests. Throws `ConfigurationError` for a profile that must not be served.
 */
export function wireAdministration({
  environment,
  profileDefinitions,
  auditLog,
  clock,
}: AdministrationSurroundings): Administration {
  const { region, credentials, resources, vendRoleArn, allowLoopbackIssuers } = environment;
  const at = (endpoint: string | undefined) => ({ region, credentials, endpoint });
  const invoke = createFunctionInvoker(at(environment.lambdaEndpoint));
  const profiles = createProfileBook(profileDefinitions, resources);
  return createAdministration({
    store: createDynamoTenantStore({
      ...at(environment.dynamodbEndpoint),
      tableName: environment.registryTable,
      clock,
    }),
    profiles,
    resources,
    preview: createPreview({
      profiles,
      profileDefinitions,
      resources,
      tenantRolePolicy: environment.tenantRolePolicy,
      openJudge: openPolicyJudge,
      clock,
    }),
    proveProfile: createProver({
      tenantRolePolicy: environment.tenantRolePolicy,
      ownership,
      managedPolicies,
      resources,
    }),
    parseSamlMetadata,
    verifier: createRemoteVerifier({ invoke, functionName: environment.verifyFunction }),
    revoker: createRemoteRevoker({ invoke, functionName: environment.revokeFunction }),
    announcer: createEventAnnouncer({
      ...at(environment.eventBridgeEndpoint),
      eventBus: environment.eventBus,
    }),
    templateHost: createS3TemplateHost({
      ...at(environment.s3Endpoint),
      bucket: environment.templateBucket,
      clock,
    }),
    auditLog,
    clock,
    vendRoleArn,
    allowLoopbackIssuers,
  });
}
