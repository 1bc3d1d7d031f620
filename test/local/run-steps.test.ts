import { expect, it } from 'vitest';
import type { Step } from '../../local/demo-steps.ts';
import { runSteps } from '../../local/run-steps.ts';

const denied = () => Promise.reject(Object.assign(new Error('no'), { name: 'AccessDenied' }));
const steps = (...runs: [Step['expected'], Step['run']][]): Step[] =>
  runs.map(([expected, run]) => ({ title: 'step', expected, run }));

it('is content when every outcome is as expected', async () => {
  await expect(
    runSteps(steps(['allowed', async () => 1], ['denied', denied]), () => {}),
  ).resolves.toBeUndefined();
});

it.each<[string, Step['expected'], Step['run'], string]>([
  ['open', 'denied', async () => 1, 'WRONG step: allowed'],
  ['closed', 'allowed', denied, 'WRONG step: denied'],
  ['broken', 'denied', () => Promise.reject(new TypeError('x')), 'WRONG step: TypeError: x'],
])('tells what is %s and should not be, and fails', async (_what, expected, run, line) => {
  const lines: string[] = [];
  await expect(runSteps(steps([expected, run]), (told) => void lines.push(told))).rejects.toThrow(
    '1 of 1 outcomes were wrong',
  );
  expect(lines).toEqual([line]);
});
