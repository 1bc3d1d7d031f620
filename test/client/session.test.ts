import { inspect } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { createClientCache } from '../../client/src/client-cache.ts';
import {
  type LatchkeyEvent,
  type LatchkeyOptions,
  LatchkeySession,
  type Surroundings,
} from '../../client/src/index.ts';
import { startTestLatchkey, type TestLatchkey } from '../latchkey.ts';

let latchkey: TestLatchkey;
let token: string;
beforeAll(async () => {
  latchkey = await startTestLatchkey();
});
afterAll(() => latchkey.close());
beforeEach(async () => {
  token = await latchkey.issuer.sign();
  latchkey.audited.length = 0;
});

function open(changes: Partial<LatchkeyOptions> = {}, surroundings?: Partial<Surroundings>): LatchkeySession {
  return new LatchkeySession({ endpoint: latchkey.facts.api, token, ...changes }, surroundings);
}

const s3Config = () => ({ endpoint: latchkey.facts.s3, region: latchkey.facts.region });
const get = (Key: string) => new GetObjectCommand({ Bucket: latchkey.facts.bucket, Key });

describe("a session's clients", () => {
  it('open what is the tenant’s, and nothing else', async () => {
    const session = open();
    const s3 = session.client(S3Client, s3Config());
    const put = new PutObjectCommand({
      Bucket: latchkey.facts.bucket,
      Key: 'acme/session.txt',
      Body: 'hello',
    });
    await s3.send(put);
    const { Body } = await s3.send(get('acme/session.txt'));
    expect(await Body?.transformToString()).toBe('hello');
    await expect(s3.send(get('globex/welcome.txt'))).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(latchkey.audited.length).toBe(1);
  });

  it('are the same for an equal configuration, in whatever order', () => {
    const session = open();
    const { endpoint, region } = s3Config();
    const s3 = session.client(S3Client, { endpoint, region, maxAttempts: 2 });
    expect(session.client(S3Client, { maxAttempts: 2, region, endpoint })).toBe(s3);
    expect(session.client(S3Client, { endpoint, region })).not.toBe(s3);
    expect(session.client(DynamoDBClient, { endpoint, region, maxAttempts: 2 })).toBeInstanceOf(
      DynamoDBClient,
    );
    expect(session.client(S3Client)).toBe(session.client(S3Client, {}));
    expect(open().client(S3Client, { endpoint, region, maxAttempts: 2 })).not.toBe(s3);
  });

  it('are the same for the same object, if that holds a function or an instance', () => {
    const session = open();
    const { endpoint } = s3Config();
    const config = { endpoint, region: async () => 'eu-central-1' };
    expect(session.client(S3Client, config)).toBe(session.client(S3Client, config));
    expect(session.client(S3Client, { ...config })).not.toBe(session.client(S3Client, config));
  });

  it('are destroyed and forgotten by clear, and credentials stay', async () => {
    const session = open();
    const s3 = session.client(S3Client, s3Config());
    await s3.send(get('acme/welcome.txt'));
    const destroy = vi.spyOn(s3, 'destroy');
    session.clear();
    expect(destroy).toHaveBeenCalledOnce();
    const other = session.client(S3Client, s3Config());
    expect(other).not.toBe(s3);
    await other.send(get('acme/welcome.txt'));
    expect(latchkey.audited.length).toBe(1);
  });

  it('take no credentials but its own', () => {
    const config = { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
    expect(() => open().client(S3Client, config)).toThrow('got credentials for a client');
  });
});

describe('a client cache', () => {
  class Client {
    destroyed = false;
    destroy() {
      this.destroyed = true;
    }
  }
  const filled = () => {
    const cache = createClientCache(2);
    const client = (region: unknown) => cache.get(Client, { region }, () => new Client()) as Client;
    return { cache, client };
  };

  it('forgets the least recently used, and leaves it to whoever has it', () => {
    const { cache, client } = filled();
    const [a, b] = [client('a'), client('b')];
    expect(client('a')).toBe(a);
    client('c');
    expect(client('a')).toBe(a);
    expect(client('b')).not.toBe(b);
    expect(b.destroyed).toBe(false);
    cache.clear();
    expect([a.destroyed, b.destroyed]).toEqual([true, false]);
  });

  it('tells apart what JSON does not', () => {
    const { client } = filled();
    const values = [
      new Date(0),
      Number.NaN,
      1n,
      Symbol.iterator,
      new Map(),
      [undefined],
      { deep: [() => {}] },
    ];
    for (const value of values) {
      const first = client(value);
      expect([value, client(value) === first]).toEqual([value, false]);
    }
    expect(client('1')).not.toBe(client(1));
    expect(client(undefined)).toBe(client(undefined));
    expect(client({ a: [1, { b: null, c: true }] })).toBe(client({ a: [1, { c: true, b: null }] }));
  });
});

describe('a session', () => {
  it('says who it is', async () => {
    const me = await open().whoami();
    expect(me).toMatchObject({ tenantId: 'acme', displayName: 'Acme', issuer: latchkey.issuer.url });
    expect(me.profiles.map(({ name }) => name)).toContain('app');
    const refused = open({ token: 'a.b.c' }).whoami();
    await expect(refused).rejects.toMatchObject({ code: 'token_malformed', status: 401 });
  });

  it('takes as whoami nothing but an answer of Latchkey', async () => {
    const fetch = async () => Response.json({ hello: 'world' });
    await expect(open({}, { fetch }).whoami()).rejects.toMatchObject({ code: 'answer_invalid' });
  });

  it('knows when its credentials end', async () => {
    let now = Date.now();
    const session = open({}, { now: () => now });
    expect(session.isExpired()).toBe(true);
    const { expiration } = await session.credentials();
    now = expiration.getTime() - 60_000;
    expect([session.isExpired(), session.isExpired(59), session.isExpired(61)]).toEqual([false, false, true]);
    now = expiration.getTime();
    expect(session.isExpired()).toBe(true);
  });

  it('tells its listeners of their events, until they have had enough', async () => {
    const told: string[] = [];
    let now = Date.now();
    const tell = (who: string) => (event: LatchkeyEvent) => void told.push(`${who} ${event.type}`);
    const session = open({ onEvent: tell('option') }, { now: () => now });
    const leave = session.on('refreshed', tell('first'));
    session.on('refreshed', tell('second'));
    session.on('refresh-failed', tell('third'));
    session.on('expired', tell('fourth'));
    const { expiration } = await session.credentials();
    expect(told.splice(0)).toEqual(['option refreshed', 'first refreshed', 'second refreshed']);
    leave();
    await session.refresh();
    expect(told.splice(0)).toEqual(['option refreshed', 'second refreshed']);
    token = 'not.a.token';
    const failing = open({ token: async () => token, onEvent: tell('option') }, { now: () => now });
    failing.on('refresh-failed', tell('third'));
    failing.on('expired', tell('fourth'));
    token = await latchkey.issuer.sign();
    await failing.credentials();
    token = 'not.a.token';
    await failing.refresh();
    expect(told.splice(0)).toEqual(['option refreshed', 'option refresh-failed', 'third refresh-failed']);
    now = expiration.getTime() + 10_000;
    await expect(failing.credentials()).rejects.toMatchObject({ code: 'token_malformed' });
    expect(told).toEqual(['option expired', 'fourth expired']);
  });

  it('tells every listener, whatever another throws, and gives the credentials', async () => {
    const uncaught = new Promise((resolve) => {
      const handlers = process.rawListeners('uncaughtException') as NodeJS.UncaughtExceptionListener[];
      process.removeAllListeners('uncaughtException');
      process.once('uncaughtException', (error) => {
        for (const handler of handlers) process.on('uncaughtException', handler);
        resolve(error);
      });
    });
    const fault = new Error('a fault of the listener');
    const session = open({
      onEvent: () => {
        throw fault;
      },
    });
    const listener = vi.fn();
    session.on('refreshed', listener);
    const credentials = await session.credentials();
    expect(listener).toHaveBeenCalledExactlyOnceWith({ type: 'refreshed', credentials });
    expect(await uncaught).toMatchObject({ errors: [fault] });
  });

  it('shows no secret to who inspects it, its credentials, its events and its errors', async () => {
    const events: LatchkeyEvent[] = [];
    const session = open({ onEvent: (event) => events.push(event) });
    const credentials = await session.credentials();
    session.client(S3Client, s3Config());
    const error: unknown = await open({ token: `${token.slice(0, -8)}AAAAAAAA` })
      .credentials()
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'token_invalid' });
    const { secretAccessKey, sessionToken } = credentials;
    const shown = inspect({ session, credentials, events, error }, { depth: 9, showHidden: true });
    expect(shown).toContain(credentials.accessKeyId);
    for (const text of [shown, JSON.stringify({ session, error }), String(error)])
      for (const secret of [token, secretAccessKey, sessionToken]) expect(text).not.toContain(secret);
  });
});

describe('a console session', () => {
  it('is vended for the tenant', async () => {
    expect(await open().consoleSession()).toMatchObject({ tenantId: 'acme', profile: 'app' });
  });

  test.each<[string, Partial<LatchkeyOptions>, RegExp]>([
    ['mfa', { mfa: { serialNumber: 'GAHT12345678', code: '123456' } }, /^got mfa for a console session/],
    ['route', { route: 'iam-user' }, /^got route for a console session/],
  ])('is not asked for with %s', async (_what, changes, message) => {
    await expect(open(changes).consoleSession()).rejects.toMatchObject({
      code: 'options_invalid',
      message: expect.stringMatching(message),
    });
    expect(latchkey.audited).toEqual([]);
  });
});
