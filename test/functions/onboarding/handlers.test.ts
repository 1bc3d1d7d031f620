import type { SQSBatchResponse } from 'aws-lambda';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { AdministrationVariables } from '../../../functions/tenants/environment.ts';
import { RESOURCES, VEND_ROLE_ARN } from '../../../local/account.ts';
import { allowing, BUS, BUS_ARN, startLocalEvents } from '../../local/local-events.ts';
import { REGION } from '../../local/tenant-session.ts';
import { eventOf, recordOf } from './sample-event.ts';

/** The Lambda entries, with what does not reach the registry. */
let local: Awaited<ReturnType<typeof startLocalEvents>>;

beforeAll(async () => {
  local = await startLocalEvents();
  const { accessKeyId, secretAccessKey, sessionToken } = local.credentialsFor(
    allowing({ Action: 'events:PutEvents', Resource: BUS_ARN }),
  );
  const variables: AdministrationVariables & Record<string, string> = {
    LATCHKEY_REGISTRY_TABLE: 'registry',
    LATCHKEY_RESOURCES: JSON.stringify(RESOURCES),
    LATCHKEY_VEND_ROLE_ARN: VEND_ROLE_ARN,
    LATCHKEY_VERIFY_FUNCTION: 'verify',
    LATCHKEY_REVOKE_FUNCTION: 'revoke',
    LATCHKEY_EVENT_BUS: BUS,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_ENDPOINT_URL_EVENTBRIDGE: local.eventsEndpoint,
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await local.close();
});

test('a malformed event is announced on the bus and comes again', async () => {
  const { handler } = await import('../../../functions/onboarding/handler.ts');
  const Records = [recordOf(eventOf('TenantRemoved', { tenantId: 'acme' }))];
  const answer: SQSBatchResponse = await handler({ Records } as Parameters<typeof handler>[0]);
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
  expect(local.bus.recent().at(-1)).toMatchObject({
    source: 'latchkey',
    'detail-type': 'TenantEventRejected',
    detail: { tenantId: 'acme', eventType: 'TenantRemoved' },
  });
});

test('a resource with a wrong property fails with its name', async () => {
  const { handler } = await import('../../../functions/onboarding/resource-handler.ts');
  const request = { RequestType: 'Create', RequestId: '1', StackId: 'arn:stack' } as const;
  await expect(handler({ ...request, ResourceProperties: { tenantId: 'acme' } })).rejects.toThrow(
    'definition',
  );
});
