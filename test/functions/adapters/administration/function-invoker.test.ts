import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFunctionInvoker } from '../../../../functions/adapters/administration/function-invoker.ts';
import { createLambdaDoor, type LocalFunction } from '../../../../local/aws/lambda.ts';
import { type ServedDoor, serveDoor } from '../../../local/serve-door.ts';
import { ACCOUNT, createSession, REGION } from '../../../local/tenant-session.ts';

const session = createSession({
  rolePolicy: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*' }],
  },
});
let served: ServedDoor;
beforeAll(async () => {
  served = await serveDoor(
    createLambdaDoor({
      account: ACCOUNT,
      region: REGION,
      functions: new Map<string, LocalFunction>([
        ['echo', async (payload: unknown) => ({ value: payload })],
        ['broken', () => Promise.reject(new Error('a token'))],
      ]),
      sessions: new Map([[session.credentials.accessKeyId, session]]),
      clock: () => new Date(),
      log: () => {},
    }),
  );
});
afterAll(() => served.close());

const invoker = (endpoint = served.endpoint) =>
  createFunctionInvoker({ region: REGION, credentials: session.credentials, endpoint });

test('gives what the function answers', async () => {
  expect(await invoker()('echo', { tenantId: 'acme' })).toEqual({ value: { tenantId: 'acme' } });
});

test('throws the error of a function, without what it says', async () => {
  await expect(invoker()('broken', {})).rejects.toThrow(
    /^function broken ended with an error \(Unhandled\)$/,
  );
});

test('throws for a function that is not there', async () => {
  await expect(invoker()('nobody', {})).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test.each([
  ['no JSON', 'a token'],
  ['nothing', ''],
])('throws for an answer that is %s, without quoting it', async (_what, body) => {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await expect(invoker(`http://127.0.0.1:${port}`)('echo', {})).rejects.toThrow(
    /^function echo answered something else than JSON$/,
  );
  server.close();
  server.closeAllConnections();
});
