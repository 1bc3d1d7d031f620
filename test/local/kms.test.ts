import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  verify,
} from 'node:crypto';
import {
  DescribeKeyCommand,
  GetPublicKeyCommand,
  KMSClient,
  type MessageType,
  SignCommand,
  type SignCommandInput,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signDigestP384 } from '../../local/aws/kms/ecdsa.ts';
import { createKmsKeys } from '../../local/aws/kms/keys.ts';
import { createKmsDoor } from '../../local/aws/kms.ts';
import type { Session } from '../../local/aws/session.ts';
import { allowing, outcomeOf } from './local-events.ts';
import { type ServedDoor, serveDoor } from './serve-door.ts';
import { ACCOUNT, createSession, REGION, type SessionOptions } from './tenant-session.ts';

const EC = '11111111-1111-4111-8111-111111111111';
const RSA = '22222222-2222-4222-8222-222222222222';
const DISABLED = '33333333-3333-4333-8333-333333333333';
const NONE = '44444444-4444-4444-8444-444444444444';
const PREFIX = `arn:aws:kms:${REGION}:${ACCOUNT}:`;
const EC_ARN = `${PREFIX}key/${EC}`;
const ANYTHING = allowing({ Action: 'kms:*', Resource: '*' });

const sessions = new Map<string, Session>();
let served: ServedDoor;
let kms: KMSClient;

beforeAll(async () => {
  const keys = createKmsKeys([
    { id: EC, aliases: ['alias/issuer', 'alias/latchkey/issuer'], keySpec: 'ECC_NIST_P384' },
    { id: RSA, keySpec: 'RSA_2048' },
    { id: DISABLED, aliases: ['alias/disabled'], keySpec: 'ECC_NIST_P384', isEnabled: false },
  ]);
  const common = { account: ACCOUNT, region: REGION, clock: () => new Date(), log: () => undefined };
  served = await serveDoor(createKmsDoor({ ...common, sessions, keys }));
  kms = clientWith({ rolePolicy: ANYTHING });
});
afterAll(() => served.close());

function clientWith(options: SessionOptions): KMSClient {
  const session = createSession(options);
  sessions.set(session.credentials.accessKeyId, session);
  const { credentials } = session;
  return new KMSClient({ region: REGION, endpoint: served.endpoint, credentials, maxAttempts: 1 });
}

const getPublicKey = (KeyId: string, client = kms) => client.send(new GetPublicKeyCommand({ KeyId }));
const sign = (input: Partial<SignCommandInput> = {}, client = kms) =>
  client.send(
    new SignCommand({
      KeyId: EC,
      Message: Buffer.from('message'),
      SigningAlgorithm: 'ECDSA_SHA_384',
      ...input,
    }),
  );

async function publicKeyOf(keyId: string): Promise<KeyObject> {
  const { PublicKey } = await getPublicKey(keyId);
  return createPublicKey({ key: Buffer.from(PublicKey ?? []), type: 'spki', format: 'der' });
}

test('a public key comes with what its key is for', async () => {
  expect(await getPublicKey(EC)).toMatchObject({
    KeyId: EC_ARN,
    KeySpec: 'ECC_NIST_P384',
    KeyUsage: 'SIGN_VERIFY',
    SigningAlgorithms: ['ECDSA_SHA_384'],
  });
  expect((await publicKeyOf(EC)).asymmetricKeyDetails).toEqual({ namedCurve: 'secp384r1' });
  expect(await getPublicKey(RSA)).toMatchObject({
    KeySpec: 'RSA_2048',
    SigningAlgorithms: ['RSASSA_PKCS1_V1_5_SHA_256'],
  });
  expect((await publicKeyOf(RSA)).asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 });
});

test.each([EC_ARN, 'alias/issuer', 'alias/latchkey/issuer', `${PREFIX}alias/issuer`])(
  'a key has more names than its id: %s',
  async (name) => {
    const { PublicKey } = await getPublicKey(EC);
    expect(await getPublicKey(name)).toMatchObject({ KeyId: EC_ARN, PublicKey });
    expect(await sign({ KeyId: name })).toMatchObject({ KeyId: EC_ARN, SigningAlgorithm: 'ECDSA_SHA_384' });
  },
);

