import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { parseVendAnswer } from '../../client/src/vend-answer.ts';
import { jsonOf, startTestLatchkey, type TestLatchkey } from '../latchkey.ts';

let latchkey: TestLatchkey;
// biome-ignore lint/suspicious/noExplicitAny: tests change it member by member
let real: any;

beforeAll(async () => {
  latchkey = await startTestLatchkey();
  real = await jsonOf(await latchkey.vend(await latchkey.issuer.sign()));
});
afterAll(() => latchkey.close());

const parse = (answer: unknown, date?: string) =>
  parseVendAnswer(
    {
      status: 200,
      headers: new Headers(date === undefined ? {} : { Date: date }),
      text: typeof answer === 'string' ? answer : JSON.stringify(answer),
      sentAt: Date.now(),
    },
    3600,
  );

const withCredentials = (changes: object) => ({ ...real, credentials: { ...real.credentials, ...changes } });

it("is the server's own", () => {
  expect(parse(real)).toMatchObject({ ...real.credentials, expiration: expect.any(Date) });
});

test.each([
  ['assumedRoleUser', 'arn:aws-cn:sts::111122223333:assumed-role/r/acme.x', true],
  ['federatedUser', 'arn:aws:sts::111122223333:federated-user/x.y', false],
  ['user', 'arn:aws-us-gov:iam::111122223333:user/latchkey/tenants/acme', false],
] as const)('says whose session it is: %s', (kind, arn, isRole) => {
  const { assumedRoleUser: _, ...answer } = real;
  const credentials = parse({ ...answer, [kind]: { arn } });
  expect(credentials).toMatchObject({ sessionArn: arn, accountId: '111122223333' });
  expect(credentials?.assumedRoleArn).toBe(isRole ? arn : undefined);
});

describe('is refused whole', () => {
  const members = ['accessKeyId', 'secretAccessKey', 'sessionToken', 'expiration'];
  it.each(
    members.flatMap((name) => [undefined, '', ' ', 7, null, {}].map((value) => [name, value] as const)),
  )('with %s %j', (name, value) => {
    expect(parse(withCredentials({ [name]: value }))).toBeUndefined();
  });

  it.each([
    'tomorrow',
    '2026-11-21',
    '2026-11-21T23:00:00',
    // AWS SDK for JavaScript refuses it, too.
    '2026-11-21T23:00:00+00:00',
    '2026-11-21 23:00:00Z',
    '2026-02-30T23:00:00Z',
    '2026-13-01T23:00:00Z',
    '2026-11-21T24:00:00Z',
    '1795302000',
  ])('with the expiration %s', (expiration) => {
    expect(parse(withCredentials({ expiration }))).toBeUndefined();
  });

  it.each([
    ['tenantId', undefined],
    ['profile', ''],
    ['vendId', 'a b'],
    ['credentials', undefined],
    ['credentials', []],
    ['assumedRoleUser', undefined],
    ['assumedRoleUser', {}],
    ['assumedRoleUser', { arn: 'arn:aws:iam::111122223333:role/x' }],
    ['assumedRoleUser', { arn: 'arn:aws:sts::1111:assumed-role/x/y' }],
    ['assumedRoleUser', { arn: 'arn:aws:sts::111122223333:federated-user/x' }],
    // Beside the role's session.
    ['federatedUser', { arn: 'arn:aws:sts::111122223333:federated-user/x' }],
    ['user', { arn: 'arn:aws:iam::111122223333:user/x' }],
  ])('with %s %j', (name, value) => {
    expect(parse({ ...real, [name]: value })).toBeUndefined();
  });

  it.each(['', 'null', '[]', '"x"', '{', '<html>'])('as %s', (text) => {
    expect(parse(text)).toBeUndefined();
  });
});
