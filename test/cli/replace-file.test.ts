import { chmod, lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { readTextFile, replaceFile } from '../../cli/aws-config/replace-file.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-replace-'));
  file = join(folder, 'config');
});
afterEach(() => rm(folder, { recursive: true }));

const fine = async () => {};
const modeOf = async (path: string) => ((await stat(path)).mode & 0o7777).toString(8);

describe('a file that is replaced', () => {
  test.each([0o600, 0o640, 0o664, 0o400])('keeps its permissions: %o', async (mode) => {
    await writeFile(file, 'old');
    await chmod(file, mode);
    await replaceFile(await readTextFile(file), 'new', fine);
    expect([await readFile(file, 'utf8'), await modeOf(file)]).toEqual(['new', mode.toString(8)]);
    expect(await readdir(folder)).toEqual(['config']);
  });

  it('stays where links lead to it', async () => {
    await writeFile(join(folder, 'real'), 'old');
    await symlink('real', file);
    await replaceFile(await readTextFile(file), 'new', fine);
    expect([await readFile(join(folder, 'real'), 'utf8'), (await lstat(file)).isSymbolicLink()]).toEqual([
      'new',
      true,
    ]);
  });

  it('is made with its folder for its owner alone', async () => {
    const made = join(folder, '.aws', 'config');
    await replaceFile(await readTextFile(made), 'new', fine);
    expect([await modeOf(join(folder, '.aws')), await modeOf(made)]).toEqual(['700', '600']);
  });

  it('keeps a byte order mark', async () => {
    await writeFile(file, '\ufeffa');
    const read = await readTextFile(file);
    await replaceFile(read, `${read.text}b`, fine);
    expect(await readFile(file, 'utf8')).toBe('\ufeffab');
  });
});

describe('stays as it was', () => {
  it('when the new content does not pass', async () => {
    await writeFile(file, 'old');
    const check = async (newFile: string) => {
      expect(await readFile(newFile, 'utf8')).toBe('new');
      throw new Error('not so');
    };
    await expect(replaceFile(await readTextFile(file), 'new', check)).rejects.toThrow(
      'not so: nothing was changed',
    );
    expect([await readdir(folder), await readFile(file, 'utf8')]).toEqual([['config'], 'old']);
  });

  test.each([
    ['written', 'old'],
    ['made', undefined],
  ])('when somebody else has %s it', async (_what, text) => {
    if (text !== undefined) await writeFile(file, text);
    const read = await readTextFile(file);
    await writeFile(file, 'theirs');
    await expect(replaceFile(read, 'new', fine)).rejects.toThrow('changed meanwhile');
    expect([await readdir(folder), await readFile(file, 'utf8')]).toEqual([['config'], 'theirs']);
  });
});

describe('is not taken for a text file', () => {
  it.each([
    ['a folder', async () => {}, 'EISDIR'],
    ['bytes that are no text', () => writeFile(join(folder, 'x'), Buffer.from([0xff])), 'not valid'],
    ['a link to nothing', () => symlink('nothing', join(folder, 'x')), 'leads nowhere'],
    ['a file below a file', () => writeFile(join(folder, 'x'), ''), 'ENOTDIR'],
  ])('%s', async (what, make, message) => {
    await make();
    const path =
      { 'a folder': folder, 'a file below a file': join(folder, 'x', 'y') }[what] ?? join(folder, 'x');
    await expect(readTextFile(path)).rejects.toThrow(message);
  });
});
