import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);

it('the demo ends well, and shows every refusal', async () => {
  const { stdout } = await run(process.execPath, ['local/demo.ts']);
  expect(stdout).not.toContain('WRONG');
  expect(stdout.match(/: denied$/gm)).toHaveLength(12);
  expect(stdout.match(/: allowed$/gm)).toHaveLength(9);
  expect(stdout).toContain('every outcome as it must be');
});
