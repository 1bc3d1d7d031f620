import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { expect, expectTypeOf, test } from 'vitest';
import {
  fromLatchkey,
  type LatchkeyCredentials,
  type LatchkeyError,
  type LatchkeyEvent,
  type LatchkeyOptions,
  LatchkeySession,
  type Whoami,
} from '../../client/src/index.ts';
import type { WhoamiAnswer } from '../../functions/api/answers.ts';

/** `npm run check` compiles them; here they run once, so that what compiles also works. */
const options = { endpoint: 'https://latchkey.example/v1', token: 'a.b.c' } satisfies LatchkeyOptions;
const session = new LatchkeySession(options);

test('a provider fits every client of AWS SDK v3', () => {
  const provider = fromLatchkey(options);
  expectTypeOf(provider).toExtend<NonNullable<S3ClientConfig['credentials']>>();
  expectTypeOf(provider).toExtend<NonNullable<DynamoDBClientConfig['credentials']>>();
  expectTypeOf(provider).toExtend<NonNullable<STSClientConfig['credentials']>>();
  expectTypeOf(provider).toExtend<AwsCredentialIdentityProvider>();
  expectTypeOf(session.credentials).toEqualTypeOf(provider);
  expectTypeOf(() => provider()).returns.resolves.toEqualTypeOf<LatchkeyCredentials>();
  expectTypeOf<LatchkeyCredentials>().toExtend<AwsCredentialIdentity>();
  expectTypeOf<LatchkeyCredentials['sessionToken']>().toEqualTypeOf<string>();
  new S3Client({ region: 'us-east-1', credentials: provider });
});

test('an endpoint and a token are required, and what is not an option is refused', () => {
  // @ts-expect-error: no token
  expectTypeOf<{ endpoint: string }>().toExtend<LatchkeyOptions>();
  // @ts-expect-error: no endpoint
  expectTypeOf<{ token: string }>().toExtend<LatchkeyOptions>();
  // @ts-expect-error: a function that does not promise
  expectTypeOf<() => string>().toExtend<LatchkeyOptions['token']>();
  // @ts-expect-error: a misspelled option
  expect(() => fromLatchkey({ ...options, durationSecond: 900 })).toThrow('durationSecond');
  expectTypeOf<{ file: string }>().toExtend<LatchkeyOptions['token']>();
  expectTypeOf<{ endpoint: URL; token: () => Promise<string> }>().toExtend<LatchkeyOptions>();
});

test("a session's client is of its class, with that class's configuration", () => {
  const region = 'us-east-1';
  expectTypeOf(session.client(S3Client, { region, forcePathStyle: true })).toEqualTypeOf<S3Client>();
  expectTypeOf(session.client(DynamoDBClient, { region })).toEqualTypeOf<DynamoDBClient>();
  expectTypeOf(session.client(STSClient)).toEqualTypeOf<STSClient>();
  // @ts-expect-error: S3's own option
  session.client(DynamoDBClient, { region, forcePathStyle: true });
  // @ts-expect-error: a Region is text
  session.client(S3Client, { region: 1 });
  // @ts-expect-error: no client of AWS SDK v3
  expectTypeOf(session.client<typeof Date>).toBeFunction();
  // @ts-expect-error: the credentials are the session's
  const own = () => session.client(S3Client, { credentials: fromLatchkey(options) });
  expectTypeOf(own).toBeFunction();
});

test('a listener is told of its own event', () => {
  session.on('refreshed', (event) => {
    expectTypeOf(event.credentials).toEqualTypeOf<LatchkeyCredentials>();
    // @ts-expect-error: of another event
    event.error;
  });
  session.on('refresh-failed', ({ error }) => expectTypeOf(error).toEqualTypeOf<LatchkeyError>());
  const leave = session.on('expired', ({ expiration }) => expectTypeOf(expiration).toEqualTypeOf<Date>());
  expectTypeOf(leave).toEqualTypeOf<() => void>();
  // @ts-expect-error: no such event
  session.on('refresh', () => {});
  expectTypeOf<LatchkeyEvent['type']>().toEqualTypeOf<'refreshed' | 'refresh-failed' | 'expired'>();
});

test("the client's whoami is the server's answer", () => {
  expectTypeOf(session.whoami).returns.resolves.toEqualTypeOf<Whoami>();
  expectTypeOf<WhoamiAnswer>().toExtend<Whoami>();
  expectTypeOf<keyof Whoami>().toEqualTypeOf<keyof WhoamiAnswer>();
  type Profile<Answer extends { profiles: readonly unknown[] }> = keyof Answer['profiles'][number];
  expectTypeOf<Profile<WhoamiAnswer>>().toEqualTypeOf<keyof Whoami['profiles'][number]>();
});
