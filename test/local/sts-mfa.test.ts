import { IAMClient, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  type Credentials,
  GetSessionTokenCommand,
  type GetSessionTokenCommandInput,
  STSClient,
} from '@aws-sdk/client-sts';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, DATA_BUCKET, REGION } from '../../local/account.ts';
import type { RoleDefinition } from '../../local/aws/roles.ts';
import type { Session } from '../../local/aws/session.ts';
import type { UserDefinition } from '../../local/aws/users.ts';
import { type Doors, startDoors } from './start-doors.ts';

const document = (...statements: readonly object[]) => ({
  Version: '2012-10-17',
  Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
});
const WITH_MFA = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const JO = { serialNumber: `arn:aws:iam::${ACCOUNT}:mfa/jo`, secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' };
const ANN = { serialNumber: 'GAHT12345678', secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' };

const userOf = (name: string, device: typeof JO): UserDefinition => ({
  arn: `arn:aws:iam::${ACCOUNT}:user/${name}`,
  policies: {
    all: document(
      { Action: ['sts:AssumeRole', 'sts:SetContext'], Resource: '*' },
      { Action: ['s3:*', 'iam:*'], Resource: '*', Condition: WITH_MFA },
    ),
  },
  accessKeys: [
    { accessKeyId: `AKIA${name.toUpperCase().padEnd(16, '2')}`, secretAccessKey: `${name}/secret` },
  ],
  mfaDevices: [device],
});
const roleOf = (name: string, statement: object): RoleDefinition => ({
  arn: role(name),
  trustPolicy: document({ Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole', ...statement }),
  policies: {
    all: document(
      { Action: ['s3:*', 'sts:AssumeRole'], Resource: '*', Condition: WITH_MFA },
      { Action: 'sts:*', Resource: '*' },
    ),
  },
});
const PROVIDERS = {
  'ForAllValues:ArnEquals': {
    'sts:RequestContextProviders': 'arn:aws:iam::aws:contextProvider/IdentityCenter',
  },
};
const ROLES = [
  roleOf('plain', {}),
  roleOf('guarded', { Condition: WITH_MFA }),
  roleOf('fresh', { Condition: { NumericLessThan: { 'aws:MultiFactorAuthAge': '60' } } }),
  roleOf('lax', { Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } } }),
  roleOf('contexts', { Action: ['sts:AssumeRole', 'sts:SetContext'], Condition: PROVIDERS }),
];

/** How far ahead of the machine's clock these doors are: every test has codes of its own. */
let aheadSeconds = 0;
const clock = () => new Date(Date.now() + aheadSeconds * 1000);
let doors: Doors;
beforeAll(async () => {
  doors = await startDoors(ROLES, { clock, users: [userOf('jo', JO), userOf('ann', ANN)] });
  const s3 = s3Of(doors.everything.credentials);
  await s3.send(new PutObjectCommand({ Bucket: DATA_BUCKET, Key: 'a', Body: 'x' }));
});
afterAll(() => doors.close());
beforeEach(() => {
  aheadSeconds += 30;
});

type Keys = Session['credentials'];
const common = (credentials: Keys) => ({
  region: REGION,
  maxAttempts: 1,
  credentials,
  systemClockOffset: aheadSeconds * 1000,
});
const s3Of = (credentials: Keys) =>
  new S3Client({ ...common(credentials), endpoint: doors.s3, forcePathStyle: true });
const keyOf = (name: string): Keys => {
  const session = doors.sessions.get(`AKIA${name.toUpperCase().padEnd(16, '2')}`);
  if (session === undefined) throw new Error(`no key of ${name}`);
  return session.credentials;
};
const sessionOf = (credentials: Credentials | undefined): Session => {
  const session = doors.sessions.get(credentials?.AccessKeyId ?? '');
  if (session === undefined) throw new Error('the answer names no session');
  return session;
};
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    ({ name }: Error) => name,
  );

/** What a device shows now. */
const codeOf = ({ secret }: typeof JO) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock().getTime() });
const mfa = (device: typeof JO) => ({ SerialNumber: device.serialNumber, TokenCode: codeOf(device) });

const assume = async (name: string, changes: Partial<AssumeRoleCommandInput> = {}, by = keyOf('jo')) => {
  const client = new STSClient({ ...common(by), endpoint: doors.sts });
  const input = { RoleArn: role(name), RoleSessionName: 'jo', ...changes };
  return sessionOf((await client.send(new AssumeRoleCommand(input))).Credentials);
};
const sessionToken = async (input: GetSessionTokenCommandInput, by = keyOf('jo')) => {
  const client = new STSClient({ ...common(by), endpoint: doors.sts });
  return sessionOf((await client.send(new GetSessionTokenCommand(input))).Credentials);
};
const read = ({ credentials }: { readonly credentials: Keys }) =>
  outcome(s3Of(credentials).send(new GetObjectCommand({ Bucket: DATA_BUCKET, Key: 'a' })));

