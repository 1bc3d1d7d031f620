import { randomUUID } from 'node:crypto';
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { cacheDirectoryOf, defaultCacheDirectory } from '../../client/src/cache-directory.ts';
import type { CacheEntry } from '../../client/src/cache-entry.ts';
import { type CacheInputs, cacheKey } from '../../client/src/cache-key.ts';
import { createFileCache, type FileCache } from '../../client/src/file-cache.ts';

const NOW = Date.UTC(2026, 10, 22);
const INPUTS: CacheInputs = { endpoint: new URL('https://latchkey.example/v1/') };
const KEY = cacheKey(INPUTS, 'a-token');
const ENTRY: CacheEntry = {
  obtainedAt: NOW - 1000,
  credentials: {
    accessKeyId: 'ASIAEXAMPLEEXAMPLE00',
    secretAccessKey: 'a-secret-access-key',
    sessionToken: 'a-session-token',
    expiration: new Date(NOW + 3_600_000),
    accountId: '111122223333',
    vendId: 'vend-1',
    tenantId: 'acme',
    profile: 'app',
    sessionArn: 'arn:aws:sts::111122223333:assumed-role/latchkey-tenant/acme.x',
    assumedRoleArn: 'arn:aws:sts::111122223333:assumed-role/latchkey-tenant/acme.x',
  },
};

let parent: string;
let directory: string;
let cache: FileCache;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'latchkey-cache-'));
  directory = join(parent, 'not', 'there', 'yet');
  cache = createFileCache(directory, () => NOW);
});
afterEach(() => rm(parent, { recursive: true }));

const path = (ending = 'json') => join(directory, `${KEY}.${ending}`);
const modeOf = async (file: string) => ((await lstat(file)).mode & 0o777).toString(8);

describe('the key of what was vended', () => {
  const scope = { folder: 'reports/', year: '2026' };
  const mfa = { serialNumber: 'arn:aws:iam::111122223333:mfa/a', code: async () => '123456' };
  const endpoint = new URL('https://latchkey.example/v2/');

  it('differs for whatever the answer depends on', () => {
    const keys = [
      [{}, 'a-token'],
      [{}, 'a-tokem'],
      [{ endpoint }, 'a-token'],
      [{ profile: 'app' }, 'a-token'],
      [{ profile: 'read-only' }, 'a-token'],
      [{ durationSeconds: 900 }, 'a-token'],
      [{ durationSeconds: 3600 }, 'a-token'],
      [{ scope }, 'a-token'],
      [{ scope: { ...scope, year: '2027' } }, 'a-token'],
      [{ scope: { folder: 'reports/","year":"2026' } }, 'a-token'],
      [{ scope: { 'folder,reports/,year': '2026' } }, 'a-token'],
      [{ mfa }, 'a-token'],
      [{ mfa: { ...mfa, serialNumber: 'arn:aws:iam::111122223333:mfa/b' } }, 'a-token'],
      [{ route: 'iam-user' }, 'a-token'],
      [{ mfa: { ...mfa, code: '123456' } }, 'a-token'],
      [{ mfa: { ...mfa, code: '654321' } }, 'a-token'],
    ].map(([inputs, token]) => cacheKey({ ...INPUTS, ...(inputs as object) }, token as string));
    expect(new Set(keys).size).toBe(keys.length);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is the same for the same, whatever the order of scope parameters', () => {
    const { folder, year } = scope;
    const same = { scope: { year, folder }, profile: 'app' };
    expect(cacheKey({ ...INPUTS, scope, profile: 'app' }, 't')).toBe(cacheKey({ ...INPUTS, ...same }, 't'));
    expect(cacheKey({ ...INPUTS, scope: {} }, 't')).toBe(cacheKey(INPUTS, 't'));
  });
});

