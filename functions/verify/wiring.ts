import type { OutcomeLog } from '../adapters/log/outcome-log.ts';
import { createProbeItems } from '../adapters/probes/probe-items.ts';
import { createProbeObjects } from '../adapters/probes/probe-objects.ts';
import { createDynamoTenantStore } from '../adapters/registry/dynamo-tenant-store.ts';
import { createKmsTokenSigner } from '../adapters/signing/kms-token-signer.ts';
import { createProbeAssumer } from '../adapters/sts/probe-assumer.ts';
import { createRoleAssumer } from '../adapters/sts/role-assumer.ts';
import { createWebIdentityAssumer } from '../adapters/sts/web-identity-assumer.ts';
import { assumeByMethod } from '../core/assume-by-method.ts';
import type { Clock } from '../core/clock.ts';
import { answerFunction, type FunctionAnswer } from '../core/function-answer.ts';
import { createProfileBook } from '../core/profile/profile-book.ts';
import { createTokenIssuer, type TokenIssuer } from '../core/self-issued/token-issuer.ts';
import type { VerificationReport } from '../core/verification/verification.ts';
import { parseVerificationRequest } from '../core/verification/verification-report.ts';
import { createVerifying } from '../core/verification/verifying.ts';
import type { VerifyEnvironment } from './environment.ts';

/** What the surroundings of the function differ in. */
export interface VerifyingSurroundings {
  readonly environment: VerifyEnvironment;
  /** The profiles of this deployment, as written. */
  readonly profileDefinitions: readonly unknown[];
  readonly log: OutcomeLog;
  readonly clock: Clock;
}

/**
 * The verify function over its real adapters, from payload to answer: the same in Lambda, on a developer's machine and in
 * tests. Throws `ConfigurationError` for a profile that must not be served.
 */
export function wireVerifying({
  environment,
  profileDefinitions,
  log,
  clock,
}: VerifyingSurroundings): (payload: unknown) => Promise<FunctionAnswer<VerificationReport>> {
  const { region, credentials, registryTable, resources } = environment;
  const { dynamodbEndpoint, stsEndpoint, s3Endpoint } = environment;
  const sts = { region, credentials, endpoint: stsEndpoint };
  const store = createDynamoTenantStore({
    tableName: registryTable,
    region,
    credentials,
    endpoint: dynamodbEndpoint,
    clock,
  });
  const verifier = createVerifying({
    readTenant: store.readTenant,
    profiles: createProfileBook(profileDefinitions, resources),
    resources,
    vendAssumer: assumeByMethod({
      assumeRole: createRoleAssumer(sts),
      webIdentity: createWebIdentityAssumer({ ...sts, tokenIssuer: wireTokenIssuer(environment, clock) }),
    }),
    assumer: createProbeAssumer(sts),
    objects: createProbeObjects({ region, endpoint: s3Endpoint }),
    items: createProbeItems({ region, endpoint: dynamodbEndpoint }),
    clock,
  });
  return (payload) =>
    answerFunction(async () => {
      const tenantId = parseVerificationRequest(payload);
      return log.record({ tenantId }, () => verifier.verify(tenantId), factsOf);
    });
}

/** Undefined where the deployment signs no tokens. */
function wireTokenIssuer(
  { region, credentials, kmsEndpoint: endpoint, issuer }: VerifyEnvironment,
  clock: Clock,
): TokenIssuer | undefined {
  if (issuer === undefined) return undefined;
  const { url, signingKeys: keys } = issuer;
  return createTokenIssuer({
    url,
    signer: createKmsTokenSigner({ region, credentials, endpoint, keys }),
    clock,
  });
}

/** What did not pass, with all that is known of it; of the rest, how much there was. */
function factsOf({ passed, probes }: VerificationReport) {
  return {
    passed,
    probes: probes.length,
    notPassed: probes.filter(({ outcome }) => outcome !== 'passed' && outcome !== 'not_applicable'),
  };
}
