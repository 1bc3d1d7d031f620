import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { cacheKey } from '../../client/src/cache-key.ts';
import { createFileCache } from '../../client/src/file-cache.ts';
import { type LatchkeyOptions, LatchkeySession } from '../../client/src/index.ts';
import { createSharedFetch } from '../../client/src/shared-fetch.ts';
import { realSurroundings } from '../../client/src/surroundings.ts';
import { startTestLatchkey, type TestLatchkey } from '../latchkey.ts';

let latchkey: TestLatchkey;
let token: string;
let directory: string;
beforeAll(async () => {
  latchkey = await startTestLatchkey();
});
afterAll(() => latchkey.close());
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'latchkey-shared-'));
  token = await latchkey.issuer.sign();
  latchkey.audited.length = 0;
});
afterEach(() => rm(directory, { recursive: true }));

/** A session as another process would open it. */
function session(changes: Partial<LatchkeyOptions> = {}, now = Date.now): LatchkeySession {
  const { api: endpoint } = latchkey.facts;
  return new LatchkeySession({ endpoint, token, cache: { directory }, ...changes }, { now });
}

const later = (seconds: number) => () => Date.now() + seconds * 1000;
const vends = () =>
  latchkey.audited.filter(({ operation, code }) => operation === 'vend' && code === 'granted').length;

describe('a cache that processes share', () => {
  it('makes one vend for ten processes that start at once', async () => {
    const env = {
      PATH: process.env['PATH'],
      ENDPOINT: latchkey.facts.api,
      TOKEN: token,
      DIRECTORY: directory,
    };
    const run = () => promisify(execFile)(process.execPath, ['test/client/vend-once.ts'], { env });
    const printed = await Promise.all(Array.from({ length: 10 }, run));
    expect(new Set(printed.map(({ stdout }) => stdout)).size).toBe(1);
    expect(vends()).toBe(1);
  });

  it('gives the credentials as they were vended', async () => {
    const first = await session().credentials();
    expect(await session().credentials()).toEqual(first);
    expect(vends()).toBe(1);
    expect((await readdir(directory)).length).toBe(1);
  });

  it('is not asked for by default', async () => {
    await session().credentials();
    const { api: endpoint } = latchkey.facts;
    await new LatchkeySession({ endpoint, token }).credentials();
    await new LatchkeySession({ endpoint, token, cache: false }).credentials();
    expect(vends()).toBe(3);
  });

  it('has nothing for another token of the same caller, and for other options', async () => {
    await session().credentials();
    const claims = { jti: 'another' };
    const [own, folder, readOnly] = [
      await session({ token: await latchkey.issuer.sign({ claims }) }).credentials(),
      await session({ scope: { folder: 'reports/' } }).credentials(),
      await session({ profile: 'read-only' }).credentials(),
    ];
    expect([own.profile, folder.profile, readOnly.profile]).toEqual(['app', 'app', 'read-only']);
    expect(vends()).toBe(4);
  });

  it('never gives one tenant the credentials of another', async () => {
    const globex = await latchkey.issuer.sign({ claims: { tenant: 'globex' } });
    expect((await session().credentials()).tenantId).toBe('acme');
    expect((await session({ token: globex }).credentials()).tenantId).toBe('globex');
    expect((await session().credentials()).tenantId).toBe('acme');
  });

  it("has nothing for a forged token with a caller's own claims", async () => {
    await session().credentials();
    const forged = session({ token: `${token.slice(0, -8)}AAAAAAAA` });
    await expect(forged.credentials()).rejects.toMatchObject({ code: 'token_invalid' });
  });

  it('keeps credentials under the token that they were vended with, when it changes in between', async () => {
    const expired = await latchkey.issuer.sign({ claims: { exp: Math.floor(Date.now() / 1000) - 600 } });
    const globex = await latchkey.issuer.sign({ claims: { tenant: 'globex' } });
    const tokens = [expired, globex];
    const turning = session({ token: async () => tokens.shift() ?? '' });
    expect((await turning.credentials()).tenantId).toBe('globex');
    await expect(session({ token: expired }).credentials()).rejects.toMatchObject({ code: 'token_expired' });
    await session({ token: globex }).credentials();
    expect(vends()).toBe(1);
  });

  it('is passed by when new credentials are asked for, which it then has', async () => {
    const open = session();
    const first = await open.credentials();
    const second = await open.refresh();
    expect(second.vendId).not.toBe(first.vendId);
    expect((await session().credentials()).vendId).toBe(second.vendId);
    expect(vends()).toBe(2);
    await session().refresh();
    expect(vends()).toBe(3);
  });

  it.each([
    [3200, 1],
    [3400, 2],
    [3700, 2],
  ])('after %i s of 3600 has led to %i vends', async (seconds, expected) => {
    await session().credentials();
    await session({}, later(seconds)).credentials();
    expect(vends()).toBe(expected);
  });

  it('gives a refresh what another process has refreshed meanwhile', async () => {
    let passed = 0;
    const now = () => Date.now() + passed * 1000;
    const [one, other] = [session({}, now), session({}, now)];
    await Promise.all([one.credentials(), other.credentials()]);
    expect(vends()).toBe(1);
    passed = 3500;
    const first = await one.credentials();
    expect(vends()).toBe(2);
    expect((await other.credentials()).vendId).toBe(first.vendId);
    expect(vends()).toBe(2);
  });

  it('gives a refresh nothing that its session already has', async () => {
    let passed = 0;
    const open = session({}, () => Date.now() + passed * 1000);
    const first = await open.credentials();
    passed = 3100;
    const refreshed = new Promise((resolve) => open.on('refreshed', resolve));
    expect(await open.credentials()).toBe(first);
    await refreshed;
    expect((await open.credentials()).vendId).not.toBe(first.vendId);
    expect(vends()).toBe(2);
  });

  it('refuses what others may read, with credentials in hand as well', async () => {
    await session().credentials();
    const [name = ''] = await readdir(directory);
    await rm(join(directory, name));
    await writeFile(join(directory, name), '{}', { mode: 0o644 });
    await expect(session().credentials()).rejects.toMatchObject({ code: 'cache_refused' });
    expect(await readFile(join(directory, name), 'utf8')).toBe('{}');
    expect(vends()).toBe(1);
  });

  it('waits for a process that vends for half its time, and vends then', async () => {
    const key = cacheKey({ endpoint: new URL(`${latchkey.facts.api}/`) }, token);
    const holder = { id: 'other', pid: process.pid, host: hostname(), until: Date.now() + 60_000 };
    await writeFile(join(directory, `${key}.lock`), JSON.stringify(holder));
    const begin = performance.now();
    await session({ timeoutMilliseconds: 1000 }).credentials();
    expect(performance.now() - begin).toBeGreaterThan(490);
    expect((await readdir(directory)).sort()).toEqual([`${key}.json`, `${key}.lock`]);
  });
});