describe('AssumeRole', () => {
  test.each([
    ['guarded', 'AccessDenied'],
    ['fresh', 'AccessDenied'],
    // Long-term keys say nothing of MFA: what asks with …IfExists lets them in.
    ['lax', 'done'],
    ['plain', 'done'],
  ])('of the role %s without a code: %s', async (name, expected) => {
    expect(await outcome(assume(name))).toBe(expected);
  });

  test.each(['guarded', 'fresh', 'lax', 'plain'])('of the role %s with a code: done', async (name) => {
    expect(await outcome(assume(name, mfa(JO)))).toBe('done');
  });

  test('of the guarded role with a session that has MFA, which grows old', async () => {
    const { credentials } = await sessionToken(mfa(JO));
    expect(await outcome(assume('guarded', {}, credentials))).toBe('done');
    expect(await outcome(assume('fresh', {}, credentials))).toBe('done');
    aheadSeconds += 61;
    expect(await outcome(assume('guarded', {}, credentials))).toBe('done');
    expect(await outcome(assume('fresh', {}, credentials))).toBe('AccessDenied');
  });

  test('of the lax role with a session that has no MFA is refused', async () => {
    const { credentials } = await sessionToken({});
    expect(await outcome(assume('lax', {}, credentials))).toBe('AccessDenied');
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
  test('gives a session that does not tell of MFA', async () => {
    const session = await assume('guarded', mfa(JO));
    expect(await read(session)).toBe('AccessDenied');
    expect(await outcome(assume('guarded', {}, session.credentials))).toBe('AccessDenied');
  });
});

describe('GetSessionToken', () => {
  test('with a code opens what the user has with MFA, IAM as well', async () => {
    const session = await sessionToken(mfa(JO));
    expect(await read(session)).toBe('done');
    const iam = new IAMClient({ ...common(session.credentials), endpoint: doors.iam });
    expect(await outcome(iam.send(new ListRolePoliciesCommand({ RoleName: 'plain' })))).toBe('done');
  });

  test('without one does not', async () => {
    expect(await read(await sessionToken({}))).toBe('AccessDenied');
    expect(await read({ credentials: keyOf('jo') })).toBe('AccessDenied');
  });
});

const FAILED = 'MultiFactorAuthentication failed';
const UNKNOWN = `${FAILED}, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.`;
const HALF = `${FAILED}, must provide both MFA serial number and one time pass code.`;
const WRONG = `${FAILED} with invalid MFA one time pass code.`;
const another = (code: string) => code.replace(/^./, (digit) => String((Number(digit) + 1) % 10));

describe.each<[string, (input: GetSessionTokenCommandInput, by?: Keys) => Promise<Session>]>([
  ['GetSessionToken', sessionToken],
  ['AssumeRole', (input, by) => assume('plain', input, by)],
])('%s refuses', (_operation, call) => {
  test.each<[string, () => GetSessionTokenCommandInput, string]>([
    ['a wrong code', () => ({ ...mfa(JO), TokenCode: another(codeOf(JO)) }), WRONG],
    ["another user's device", () => mfa(ANN), UNKNOWN],
    ["the code of another user's device", () => ({ ...mfa(JO), TokenCode: codeOf(ANN) }), WRONG],
    ['an unknown device', () => ({ ...mfa(JO), SerialNumber: `${JO.serialNumber}-2` }), UNKNOWN],
    ['a device alone', () => ({ SerialNumber: JO.serialNumber }), HALF],
    ['a code alone', () => ({ TokenCode: codeOf(JO) }), HALF],
  ])('%s', async (_what, input, message) => {
    const before = doors.sessions.size;
    await expect(call(input())).rejects.toMatchObject({ name: 'AccessDenied', message });
    expect(doors.sessions.size).toBe(before);
  });

  test('a code that was used', async () => {
    const input = mfa(JO);
    await call(input);
    await expect(call(input)).rejects.toMatchObject({ name: 'AccessDenied', message: WRONG });
    // Of each device, that is.
    await call(mfa(ANN), keyOf('ann'));
  });

  test.each<[string, GetSessionTokenCommandInput, RegExp]>([
    [
      'a device of 8 characters',
      { SerialNumber: 'GAHT1234', TokenCode: '123456' },
      /'serialNumber' .* equal to 9$/,
    ],
    ['five digits', { SerialNumber: JO.serialNumber, TokenCode: '12345' }, /'tokenCode' .* equal to 6$/],
    ['letters', { SerialNumber: JO.serialNumber, TokenCode: 'abcdef' }, /'tokenCode' .* pattern: \[\\d\]\*$/],
  ])('%s', async (_what, input, message) => {
    await expect(call(input)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringMatching(message),
    });
  });
});

describe('provided contexts', () => {
  const context = (ProviderArn: string) => ({
    ProvidedContexts: [{ ProviderArn, ContextAssertion: 'signed' }],
  });
  const IDENTITY_CENTER = context('arn:aws:iam::aws:contextProvider/IdentityCenter');

  test('of the Identity Center are taken where the role and the caller allow to set them', async () => {
    expect(await outcome(assume('contexts', IDENTITY_CENTER))).toBe('done');
    expect(await outcome(assume('plain', IDENTITY_CENTER))).toBe('AccessDenied');
  });

  test('of another provider are not', async () => {
    expect(await outcome(assume('contexts', context('arn:aws:iam::aws:contextProvider/Other')))).toBe(
      'InvalidParameterValue',
    );
  });
});