describe('a cache directory', () => {
  test.each([
    ['linux', {}, '/home/a/.cache/latchkey'],
    ['linux', { XDG_CACHE_HOME: '/var/cache/a' }, '/var/cache/a/latchkey'],
    ['linux', { XDG_CACHE_HOME: 'relative' }, '/home/a/.cache/latchkey'],
    ['linux', { XDG_CACHE_HOME: '' }, '/home/a/.cache/latchkey'],
    ['darwin', { XDG_CACHE_HOME: '/var/cache/a' }, '/home/a/Library/Caches/latchkey'],
    ['win32', { LOCALAPPDATA: '/local' }, '/local/latchkey'],
    ['win32', {}, '/home/a/AppData/Local/latchkey'],
  ])('of %s with %j is %s', (platform, environment, expected) => {
    expect(defaultCacheDirectory({ platform, environment, home: '/home/a' })).toBe(expected);
  });
});

describe('the option cache', () => {
  test.each([
    [undefined, undefined],
    [false, undefined],
    [{ directory: '/cache/a' }, '/cache/a'],
    [{ directory: 'cache' }, join(process.cwd(), 'cache')],
  ])('of %j leads to %s', (cache, expected) => {
    expect(cacheDirectoryOf(cache)).toBe(expected);
  });

  test.each([{}, { directory: '' }, { directory: undefined }, '/cache'])('of %j is refused', (cache) => {
    expect(() => cacheDirectoryOf(cache as never)).toThrow('got no directory for the cache');
  });

  it('of true leads to the user’s own caches', () => {
    vi.stubEnv('XDG_CACHE_HOME', undefined);
    const { platform, env: environment } = process;
    const expected = defaultCacheDirectory({ platform, environment, home: homedir() });
    expect(cacheDirectoryOf(true)).toBe(expected);
    vi.unstubAllEnvs();
  });
});

