import {
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { secret } from '../../functions/core/secret.ts';
import { createSecretsManagerDoor, secretArn } from '../../local/aws/secrets-manager.ts';
import type { Session } from '../../local/aws/session.ts';
import { allowing, outcomeOf } from './local-events.ts';
import { type ServedDoor, serveDoor } from './serve-door.ts';
import { ACCOUNT, createSession, REGION, type SessionOptions } from './tenant-session.ts';

const NAME = 'latchkey/federation-user';
const VALUE = '{"accessKeyId":"AKIAEXAMPLE","secretAccessKey":"ü/+"}';
const place = { account: ACCOUNT, region: REGION };
const ARN = secretArn(NAME, place);
const ANYTHING = allowing({ Action: 'secretsmanager:*', Resource: '*' });
const createdAt = new Date('2026-11-22T10:00:00.500Z');

const sessions = new Map<string, Session>();
const logged: string[] = [];
let served: ServedDoor;

beforeAll(async () => {
  const log = (message: string) => void logged.push(message);
  const secrets = [NAME, 'other'].map((name) => ({ name, value: secret(VALUE), createdAt }));
  const door = createSecretsManagerDoor({ ...place, sessions, clock: () => new Date(), log, secrets });
  served = await serveDoor(door);
});
afterAll(() => served.close());

function clientWith(options: SessionOptions): SecretsManagerClient {
  const session = createSession(options);
  sessions.set(session.credentials.accessKeyId, session);
  const { credentials } = session;
  return new SecretsManagerClient({ region: REGION, endpoint: served.endpoint, credentials, maxAttempts: 1 });
}

const get = (
  input: Partial<GetSecretValueCommandInput> = {},
  options: SessionOptions = { rolePolicy: ANYTHING },
) => clientWith(options).send(new GetSecretValueCommand({ SecretId: NAME, ...input }));

describe('a secret', () => {
  test.each([{ SecretId: NAME }, { SecretId: ARN }, { VersionStage: 'AWSCURRENT' }])(
    'is told to who asks for it: %j',
    async (input) => {
      expect(await get(input)).toMatchObject({
        ARN,
        Name: NAME,
        SecretString: VALUE,
        VersionStages: ['AWSCURRENT'],
        VersionId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        CreatedDate: createdAt,
      });
    },
  );

  test('has an ARN with six characters of its own', () => {
    expect(ARN).toMatch(
      /^arn:aws:secretsmanager:eu-central-1:111122223333:secret:latchkey\/federation-user-\w{6}$/,
    );
    expect(secretArn(NAME, place)).toBe(ARN);
    expect(secretArn('other', place).slice(-6)).not.toBe(ARN.slice(-6));
  });
});

test.each([
  ['a secret that is not there', { SecretId: 'none' }, 'ResourceNotFoundException'],
  ['a name with the characters of its ARN', { SecretId: NAME + ARN.slice(-7) }, 'ResourceNotFoundException'],
  ['an ARN without them', { SecretId: ARN.slice(0, -7) }, 'ResourceNotFoundException'],
  [
    'an ARN of another account',
    { SecretId: ARN.replace(ACCOUNT, '444455556666') },
    'ResourceNotFoundException',
  ],
  ['an earlier version', { VersionStage: 'AWSPREVIOUS' }, 'ResourceNotFoundException'],
  ['a version by its id', { VersionId: '11111111-1111-4111-8111-111111111111' }, 'ValidationException'],
  ['no secret', { SecretId: '' }, 'ValidationException'],
] as const)('%s: %s', async (_what, input, code) => {
  logged.length = 0;
  expect(await outcomeOf(get(input))).toBe(code);
  expect(logged.join()).not.toContain('AKIA');
});

test('another operation is not known', async () => {
  const client = clientWith({ rolePolicy: ANYTHING });
  expect(await outcomeOf(client.send(new ListSecretsCommand({})))).toBe('UnknownOperationException');
});

describe('whoever asks', () => {
  const stage = (value: string) => ({ StringEquals: { 'secretsmanager:VersionStage': value } });
  test.each([
    ['the secret', { Resource: ARN }, {}, 'done'],
    ['whatever has its name', { Resource: `${ARN.slice(0, -6)}??????` }, {}, 'done'],
    ['its name alone', { Resource: ARN.slice(0, -7) }, {}, 'AccessDeniedException'],
    ['another secret', { Resource: secretArn('other', place) }, {}, 'AccessDeniedException'],
    ['to describe it', { Action: 'secretsmanager:DescribeSecret' }, {}, 'AccessDeniedException'],
    ['the version', { Condition: stage('AWSCURRENT') }, { VersionStage: 'AWSCURRENT' }, 'done'],
    ['the version, without a word', { Condition: stage('AWSCURRENT') }, {}, 'AccessDeniedException'],
    ['nothing, of one that is not there', { Action: 'sqs:*' }, { SecretId: 'none' }, 'AccessDeniedException'],
    ['nothing, of a version', { Action: 'sqs:*' }, { VersionStage: 'AWSPREVIOUS' }, 'AccessDeniedException'],
  ])('may: %s', async (_what, statement, input, outcome) => {
    const rolePolicy = allowing({ Action: 'secretsmanager:GetSecretValue', Resource: '*', ...statement });
    expect(await outcomeOf(get(input, { rolePolicy }))).toBe(outcome);
  });

  test('belongs to the account', async () => {
    const stranger = { account: '444455556666', rolePolicy: ANYTHING };
    expect(await outcomeOf(get({}, stranger))).toBe('AccessDeniedException');
  });
});
