import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fromLatchkey, type LatchkeyEvent, type LatchkeyOptions } from '../../client/src/index.ts';
import { DATA_BUCKET, DATA_TABLE, REGION } from '../../local/account.ts';
import { startTestLatchkey, type TestLatchkey } from '../latchkey.ts';

const MINUTE = 60_000;

let latchkey: TestLatchkey;

beforeAll(async () => {
  latchkey = await startTestLatchkey();
});
afterAll(() => latchkey.close());
beforeEach(() => {
  latchkey.audited.length = 0;
});

/** A provider of acme's, with a clock to move. */
function start(options: Partial<LatchkeyOptions> = {}) {
  let moved = 0;
  let down = false;
  const events: LatchkeyEvent[] = [];
  const provider = fromLatchkey(
    {
      endpoint: latchkey.facts.api,
      token: () => latchkey.issuer.sign(),
      onEvent: (event) => events.push(event),
      ...options,
    },
    {
      now: () => Date.now() + moved,
      fetch: (input, init) => (down ? Promise.reject(new TypeError('fetch failed')) : fetch(input, init)),
      // Pauses of no length.
      random: () => 0,
    },
  );
  const common = { credentials: provider, region: REGION, maxAttempts: 1 };
  return {
    provider,
    events,
    s3: new S3Client({ ...common, endpoint: latchkey.aws.urls.s3, forcePathStyle: true }),
    dynamodb: new DynamoDBClient({ ...common, endpoint: latchkey.aws.urls.dynamodb }),
    pass: (minutes: number) => {
      moved += minutes * MINUTE;
    },
    cutOff: () => {
      down = true;
    },
  };
}

const vends = () => latchkey.audited.map(({ code }) => code);

async function roundTrip(client: S3Client): Promise<string | undefined> {
  const object = { Bucket: DATA_BUCKET, Key: 'acme/from-latchkey.txt' };
  await client.send(new PutObjectCommand({ ...object, Body: 'mine' }));
  return (await client.send(new GetObjectCommand(object))).Body?.transformToString();
}

describe('clients of the AWS SDK', () => {
  it("read what is the tenant's, and are refused what is another's", async () => {
    const { s3 } = start();
    expect(await roundTrip(s3)).toBe('mine');
    const theirs = { Bucket: DATA_BUCKET, Key: 'globex/from-latchkey.txt' };
    await expect(s3.send(new GetObjectCommand(theirs))).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(s3.send(new PutObjectCommand({ ...theirs, Body: 'x' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  it('share one vend', async () => {
    const { s3, dynamodb } = start();
    const query = new QueryCommand({
      TableName: DATA_TABLE,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'acme' } },
    });
    await Promise.all([
      ...Array.from({ length: 10 }, () => roundTrip(s3)),
      ...Array.from({ length: 10 }, () => dynamodb.send(query)),
    ]);
    expect(vends()).toEqual(['granted']);
  });

  it('go on with the old ones while new ones come, of 15 minutes and of an hour', async () => {
    for (const durationSeconds of [900, 3600]) {
      latchkey.audited.length = 0;
      const { s3, pass, events } = start({ durationSeconds });
      for (let each = 0; each < 10; each += 1) {
        await roundTrip(s3);
        // Almost to the window.
        pass(durationSeconds / 60 / (durationSeconds === 900 ? 2 : 4 / 3) / 11);
      }
      expect(vends()).toEqual(['granted']);
      pass(durationSeconds / 60 / 5);
      await roundTrip(s3);
      await expect.poll(() => events.map(({ type }) => type)).toEqual(['refreshed', 'refreshed']);
      await roundTrip(s3);
      expect(vends()).toEqual(['granted', 'granted']);
    }
  });

  it('go on with valid ones when Latchkey is down, and say why when there are none', async () => {
    const { s3, pass, cutOff, events } = start();
    await roundTrip(s3);
    cutOff();
    pass(58);
    expect(await roundTrip(s3)).toBe('mine');
    expect(events.at(-1)).toMatchObject({ type: 'refresh-failed', error: { code: 'unreachable' } });
    pass(2);
    await expect(roundTrip(s3)).rejects.toMatchObject({ name: 'LatchkeyError', code: 'unreachable' });
    expect(events.at(-1)?.type).toBe('expired');
  });

  it("get the server's refusal", async () => {
    const { s3 } = start({ token: () => latchkey.issuer.sign({ claims: { tenant: 'sleepy' } }) });
    const error = await roundTrip(s3).catch((caught: unknown) => caught);
    const { vendId } = latchkey.audited.at(-1) ?? {};
    expect(error).toMatchObject({ name: 'LatchkeyError', code: 'tenant_inactive', status: 403, vendId });
  });
});

it('gives new ones by force', async () => {
  const { provider, s3 } = start();
  const { accessKeyId } = await provider();
  expect((await provider({})).accessKeyId).toBe(accessKeyId);
  const forced = await provider({ forceRefresh: true });
  expect(forced.accessKeyId).not.toBe(accessKeyId);
  expect((await provider()).accessKeyId).toBe(forced.accessKeyId);
  expect((await s3.config.credentials()).accessKeyId).toBe(forced.accessKeyId);
  expect(vends()).toEqual(['granted', 'granted']);
});

it('fetches nothing until it is used', async () => {
  start();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(vends()).toEqual([]);
});
