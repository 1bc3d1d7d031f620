import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { homeFolder } from '../../cli/apps/home.ts';
import { createTokenStore, type Login, loginId, type TokenStore } from '../../cli/apps/token-store.ts';
import { UsageError } from '../../cli/failure.ts';

const LOGIN: Login = {
  apiUrl: 'https://api.example/v1/',
  issuer: 'https://idp.example',
  clientId: 'cli',
  accessToken: 'access-token-secret',
  refreshToken: 'refresh-token-secret',
  expiresAt: 1000,
};
const ID = loginId(LOGIN);

let home: string;
let folder: string;
let store: TokenStore;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'latchkey-'));
  folder = join(home, 'config', 'logins');
  store = createTokenStore({ folder, now: Date.now, sleep: (milliseconds) => setTimeout(milliseconds) });
});
afterEach(() => rmSync(home, { recursive: true }));

const fileOf = () => join(folder, readdirSync(folder)[0] ?? '');
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'taken',
    (error) => (error instanceof UsageError ? error.message : error),
  );

describe('a login', () => {
  it('is kept for this user alone, and removed', async () => {
    const umask = process.umask(0);
    await store.write(LOGIN);
    process.umask(umask);
    expect([modeOf(folder), modeOf(fileOf())]).toEqual(['700', '600']);
    expect(await store.read(ID)).toEqual(LOGIN);
    expect(await store.list()).toEqual([LOGIN]);
    expect([await store.remove(ID), await store.remove(ID), await store.read(ID)]).toEqual([
      true,
      false,
      undefined,
    ]);
  });

  it('is one for an API, and one for each name', async () => {
    const named = { ...LOGIN, name: 'globex', accessToken: 'other' };
    await store.write(LOGIN);
    await store.write(named);
    await store.write({ ...LOGIN, accessToken: 'newer' });
    expect(await store.read(ID)).toMatchObject({ accessToken: 'newer' });
    expect(await store.read(loginId(named))).toEqual(named);
    expect(await store.list()).toHaveLength(2);
  });

  it('is replaced whole: nothing else is left in the folder', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => store.write({ ...LOGIN, expiresAt: index })));
    expect(readdirSync(folder)).toHaveLength(1);
    expect((await store.read(ID))?.accessToken).toBe(LOGIN.accessToken);
  });

  it('in no folder is none', async () => {
    expect([await store.read(ID), await store.list()]).toEqual([undefined, []]);
  });
});

describe('refused, with the cure:', () => {
  test.each([0o640, 0o604, 0o620, 0o666])('a file of mode %o', async (mode) => {
    await store.write(LOGIN);
    chmodSync(fileOf(), mode);
    for (const work of [store.read(ID), store.list()])
      expect(await refusal(work)).toMatch(/which lets others in, expected 600; run: chmod 600 \S+\.json$/);
  });

  // Only root may give files away.
  it.runIf(process.getuid?.() === 0)("another user's file, and another user's folder", async () => {
    await store.write(LOGIN);
    chownSync(fileOf(), 12_345, 0);
    expect(await refusal(store.read(ID))).toContain("as user 12345's");
    chownSync(folder, 12_345, 0);
    expect(await refusal(store.write(LOGIN))).toContain("as user 12345's");
  });

  it('a file that is a link', async () => {
    await store.write(LOGIN);
    const path = fileOf();
    writeFileSync(join(home, 'elsewhere'), JSON.stringify(LOGIN), { mode: 0o600 });
    rmSync(path);
    symlinkSync(join(home, 'elsewhere'), path);
    expect(await refusal(store.read(ID))).toContain('symbolic link');
  });

  test.each([0o770, 0o777])('a folder of mode %o, where others could put files', async (mode) => {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, mode);
    expect(await refusal(store.write(LOGIN))).toContain(`run: chmod 700 ${folder}`);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each(['', '{', '{"accessToken":"access-token-secret"}', JSON.stringify({ ...LOGIN, more: 1 })])(
    'a file that holds %j, without repeating it',
    async (content) => {
      await store.write(LOGIN);
      writeFileSync(fileOf(), content);
      const said = await refusal(store.read(ID));
      expect(said).toContain('run latchkey login');
      expect(said).not.toContain('secret');
    },
  );
});

describe('work on a login', () => {
  it('is done by one at a time', async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await setTimeout(10);
      inside -= 1;
    };
    await Promise.all([1, 2, 3].map(() => store.locked(ID, work)));
    expect(most).toBe(1);
  });

  it('is not blocked by work that failed', async () => {
    await expect(store.locked(ID, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await store.locked(ID, async () => 'done')).toBe('done');
  });
});

test.each([
  [{ LATCHKEY_HOME: '/l', XDG_CONFIG_HOME: '/x', HOME: '/h' }, '/l'],
  [{ XDG_CONFIG_HOME: '/x', HOME: '/h' }, '/x/latchkey'],
  [{ XDG_CONFIG_HOME: 'relative', HOME: '/h' }, '/h/.config/latchkey'],
  [{ HOME: '/h' }, '/h/.config/latchkey'],
])('with %j, files are in %s', (env, expected) => {
  expect(homeFolder(env)).toBe(expected);
});
