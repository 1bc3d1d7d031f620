import { inspect } from 'node:util';
import { describe, expect, it, test } from 'vitest';
import { describeCause } from '../../../../functions/adapters/log/describe-cause.ts';
import { isSameKey, parseLongTermKeys } from '../../../../functions/adapters/secrets/long-term-keys.ts';

const ID = 'AKIAIOSFODNN7EXAMPLE';
const KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const text = (changes: object = {}) => JSON.stringify({ accessKeyId: ID, secretAccessKey: KEY, ...changes });

describe('the secret of an IAM user', () => {
  it('holds an access key', () => {
    const keys = parseLongTermKeys(text());
    expect([keys.accessKeyId, keys.secretAccessKey.reveal()]).toEqual([ID, KEY]);
    expect(inspect(keys)).not.toContain(KEY);
  });

  test.each<[string, string]>([
    ['nothing', ''],
    ['text', KEY],
    ['a list', `[${text()}]`],
    ['no access key id', text({ accessKeyId: undefined })],
    ['an id that is a number', text({ accessKeyId: 1 })],
    ['the id of temporary credentials', text({ accessKeyId: ID.replace('AKIA', 'ASIA') })],
    ['the id of a user', text({ accessKeyId: ID.replace('AKIA', 'AIDA') })],
    ['an id with a line break', text({ accessKeyId: `${ID}\n` })],
    ['no secret', text({ secretAccessKey: undefined })],
    ['an empty secret', text({ secretAccessKey: '' })],
    ['a secret with a line break', text({ secretAccessKey: `${KEY}\n` })],
    ['a session token besides', text({ sessionToken: 'x' })],
    ['a member twice', `{"accessKeyId":"${ID}","secretAccessKey":"x","secretAccessKey":"${KEY}"}`],
  ])('is refused with %s, and not repeated', (_what, wrong) => {
    let failure: Error & { code?: string } = new Error('got keys, expected a refusal');
    try {
      parseLongTermKeys(wrong);
    } catch (error) {
      failure = error as Error;
    }
    expect(failure.code).toBe('user_keys_unavailable');
    expect(JSON.stringify([failure.message, describeCause(failure.cause)])).not.toMatch(/wJalr|IOSFODNN/);
  });
});

test.each([
  [{}, true],
  [{ accessKeyId: 'AKIAIOSFODNN7EXAMPLF' }, false],
  [{ secretAccessKey: `${KEY}0` }, false],
])('the same but for %j: %s', (changes, same) => {
  expect(isSameKey(parseLongTermKeys(text()), parseLongTermKeys(text(changes)))).toBe(same);
});
