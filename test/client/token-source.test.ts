import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { TokenSource } from '../../client/src/options.ts';
import { readToken } from '../../client/src/token-source.ts';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln-_A';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'latchkey-token-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function file(content: string): Promise<{ readonly file: string }> {
  const path = join(directory, `token-${Math.random()}`);
  await writeFile(path, content);
  return { file: path };
}

describe('a token', () => {
  test.each<[string, () => TokenSource | Promise<TokenSource>]>([
    ['as it is', () => TOKEN],
    ['after the word of its scheme', () => `Bearer ${TOKEN}`],
    ['from a function', () => async () => TOKEN],
    ['from a file', () => file(TOKEN)],
    ['from a file with a line break', () => file(`${TOKEN}\n`)],
    ['from a token file of the AWS SDKs', () => file(`Bearer ${TOKEN}`)],
    ['from a file with white space around it', () => file(`\r\n  bearer  ${TOKEN} \r\n`)],
  ])('is read %s', async (_, source) => {
    expect(await readToken(await source())).toBe(TOKEN);
  });

  it('may have 8192 characters', async () => {
    const longest = 'a'.repeat(8192);
    expect(await readToken(longest)).toBe(longest);
    expect(await readToken(await file(`Bearer ${longest}\r\n`))).toBe(longest);
  });

  it('is read from its file each time, also through a link that now leads elsewhere', async () => {
    const [first, second] = [await file(TOKEN), await file('second')];
    const link = join(directory, 'link');
    await symlink(first.file, link);
    expect(await readToken({ file: link })).toBe(TOKEN);
    await rm(link);
    await symlink(second.file, link);
    expect(await readToken({ file: link })).toBe('second');
  });

  test.each<[string, () => TokenSource | Promise<TokenSource>, string]>([
    ['is empty', () => '', 'got nothing from the given token'],
    ['has a line break', () => `${TOKEN}\n`, 'characters'],
    ['has a line break within', () => `${TOKEN}\r\nx-other: header`, 'characters'],
    ['comes with another scheme', () => `Basic ${TOKEN}`, 'characters'],
    ['is too long', () => 'a'.repeat(8193), 'more than 8192'],
    ['is none', () => async () => undefined as never, 'got undefined from the token function'],
    ['is in an empty file', () => file(' \n'), 'got nothing from the token file'],
    ['is in a file of something else', () => file(`{"token":"${TOKEN}"}`), 'characters'],
    ['is in a file without end', () => ({ file: '/dev/zero' }), 'more than 8192'],
    [
      'is in no file',
      () => ({ file: join('/nowhere', 'token') }),
      'got ENOENT from the token file /nowhere/token',
    ],
    ['is in a folder', () => ({ file: directory }), 'got EISDIR'],
  ])('that %s is refused, and not repeated', async (_, source, message) => {
    const error = await readToken(await source()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'token_unreadable', message: expect.stringContaining(message) });
    expect(inspect(error)).not.toContain(TOKEN);
  });

  it('from a function that fails has its error as the cause', async () => {
    const cause = new Error('the issuer is down');
    const source = () => Promise.reject(cause);
    await expect(readToken(source)).rejects.toMatchObject({ code: 'token_unreadable', cause });
    const thrower = () => {
      throw cause;
    };
    await expect(readToken(thrower)).rejects.toMatchObject({ code: 'token_unreadable', cause });
  });

  it.skipIf(process.getuid?.() === 0)('in a file that this user may not read is refused', async () => {
    const source = await file(TOKEN);
    await chmod(source.file, 0);
    await expect(readToken(source)).rejects.toThrow('got EACCES');
  });
});