describe('a shared fetch', () => {
  const credentials = { vendId: 'vend-1', expiration: new Date(Date.now() + 3_600_000) } as never;
  const full = () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
  const options = {
    keyOf: (used: string) => used,
    readToken: async () => 'a-token',
    vend: async (readVendToken: () => Promise<string>) => {
      await readVendToken();
      return credentials;
    },
    timeoutMilliseconds: 200,
    codeMilliseconds: 0,
    advisoryRefreshSeconds: 900,
    mandatoryRefreshSeconds: 300,
    surroundings: realSurroundings,
  };

  test.each(['first', 'advisory', 'mandatory', 'forced'] as const)(
    '%s vends on a disk that is full',
    async (purpose) => {
      const cache = { read: async () => undefined, write: full, tryLock: full };
      expect(await createSharedFetch({ ...options, cache })(purpose)).toBe(credentials);
    },
  );

  it('takes what was written between its look and its lock', async () => {
    const entries = [undefined, { obtainedAt: Date.now(), credentials }];
    const cache = { read: async () => entries.shift(), write: full, tryLock: async () => async () => {} };
    const vend = () => Promise.reject(new Error('expected no vend'));
    expect(await createSharedFetch({ ...options, cache, vend })('first')).toBe(credentials);
  });

  it('gives the lock back when the vend fails', async () => {
    const cache = createFileCache(directory, Date.now);
    const vend = () => Promise.reject(new Error('no'));
    await expect(createSharedFetch({ ...options, cache, vend })('first')).rejects.toThrow('no');
    expect(await readdir(directory)).toEqual([]);
  });

  it('waits for a token no longer than for all else', async () => {
    const cache = createFileCache(directory, Date.now);
    const readToken = () => new Promise<string>(() => {});
    const fetching = createSharedFetch({ ...options, cache, readToken })('first');
    await expect(fetching).rejects.toMatchObject({ code: 'token_unreadable' });
  });
});