describe('a signature', () => {
  test.each([
    [EC, 'ECDSA_SHA_384', 'sha384', 'RAW'],
    [EC, 'ECDSA_SHA_384', 'sha384', 'DIGEST'],
    [RSA, 'RSASSA_PKCS1_V1_5_SHA_256', 'sha256', 'RAW'],
    [RSA, 'RSASSA_PKCS1_V1_5_SHA_256', 'sha256', 'DIGEST'],
  ] as const)(
    'by %s, with %s over %s, of a %s message, holds',
    async (KeyId, SigningAlgorithm, hash, type) => {
      const message = randomBytes(4096);
      const Message = type === 'RAW' ? message : createHash(hash).update(message).digest();
      const { Signature } = await sign({ KeyId, SigningAlgorithm, Message, MessageType: type });
      const signature = Buffer.from(Signature ?? []);
      const key = await publicKeyOf(KeyId);
      expect(verify(hash, message, key, signature)).toBe(true);
      expect(verify(hash, Buffer.from('other'), key, signature)).toBe(false);
    },
  );

  test('is of the message, and not of a digest, unless it is said', async () => {
    const message = createHash('sha384').update('x').digest();
    const { Signature } = await sign({ Message: message });
    expect(verify('sha384', message, await publicKeyOf(EC), Buffer.from(Signature ?? []))).toBe(true);
  });

  test('of a digest holds whatever its numbers begin with, and is never the same', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const messages = Array.from({ length: 40 }, (_, index) => Buffer.from(String(index)));
    const signatures = messages.map((message) =>
      signDigestP384(createHash('sha384').update(message).digest(), privateKey),
    );
    expect(
      messages.map((each, at) => verify('sha384', each, publicKey, signatures[at] ?? Buffer.of())),
    ).toEqual(messages.map(() => true));
    const digest = Buffer.alloc(48);
    expect(signDigestP384(digest, privateKey)).not.toEqual(signDigestP384(digest, privateKey));
  });
});

