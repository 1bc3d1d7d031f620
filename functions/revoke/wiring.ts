import { createIamPolicyWriter } from '../adapters/administration/iam-policy-writer.ts';
import type { OutcomeLog } from '../adapters/log/outcome-log.ts';
import { createDynamoRevocationStore } from '../adapters/registry/dynamo-revocation-store.ts';
import type { Clock } from '../core/clock.ts';
import { answerFunction, type FunctionAnswer } from '../core/function-answer.ts';
import { parseRevocationRequest } from '../core/revocation/revocation-request.ts';
import { createRevoking } from '../core/revocation/revoking.ts';
import type { RevokeEnvironment } from './environment.ts';

/** What the surroundings of the function differ in. */
export interface RevokingSurroundings {
  readonly environment: RevokeEnvironment;
  readonly log: OutcomeLog;
  readonly clock: Clock;
}

/** The revoke function over its real adapters, from payload to answer: the same in Lambda, on a developer's machine and in tests. */
export function wireRevoking({
  environment,
  log,
  clock,
}: RevokingSurroundings): (payload: unknown) => Promise<FunctionAnswer<null>> {
  const { region, credentials, registryTable, principals, dynamodbEndpoint, iamEndpoint } = environment;
  const revoking = createRevoking({
    store: createDynamoRevocationStore({
      tableName: registryTable,
      region,
      credentials,
      endpoint: dynamodbEndpoint,
    }),
    writer: createIamPolicyWriter({ region, credentials, endpoint: iamEndpoint }),
    principals,
    clock,
    wait: (longestMilliseconds) =>
      new Promise((resolve) => setTimeout(resolve, Math.random() * longestMilliseconds)),
  });

  async function revoke(payload: unknown): Promise<null> {
    const request = parseRevocationRequest(payload);
    if (request.operation === 'sweep') {
      await log.record({ operation: 'sweep' }, () => revoking.sweep());
      return null;
    }
    const { operation, principalArn, revocation } = request;
    await log.record({ operation, principalArn, ...revocation }, () =>
      revoking.revoke(principalArn, revocation),
    );
    return null;
  }

  // A sweep has nobody who reads an answer: what is thrown is an error of the function, which an alarm counts.
  return async (payload) =>
    isSweep(payload) ? { value: await revoke(payload) } : answerFunction(() => revoke(payload));
}

function isSweep(payload: unknown): boolean {
  return (payload as { readonly operation?: unknown } | null)?.operation === 'sweep';
}