describe('a file cache', () => {
  it('gives what was written, to its owner alone', async () => {
    expect(await cache.read(KEY)).toBeUndefined();
    await cache.write(KEY, ENTRY);
    expect(await cache.read(KEY)).toEqual(ENTRY);
    expect([await modeOf(directory), await modeOf(path())]).toEqual(['700', '600']);
    expect(await readdir(directory)).toEqual([`${KEY}.json`]);
    expect(await readFile(path(), 'utf8')).toBe(entryText());
  });

  it('holds neither the token nor anything else that was not vended', async () => {
    await cache.write(KEY, { ...ENTRY, credentials: { ...ENTRY.credentials, token: 'a-token' } as never });
    expect(await readFile(path(), 'utf8')).not.toContain('a-token');
  });

  test.each<[string, string]>([
    ['nothing', ''],
    ['half of it', '{"key":'],
    ['a list', '[]'],
    ['a blank secret', entryText().replace('a-secret-access-key', '')],
    ['no session token', entryText().replace('sessionToken', 'sessionTokem')],
    ['an ARN that is no session', entryText().replace('assumed-role/', 'role/')],
    ['no end', entryText().replace('expiresAt', 'endsAt')],
    ['an end that is text', entryText().replace(/"expiresAt":(\d+)/, '"expiresAt":"$1"')],
    ['what a later clock wrote', entryText().replace(String(NOW - 1000), String(NOW + 1000))],
    ['too much', entryText().padEnd(70_000)],
  ])('finds nothing in a file of %s', async (_, text) => {
    await cache.write(KEY, ENTRY);
    expect(text).not.toBe(entryText());
    await writeFile(path(), text);
    expect(await cache.read(KEY)).toBeUndefined();
    await cache.write(KEY, ENTRY);
    expect(await cache.read(KEY)).toEqual(ENTRY);
  });

  it("finds nothing in another key's file under this one's name", async () => {
    await cache.write(KEY, ENTRY);
    const other = cacheKey(INPUTS, 'another-token');
    await rename(path(), join(directory, `${other}.json`));
    expect(await cache.read(other)).toBeUndefined();
  });

  test.each([0o640, 0o604, 0o620, 0o602, 0o660, 0o644])(
    'refuses a file of mode %o, and leaves it so',
    async (mode) => {
      await cache.write(KEY, ENTRY);
      await chmod(path(), mode);
      await expect(cache.read(KEY)).rejects.toMatchObject({
        code: 'cache_refused',
        message: expect.stringContaining(`expected 600; run: chmod 600 ${path()}`),
      });
      expect(await modeOf(path())).toBe(mode.toString(8));
    },
  );

  test.each([0o770, 0o702, 0o777])(
    'refuses a directory of mode %o, to read, write and lock',
    async (mode) => {
      await mkdir(directory, { recursive: true });
      await chmod(directory, mode);
      const refusal = { code: 'cache_refused', message: expect.stringContaining(`chmod 700 ${directory}`) };
      await expect(cache.read(KEY)).rejects.toMatchObject(refusal);
      await expect(cache.write(KEY, ENTRY)).rejects.toMatchObject(refusal);
      await expect(cache.tryLock(KEY, 1000)).rejects.toMatchObject(refusal);
      expect(await readdir(directory)).toEqual([]);
    },
  );

  it('takes a directory that others may read: names are digests', async () => {
    await mkdir(directory, { recursive: true, mode: 0o755 });
    await cache.write(KEY, ENTRY);
    expect(await cache.read(KEY)).toEqual(ENTRY);
  });

  it('refuses symbolic links, as a file and as the directory', async () => {
    await cache.write(KEY, ENTRY);
    await rename(path(), join(parent, 'elsewhere'));
    await symlink(join(parent, 'elsewhere'), path());
    await expect(cache.read(KEY)).rejects.toThrow('got a symbolic link for the cache file');
    await symlink(directory, join(parent, 'link'));
    const linked = createFileCache(join(parent, 'link'), () => NOW);
    await expect(linked.read(KEY)).rejects.toThrow('got a symbolic link as the cache directory');
  });

  it('refuses what is no file', async () => {
    await mkdir(path(), { recursive: true, mode: 0o700 });
    await expect(cache.read(KEY)).rejects.toMatchObject({ code: 'cache_refused' });
  });

  it('refuses a directory that cannot be made', async () => {
    await writeFile(join(parent, 'file'), '');
    const impossible = createFileCache(join(parent, 'file', 'cache'), () => NOW);
    await expect(impossible.read(KEY)).rejects.toMatchObject({
      code: 'cache_refused',
      message: expect.stringContaining('got ENOTDIR from making the cache directory'),
    });
  });

  it.runIf(process.getuid?.() === 0)('refuses a file and a directory of another user', async () => {
    await cache.write(KEY, ENTRY);
    await chown(path(), 65534, 65534);
    await expect(cache.read(KEY)).rejects.toThrow(`of user 65534, expected your own`);
    await chown(path(), 0, 0);
    await chown(directory, 65534, 65534);
    await expect(cache.read(KEY)).rejects.toThrow(`of user 65534, expected your own`);
  });

  it('removes what is older than any session, of its own files alone', async () => {
    await mkdir(directory, { recursive: true });
    const files = {
      old: `${cacheKey(INPUTS, 'old')}.json`,
      left: `${KEY}.json.${randomUUID()}`,
      archive: `${KEY}.tar.gz`,
      young: `${cacheKey(INPUTS, 'young')}.json`,
      foreign: 'notes.txt',
    };
    for (const name of Object.values(files)) await writeFile(join(directory, name), '');
    for (const name of [files.old, files.left, files.archive, files.foreign])
      await utimes(join(directory, name), new Date(NOW - 37 * 3_600_000), new Date(NOW - 37 * 3_600_000));
    await utimes(
      join(directory, files.young),
      new Date(NOW - 35 * 3_600_000),
      new Date(NOW - 35 * 3_600_000),
    );
    await cache.write(KEY, ENTRY);
    expect((await readdir(directory)).sort()).toEqual(
      [`${KEY}.json`, files.young, files.archive, files.foreign].sort(),
    );
  });
});

/** What a file of the entry holds. */
function entryText(): string {
  // What the ARN says is not said twice.
  const { expiration, accountId: _, assumedRoleArn: __, ...words } = ENTRY.credentials;
  const { obtainedAt } = ENTRY;
  return JSON.stringify({ key: KEY, obtainedAt, expiresAt: expiration.getTime(), credentials: words });
}
