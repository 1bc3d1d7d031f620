import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { inspect } from 'node:util';
import { describe, expect, it, test } from 'vitest';
import { fromLatchkey } from '../../client/src/index.ts';
import { readMfaCode } from '../../client/src/mfa-code.ts';
import type { MfaCodeSource } from '../../client/src/options.ts';

/** A program that runs this script. */
function program(script: string, { args = [] as string[], timeoutSeconds = 10 } = {}): MfaCodeSource {
  return { command: [process.execPath, '-e', script, ...args], timeoutSeconds };
}

describe('an MFA code', () => {
  test.each<[string, MfaCodeSource]>([
    ['as it is', '012345'],
    ['from a function', async () => '012345'],
    ['from a program', program('console.log("  012345")')],
    [
      'from a program without a shell',
      program('console.log(process.argv[1] === "$(id);*" ? "012345" : "")', { args: ['$(id);*'] }),
    ],
    [
      'from a program that waits for no stdin',
      program('process.stdin.on("end", () => console.log("012345")).resume()'),
    ],
  ])('is read %s', async (_, source) => {
    expect(await readMfaCode(source)).toBe('012345');
  });

  test.each<[string, MfaCodeSource, string]>([
    ['of 5 digits', '12345', 'got no code from the given MFA code, expected 6 digits'],
    ['with white space', ' 123456', '6 digits'],
    ['of other digits', '١٢٣٤٥٦', '6 digits'],
    ['that is no text', async () => 123456 as never, 'the MFA code function'],
    ['after which a program fails', program('console.log("123456"); process.exit(3)'), 'got exit status 3'],
    [
      'of a program that is killed',
      program('process.kill(process.pid, "SIGTERM")'),
      'got exit status SIGTERM',
    ],
    [
      'with more around it',
      program('console.log("your code: 123456")'),
      `the MFA program ${process.execPath}`,
    ],
    [
      'of a program that does not end',
      program('setInterval(() => console.log("x".repeat(99)))'),
      'more than a code',
    ],
    [
      'of a program that is not there',
      { command: ['/nowhere/ykman'] },
      'got ENOENT from starting the MFA program /nowhere/ykman',
    ],
    ['of a program that cannot be', { command: ['ykman', 'secret\0'] }, 'without NUL'],
  ])('%s is refused', async (_, source, message) => {
    await expect(readMfaCode(source)).rejects.toMatchObject({
      code: 'mfa_unreadable',
      message: expect.stringContaining(message),
    });
  });

  it('is waited for so long and no longer, whoever else holds the pipe; nor does that keep a process from ending', async () => {
    const grandchild = 'setTimeout(() => {}, 5000)';
    const script = `child_process.spawn(process.execPath, ['-e', '${grandchild}'], { stdio: 'inherit' })`;
    const source = program(script, { timeoutSeconds: 0.5 });
    const begin = Date.now();
    await expect(readMfaCode(source)).rejects.toThrow('got nothing within 0.5 s');
    const module = new URL('../../client/src/mfa-code.ts', import.meta.url).href;
    const asker = `import { readMfaCode } from '${module}'; await readMfaCode(${JSON.stringify(source)}).catch(() => {})`;
    const asking = spawn(process.execPath, ['--input-type=module', '-e', asker], { stdio: 'ignore' });
    expect(await once(asking, 'exit')).toEqual([0, null]);
    expect(Date.now() - begin).toBeLessThan(4500);
  });

  it.each([
    undefined,
    null,
    123456,
    {},
    { command: [] },
    { command: 'ykman' },
    { command: ['ykman', 1] },
    { command: ['ykman'], timeoutSeconds: 0 },
    { command: ['ykman'], timeoutSeconds: Number.NaN },
    { command: ['ykman'], timeoutSeconds: 3601 },
  ])('does not come from %j', (code) => {
    const mfa = { serialNumber: 'arn:x', code: code as never };
    const open = () => fromLatchkey({ endpoint: 'https://latchkey.example', token: 'a.b.c', mfa });
    expect(open).toThrow('got no mfa.code');
  });

  it('that fails names the program alone: neither its arguments nor what it printed', async () => {
    const script = 'console.error("the seed is JBSWY3DP"); console.log("JBSWY3DP"); process.exit(1)';
    for (const source of [
      program(script, { args: ['JBSWY3DP'] }),
      { command: ['/nowhere/ykman', 'JBSWY3DP'] } as const,
      { command: ['ykman', 'JBSWY3DP\0'] } as const,
    ]) {
      const error = await readMfaCode(source).catch((thrown: unknown) => thrown);
      expect(inspect(error, { depth: 9 })).toContain('mfa_unreadable');
      expect(inspect(error, { depth: 9 })).not.toContain('JBSWY3DP');
    }
  });
});