describe('what is wrong with a request', () => {
  const digest = (length: number) => ({
    Message: Buffer.alloc(length),
    MessageType: 'DIGEST' as MessageType,
  });
  test.each<[what: string, input: Partial<SignCommandInput>, code: string]>([
    ['a key that is not there', { KeyId: NONE }, 'NotFoundException'],
    ['an alias that is not there', { KeyId: 'alias/none' }, 'NotFoundException'],
    ['an alias for an id', { KeyId: 'issuer' }, 'NotFoundException'],
    ['a key of another Region', { KeyId: EC_ARN.replace(REGION, 'eu-west-1') }, 'NotFoundException'],
    ['a key of another account', { KeyId: EC_ARN.replace(ACCOUNT, '444455556666') }, 'NotFoundException'],
    ['a disabled key', { KeyId: DISABLED }, 'DisabledException'],
    ['a disabled key by its alias', { KeyId: 'alias/disabled' }, 'DisabledException'],
    [
      "another key's algorithm",
      { SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256' },
      'InvalidKeyUsageException',
    ],
    ['an algorithm that is not played', { SigningAlgorithm: 'RSASSA_PSS_SHA_256' }, 'ValidationException'],
    ['an empty message', { Message: Buffer.of() }, 'ValidationException'],
    ['a message of 4097 bytes', { Message: Buffer.alloc(4097) }, 'ValidationException'],
    ['a digest that is too short', digest(32), 'ValidationException'],
    ['a digest that is too long', digest(49), 'ValidationException'],
    ['another type of message', { MessageType: 'EXTERNAL_MU' }, 'ValidationException'],
    ['grant tokens', { GrantTokens: ['x'] }, 'ValidationException'],
    ['a dry run', { DryRun: true }, 'ValidationException'],
  ])('%s', async (_what, input, code) => {
    expect(await outcomeOf(sign(input))).toBe(code);
  });

  test('a disabled key has no public half either', async () => {
    expect(await outcomeOf(getPublicKey(DISABLED))).toBe('DisabledException');
  });

  test('another operation', async () => {
    expect(await outcomeOf(kms.send(new DescribeKeyCommand({ KeyId: EC })))).toBe(
      'UnknownOperationException',
    );
  });
});

describe('whoever signs', () => {
  const outcomeWith = (statement: object, input: Partial<SignCommandInput> = {}) =>
    outcomeOf(
      sign(
        input,
        clientWith({ rolePolicy: allowing({ Action: 'kms:Sign', Resource: EC_ARN, ...statement }) }),
      ),
    );
  const where = (key: string, value: string) => ({ Condition: { StringEquals: { [key]: value } } });
  const anyAlias = (value: string) => ({
    Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': value } },
  });

  test.each([
    ['the key', {}, {}, 'done'],
    ['the key, by its alias', {}, { KeyId: 'alias/issuer' }, 'done'],
    ['another key', { Resource: `${PREFIX}key/${RSA}` }, {}, 'AccessDeniedException'],
    // https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
    ['its alias', { Resource: `${PREFIX}alias/*` }, { KeyId: 'alias/issuer' }, 'AccessDeniedException'],
    ['its public half', { Action: 'kms:GetPublicKey' }, {}, 'AccessDeniedException'],
    ['the algorithm', where('kms:SigningAlgorithm', 'ECDSA_SHA_384'), {}, 'done'],
    ['another algorithm', where('kms:SigningAlgorithm', 'ECDSA_SHA_512'), {}, 'AccessDeniedException'],
    ['messages', where('kms:MessageType', 'RAW'), { MessageType: 'RAW' }, 'done'],
    ['messages, without a word', where('kms:MessageType', 'RAW'), {}, 'AccessDeniedException'],
    ['digests alone', where('kms:MessageType', 'DIGEST'), { MessageType: 'RAW' }, 'AccessDeniedException'],
    ['an alias', where('kms:RequestAlias', 'alias/issuer'), { KeyId: `${PREFIX}alias/issuer` }, 'done'],
    ['an alias that is not used', where('kms:RequestAlias', 'alias/issuer'), {}, 'AccessDeniedException'],
    ["the key's alias", anyAlias('alias/latchkey/issuer'), {}, 'done'],
    ["another key's alias", anyAlias('alias/disabled'), {}, 'AccessDeniedException'],
    ['the account', where('kms:CallerAccount', ACCOUNT), {}, 'done'],
    ['the kind of key', where('kms:KeySpec', 'ECC_NIST_P384'), {}, 'done'],
    ['where it was made', where('kms:KeyOrigin', 'AWS_KMS'), {}, 'done'],
    ['what it is for', where('kms:KeyUsage', 'SIGN_VERIFY'), {}, 'done'],
    ['one Region', where('kms:MultiRegion', 'false'), {}, 'done'],
    ['use through a service', where('kms:ViaService', 's3.amazonaws.com'), {}, 'AccessDeniedException'],
  ] as const)('may: %s', async (_what, statement, input, outcome) => {
    expect(await outcomeWith(statement, input)).toBe(outcome);
  });

  test('may not read the public half by that', async () => {
    const signer = clientWith({ rolePolicy: allowing({ Action: 'kms:Sign', Resource: EC_ARN }) });
    expect(await outcomeOf(getPublicKey(EC, signer))).toBe('AccessDeniedException');
    // Of what is signed, and how, such a request says nothing.
    const Condition = { Null: { 'kms:SigningAlgorithm': 'true', 'kms:MessageType': 'true' } };
    const rolePolicy = allowing({ Action: 'kms:GetPublicKey', Resource: EC_ARN, Condition });
    const reader = clientWith({ rolePolicy });
    expect(await outcomeOf(getPublicKey(EC, reader))).toBe('done');
  });

  test('belongs to the account', async () => {
    const stranger = clientWith({ account: '444455556666', rolePolicy: ANYTHING });
    expect(await outcomeOf(sign({}, stranger))).toBe('AccessDeniedException');
  });

  test.each([
    { KeyId: NONE },
    { KeyId: DISABLED },
    { SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256' },
  ] as const)('or else learns nothing: %j', async (input) => {
    expect(await outcomeWith({ Action: 'sqs:*' }, input)).toBe('AccessDeniedException');
  });
});

test.each([
  ['no UUID', [{ id: 'issuer' }]],
  ['an id twice', [{ id: EC }, { id: EC }]],
  ['an alias without its prefix', [{ id: EC, aliases: ['issuer'] }]],
  ["AWS's own alias", [{ id: EC, aliases: ['alias/aws/s3'] }]],
  [
    'an alias twice',
    [
      { id: EC, aliases: ['alias/a'] },
      { id: RSA, aliases: ['alias/a'] },
    ],
  ],
] as const)('keys are not made with %s', (_what, definitions) => {
  const keySpec = 'ECC_NIST_P384';
  expect(() => createKmsKeys(definitions.map((each) => ({ ...each, keySpec })))).toThrow('KMS key: got');
});
