import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it, test } from 'vitest';
import { createMessageDecoder } from '../../../../functions/adapters/sts/message-decoder.ts';
import { startDeadline } from '../../../../functions/core/deadline.ts';
import type { VendingError } from '../../../../functions/core/errors.ts';
import { REGION } from '../../../../local/account.ts';
import {
  createAuthorizationMessages,
  describeFailure,
} from '../../../../local/aws/authorization-messages.ts';
import { openSession } from '../../../../local/aws/open-session.ts';
import { type LocalRole, parseRoles } from '../../../../local/aws/roles.ts';
import type { Session, Sessions } from '../../../../local/aws/session.ts';
import { createStsDoor } from '../../../../local/aws/sts.ts';
import { serveDoor } from '../../../local/serve-door.ts';

const closers: (() => unknown)[] = [];
afterEach(() => Promise.all(closers.splice(0).map((close) => close())));

const ARN = 'arn:aws:iam::111122223333:role/decode';

/** The real adapter before the real local STS, for a role that may do this. */
async function startDecoder(action: string) {
  const clock = () => new Date();
  const sessions: Sessions = new Map();
  const roles = parseRoles([
    {
      arn: ARN,
      trustPolicy: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      },
      policies: {
        decode: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] },
      },
    },
  ]);
  const bounds = { sourceIdentity: undefined, transitiveTagKeys: [], sessionPolicies: undefined };
  const session = openSession(
    roles.get(ARN) as LocalRole,
    { ...bounds, sessionName: 'decode', durationSeconds: 900, tags: {} },
    { sessions, clock },
  );
  const messages = createAuthorizationMessages();
  const door = createStsDoor({
    roles,
    managedPolicies: new Map(),
    sessions,
    region: REGION,
    clock,
    log: () => {},
    messages,
  });
  const { endpoint, close } = await serveDoor(door);
  closers.push(close);
  const { credentials } = session;
  return {
    decoder: createMessageDecoder({ region: REGION, credentials, endpoint }),
    encoded: (of: Session = session) =>
      messages.encode(
        describeFailure({ session: of, action: 's3:GetObject', resource: '*', values: {}, denies: [] }),
      ) ?? '',
  };
}

async function decoderBefore(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };
  return createMessageDecoder({ region: REGION, credentials, endpoint });
}

const succeeded = () => Promise.reject(new Error('got a message, expected a failure'));
const failureOf = (work: Promise<unknown>) => work.then(succeeded, (error: VendingError) => error);

describe('a message', () => {
  it('is decoded by STS', async () => {
    const { decoder, encoded } = await startDecoder('sts:DecodeAuthorizationMessage');
    const decoded = JSON.parse(await decoder.decode(encoded(), startDeadline(1900)));
    expect(decoded).toMatchObject({
      allowed: false,
      context: { principal: { arn: 'arn:aws:sts::111122223333:assumed-role/decode/decode' } },
    });
  });

  test.each([['made-up'], ['no message\n'], ['']])('that is none is invalid: %j', async (message) => {
    const { decoder } = await startDecoder('sts:DecodeAuthorizationMessage');
    const failure = await failureOf(decoder.decode(message, startDeadline(1900)));
    expect(failure.code).toBe('message_invalid');
    if (message !== '') expect(inspect(failure)).not.toContain(message);
  });

  it('is not decoded for a role that may not', async () => {
    const { decoder, encoded } = await startDecoder('s3:GetObject');
    expect((await failureOf(decoder.decode(encoded(), startDeadline(1900)))).code).toBe('sts_rejected');
  });

  test.each<[string, RequestListener, string]>([
    ['is down', (request) => request.socket.destroy(), 'sts_unavailable'],
    [
      'says nothing',
      (_request, response) =>
        response.end(
          '<DecodeAuthorizationMessageResponse><DecodeAuthorizationMessageResult/></DecodeAuthorizationMessageResponse>',
        ),
      'sts_unavailable',
    ],
    [
      'throttles',
      (_request, response) =>
        response
          .writeHead(400)
          .end('<ErrorResponse><Error><Code>Throttling</Code><Message>x</Message></Error></ErrorResponse>'),
      'sts_throttled',
    ],
  ])('is not had of an STS that %s', async (_what, listener, code) => {
    const decoder = await decoderBefore(listener);
    expect((await failureOf(decoder.decode('message', startDeadline(1900)))).code).toBe(code);
  });
});
