import { expect, it } from 'vitest';
import { startDeadline, within } from '../../../functions/core/deadline.ts';

it('leaves what is done in time as it is', async () => {
  const deadline = startDeadline(1000);
  expect(await within(deadline, Promise.resolve('done'))).toBe('done');
  await expect(within(deadline, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
});

it('answers for what is not', async () => {
  const deadline = startDeadline(20);
  const never = new Promise(() => {});
  await expect(within(deadline, never)).rejects.toMatchObject({
    code: 'deadline_exceeded',
    retryAfterSeconds: 1,
  });
  expect(deadline.signal.aborted).toBe(true);
  // A timer may fire a fraction of a millisecond before the clock that spans are measured by has got there.
  expect(deadline.remainingMilliseconds()).toBeLessThan(2);
  await expect(within(deadline, never)).rejects.toMatchObject({ code: 'deadline_exceeded' });
});

it('is nobody’s failure when the work fails after it', async () => {
  const late = Promise.withResolvers<void>();
  await expect(within(startDeadline(5), late.promise)).rejects.toMatchObject({ code: 'deadline_exceeded' });
  // Vitest would report it as unhandled.
  late.reject(new Error('too late'));
  await new Promise((resolve) => setTimeout(resolve, 5));
});
