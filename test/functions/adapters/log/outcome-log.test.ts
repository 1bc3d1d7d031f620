import { expect, test } from 'vitest';
import { createOutcomeLog } from '../../../../functions/adapters/log/outcome-log.ts';
import { ConfigurationError, VendingError } from '../../../../functions/core/errors.ts';

type Line = readonly [level: string, name: string, line: Record<string, Record<string, unknown>>];

function start() {
  const lines: Line[] = [];
  const write =
    (level: string) =>
    (...line: unknown[]) =>
      void lines.push([level, ...line] as unknown as Line);
  const log = createOutcomeLog('work', { info: write('info'), warn: write('warn') } as never);
  return { log, lines };
}

test('writes one line of work that was done, with what came of it', async () => {
  const { log, lines } = start();
  expect(
    await log.record(
      { tenantId: 'acme' },
      async () => 3,
      (count) => ({ count }),
    ),
  ).toBe(3);
  const line = { tenantId: 'acme', code: 'done', milliseconds: expect.any(Number), count: 3 };
  expect(lines).toEqual([['info', 'work', { work: line }]]);
});

test.each<[string, unknown, object]>([
  ['a refusal', new VendingError('tenant_not_found'), { code: 'tenant_not_found' }],
  [
    'a failure with a cause',
    new VendingError('record_invalid', { cause: new ConfigurationError('profile own: wide') }),
    { code: 'record_invalid', cause: { name: 'ConfigurationError', message: 'profile own: wide' } },
  ],
  ['a fault of ours', new RangeError('a secret'), { code: 'internal_error', cause: { name: 'RangeError' } }],
])('writes one line of %s, and throws it on', async (_what, error, expected) => {
  const { log, lines } = start();
  await expect(log.record({}, () => Promise.reject(error))).rejects.toBe(error);
  expect(lines).toEqual([['warn', 'work', { work: expect.objectContaining({}) }]]);
  expect(lines[0]?.[2]).toMatchObject({ work: expected });
  expect(JSON.stringify(lines)).not.toContain('a secret');
});
