import { InvokeCommand, type InvokeCommandInput, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLambdaDoor, type LocalFunction } from '../../local/aws/lambda.ts';
import type { Session } from '../../local/aws/session.ts';
import { type ServedDoor, serveDoor } from './serve-door.ts';
import { ACCOUNT, createSession, REGION } from './tenant-session.ts';

const arnOf = (name: string, account = ACCOUNT) => `arn:aws:lambda:${REGION}:${account}:function:${name}`;

const functions = new Map<string, LocalFunction>([
  ['echo', async (payload) => ({ got: payload })],
  ['silent', async () => undefined],
  ['forbidden', async () => 'ran'],
  [
    'broken',
    async () => {
      throw new RangeError('out of it');
    },
  ],
]);
const sessions = new Map<string, Session>();
let served: ServedDoor;
let client: LambdaClient;

beforeAll(async () => {
  const options = { account: ACCOUNT, region: REGION, clock: () => new Date(), log: () => {} };
  served = await serveDoor(createLambdaDoor({ ...options, functions, sessions }));
  client = clientOf(
    createSession({
      rolePolicy: {
        Version: '2012-10-17',
        Statement: ['echo', 'silent', 'broken', 'absent'].map((name) => ({
          Effect: 'Allow',
          Action: 'lambda:InvokeFunction',
          Resource: arnOf(name),
        })),
      },
    }),
  );
});
afterAll(() => served.close());

function clientOf(session: Session, region = REGION): LambdaClient {
  sessions.set(session.credentials.accessKeyId, session);
  const { credentials } = session;
  return new LambdaClient({ region, endpoint: served.endpoint, credentials, maxAttempts: 1 });
}

async function invoke(FunctionName: string, payload?: unknown, more: Partial<InvokeCommandInput> = {}) {
  const given = payload === undefined ? {} : { Payload: JSON.stringify(payload) };
  const answer = await client.send(new InvokeCommand({ FunctionName, ...given, ...more }));
  return { error: answer.FunctionError, result: JSON.parse(answer.Payload?.transformToString() ?? '') };
}

test.each([['echo'], [arnOf('echo')], [`${ACCOUNT}:function:echo`]])(
  'runs the function called %s',
  async (name) => {
    const result = { got: { tenantId: 'acme' } };
    expect(await invoke(name, { tenantId: 'acme' })).toEqual({ error: undefined, result });
  },
);

test('gives null for a function that gives nothing, and an empty object to one that is given nothing', async () => {
  expect((await invoke('silent')).result).toBeNull();
  expect((await invoke('echo')).result).toEqual({ got: {} });
});

test('gives an error of the function as its result', async () => {
  const result = { errorType: 'RangeError', errorMessage: 'out of it', trace: [] };
  expect(await invoke('broken', {})).toEqual({ error: 'Unhandled', result });
});

test.each<[string, string, Partial<InvokeCommandInput>, string]>([
  ['a function that is not there', 'absent', {}, 'ResourceNotFoundException'],
  ['a function of another account', arnOf('echo', '444455556666'), {}, 'ResourceNotFoundException'],
  ['a function without permission', 'forbidden', {}, 'AccessDeniedException'],
  ['an unknown function without permission', 'unknown', {}, 'AccessDeniedException'],
  ['a payload that is no JSON', 'echo', { Payload: '{' }, 'InvalidRequestContentException'],
  ['an asynchronous invocation', 'echo', { InvocationType: 'Event' }, 'NotImplemented'],
  ['a qualifier', 'echo', { Qualifier: '1' }, 'NotImplemented'],
])('refuses %s', async (_what, name, input, expected) => {
  await expect(invoke(name, {}, input)).rejects.toMatchObject({ name: expected });
});

test('refuses a session that it does not know', async () => {
  const stranger = createSession();
  const options = { region: REGION, endpoint: served.endpoint, credentials: stranger.credentials };
  await expect(
    new LambdaClient(options).send(new InvokeCommand({ FunctionName: 'echo' })),
  ).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
});
