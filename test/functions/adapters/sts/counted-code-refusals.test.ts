import { describe, expect, it, vi } from 'vitest';
import { countCodeRefusals } from '../../../../functions/adapters/sts/counted-code-refusals.ts';
import { startDeadline } from '../../../../functions/core/deadline.ts';
import { type ErrorCode, VendingError } from '../../../../functions/core/errors.ts';
import type { Grant } from '../../../../functions/core/grant/grant.ts';
import type { CodeTries } from '../../../../functions/core/limits/code-tries.ts';
import { secret } from '../../../../functions/core/secret.ts';

const GRANT = {
  userArn: 'arn:aws:iam::111122223333:user/acme',
  roleSessionName: 'acme.a',
  mfa: { serialNumber: 'arn:x', tokenCode: secret('123456') },
} as Grant;
const REFUSED = 'mfa_refused';
const refused = (count: number): readonly string[] => Array(count).fill(REFUSED);

/** A table in memory, and two instances before it whose codes are all answered alike; undefined: they are good. */
function start() {
  let now = Date.UTC(2026, 10, 22);
  let asked = 0;
  let answer: ErrorCode | undefined = REFUSED;
  const taken = new Map<string, number>();
  const add = (key: string, more: number) => taken.set(key, (taken.get(key) ?? 0) + more);
  const tries: CodeTries = {
    async take(key, window) {
      const item = `${key}#${window.endsAt}`;
      if ((taken.get(item) ?? 0) >= window.tries) return undefined;
      add(item, 1);
      return { giveBack: async () => void add(item, -1) };
    },
  };
  const assumer = {
    assume: async () => {
      asked += 1;
      await new Promise(setImmediate);
      if (answer !== undefined) throw new VendingError(answer);
      return { accessKeyId: 'ASIAX' } as never;
    },
  };
  const instances = [0, 1].map(() => countCodeRefusals(assumer, tries, () => new Date(now)));
  const tryOnce = async (changes: Partial<Grant> = {}) => {
    instances.reverse();
    return instances[0]?.assume({ ...GRANT, ...changes }, secret(''), startDeadline(1000));
  };
  const assume = (changes?: Partial<Grant>) =>
    tryOnce(changes).then(
      () => 'vended',
      ({ code }) => code,
    );
  return {
    tryOnce,
    assume,
    times: async (count: number, changes?: Partial<Grant>) => {
      const codes = [];
      for (let index = 0; index < count; index += 1) codes.push(await assume(changes));
      return codes;
    },
    answerWith: (code: ErrorCode | undefined) => {
      answer = code;
    },
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
    asked: () => asked,
    keys: () => [...taken.keys()],
  };
}

describe('wrong codes of an IAM user', () => {
  it('are tried ten times in a quarter of an hour, in all instances together', async () => {
    const { times, tryOnce, pass, asked } = start();
    pass(1);
    expect(await times(12)).toEqual([...refused(10), 'subject_throttled', 'subject_throttled']);
    expect(asked()).toBe(10);
    await expect(tryOnce()).rejects.toMatchObject({ retryAfterSeconds: 899 });
    pass(898);
    expect(await times(1)).toEqual(['subject_throttled']);
    pass(1);
    expect(await times(11)).toEqual([...refused(10), 'subject_throttled']);
  });

  it('are not more for who takes another subject, device or role', async () => {
    const { assume } = start();
    const codes = [];
    for (let index = 0; index < 11; index += 1)
      codes.push(
        await assume({
          roleSessionName: `acme.${index}`,
          roleArn: `arn:${index}`,
          mfa: { serialNumber: `arn:${index}`, tokenCode: secret('123456') },
        }),
      );
    expect(codes).toEqual([...refused(10), 'subject_throttled']);
  });

  it('are not more at once', async () => {
    const { assume, asked } = start();
    await Promise.all(Array.from({ length: 30 }, () => assume()));
    expect(asked()).toBe(10);
  });

  it('hold back good ones as well, and are not forgotten for one', async () => {
    const { times, answerWith } = start();
    await times(9);
    answerWith(undefined);
    expect(await times(20)).toEqual(Array(20).fill('vended'));
    answerWith(REFUSED);
    expect(await times(1)).toEqual([REFUSED]);
    answerWith(undefined);
    expect(await times(1)).toEqual(['subject_throttled']);
  });

  it('hold back no other user, and nobody without a code', async () => {
    const { times } = start();
    await times(11);
    expect(await times(1, { userArn: 'arn:aws:iam::111122223333:user/globex' })).toEqual([REFUSED]);
    expect(await times(1, { mfa: undefined })).toEqual([REFUSED]);
  });

  it('are counted by a digest', async () => {
    const { assume, keys } = start();
    await assume();
    expect(keys()).toEqual([expect.stringMatching(/^[\w-]{43}#\d{10}$/)]);
  });
});

it.each(['sts_unavailable', 'role_not_assumable', 'user_keys_unavailable'] as const)(
  '%s says nothing of a code',
  async (code) => {
    const { times, answerWith } = start();
    answerWith(code);
    expect(await times(12)).toEqual(Array(12).fill(code));
  },
);

it('without a code, nobody is counted', async () => {
  const { times, keys } = start();
  expect(await times(12, { mfa: undefined })).toEqual(refused(12));
  expect(keys()).toEqual([]);
});

it('nobody is asked while tries cannot be counted', async () => {
  const assume = vi.fn();
  const tries = { take: () => Promise.reject(new VendingError('replay_check_unavailable')) };
  const counted = countCodeRefusals({ assume }, tries, () => new Date());
  await expect(counted.assume(GRANT, secret(''), startDeadline(1000))).rejects.toMatchObject({
    code: 'replay_check_unavailable',
  });
  expect(assume).not.toHaveBeenCalled();
});
