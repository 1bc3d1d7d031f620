import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);

it('the demo ends well, and shows every method, every refusal and the life of a tenant', async () => {
  const { stdout } = await run(process.execPath, ['local/demo.ts']);
  expect(stdout).not.toContain('WRONG');
  expect(stdout.match(/: denied$/gm)).toHaveLength(22);
  expect(stdout.match(/: allowed$/gm)).toHaveLength(25);
  expect(stdout).toContain('every outcome as it must be');
}, 60_000);
