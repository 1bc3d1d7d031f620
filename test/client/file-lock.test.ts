import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { tryFileLock } from '../../client/src/file-lock.ts';

let now = Date.now();
let deadPid: number;
let directory: string;
let path: string;

beforeAll(async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  deadPid = child.pid ?? 0;
});
beforeEach(async () => {
  now = Date.now();
  directory = await mkdtemp(join(tmpdir(), 'latchkey-lock-'));
  path = join(directory, 'lock');
});
afterEach(() => rm(directory, { recursive: true }));

const take = () => tryFileLock({ path, holdMilliseconds: 10_000, now: () => now });
const held = (changes: object) =>
  writeFile(
    path,
    JSON.stringify({ id: 'other', pid: process.pid, host: hostname(), until: now + 5000, ...changes }),
  );

describe('a lock among processes', () => {
  it('is one at a time, and free again when it is given back', async () => {
    const taken = await Promise.all(Array.from({ length: 10 }, take));
    const releases = taken.filter((release) => release !== undefined);
    expect(releases.length).toBe(1);
    await releases[0]?.();
    expect(await readdir(directory)).toEqual([]);
    expect(await take()).toBeDefined();
  });

  test.each<[string, boolean, () => Promise<unknown>]>([
    ['a process that lives', false, () => held({})],
    ['a process that has died', true, () => held({ pid: deadPid })],
    [
      'a process of another machine, whose id says nothing',
      false,
      () => held({ pid: deadPid, host: 'elsewhere' }),
    ],
    ['a process that has had its time', true, () => held({ until: now - 1 })],
    ['a process that is writing it', false, () => writeFile(path, '')],
    [
      'nobody knows whom',
      true,
      () => writeFile(path, '{').then(() => utimes(path, now / 1000, now / 1000 - 60)),
    ],
  ])('of %s is taken over: %s', async (_, isTakenOver, hold) => {
    await hold();
    expect(await take()).toBeUndefined();
    const second = await take();
    expect(second !== undefined).toBe(isTakenOver);
  });

  it('of a process that has died goes to one of ten', async () => {
    await held({ pid: deadPid });
    const taken = await Promise.all(Array.from({ length: 10 }, async () => (await take()) ?? (await take())));
    expect(taken.filter((release) => release !== undefined).length).toBe(1);
    expect(await readdir(directory)).toEqual(['lock']);
  });

  it('that has got another holder since it was found stale is left alone', async () => {
    await held({});
    // The second look finds it stale, the third does not.
    const times = [now, now + 6000, now];
    await tryFileLock({ path, holdMilliseconds: 10_000, now: () => times.shift() ?? now });
    expect(times).toEqual([]);
    expect(await readdir(directory)).toEqual(['lock']);
  });

  it('is taken over even when the one that took it over has died in the middle', async () => {
    await held({ pid: deadPid });
    await writeFile(`${path}.takeover`, '');
    expect([await take(), await take()]).toEqual([undefined, undefined]);
    await utimes(`${path}.takeover`, now / 1000, now / 1000 - 60);
    expect([await take(), await take()]).toEqual([undefined, undefined]);
    expect(await take()).toBeDefined();
  });

  it('that is lost is not given back', async () => {
    const release = await take();
    now += 10_001;
    expect(await take()).toBeUndefined();
    expect(await take()).toBeDefined();
    const holder = await readFile(path, 'utf8');
    await release?.();
    expect(await readFile(path, 'utf8')).toBe(holder);
  });
});
