import { describe, expect, it } from 'vitest';
import { fromLatchkey } from '../../client/src/from-latchkey.ts';
import type { LatchkeyOptions } from '../../client/src/options.ts';
import { parseOptions } from '../../client/src/parse-options.ts';
import { LatchkeySession } from '../../client/src/session.ts';

const OPTIONS = { endpoint: 'https://latchkey.example/prod', token: 'a.b.c' };
const parse = (changes: object) => parseOptions({ ...OPTIONS, ...changes } as LatchkeyOptions);
const refusal = (message: RegExp) =>
  expect.objectContaining({ code: 'options_invalid', message: expect.stringMatching(message) });

describe('endpoint', () => {
  it.each([
    ['https://latchkey.example/prod', 'https://latchkey.example/prod/'],
    ['https://latchkey.example/prod/', 'https://latchkey.example/prod/'],
    ['https://latchkey.example', 'https://latchkey.example/'],
    [new URL('https://latchkey.example/a/b'), 'https://latchkey.example/a/b/'],
    ['http://127.0.0.1:8787', 'http://127.0.0.1:8787/'],
    ['http://localhost:8787/x', 'http://localhost:8787/x/'],
    ['http://[::1]:8787', 'http://[::1]:8787/'],
  ])('%s', (endpoint, expected) => {
    expect(parse({ endpoint }).endpoint.href).toBe(expected);
  });

  it.each([
    'http://latchkey.example',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'http://10.0.0.1',
    'http://169.254.170.2',
    'ftp://latchkey.example',
    'file:///etc/passwd',
    'latchkey.example',
    '/credentials',
    '',
    undefined,
    'https://me:hunter2@latchkey.example',
    'https://latchkey.example/?token=hunter2',
    'https://latchkey.example/#hunter2',
    'hunter2',
  ])('not %s, which is not repeated whole', (endpoint) => {
    const refused = () => parse({ endpoint });
    expect(refused).toThrow(refusal(/expected the stack's output ApiUrl/));
    expect(refused).not.toThrow(/hunter2/);
  });
});

it('has defaults', () => {
  expect(parse({})).toMatchObject({
    advisoryRefreshSeconds: 900,
    mandatoryRefreshSeconds: 300,
    timeoutMilliseconds: 10_000,
  });
  expect(parse({ advisoryRefreshSeconds: 60 })).toMatchObject({ mandatoryRefreshSeconds: 60 });
});

it.each([
  [{ token: undefined }, /got no token/],
  [{ token: '' }, /got no token/],
  [{ token: null }, /got no token/],
  [{ token: {} }, /got no token/],
  [{ profile: '' }, /empty profile/],
  [{ durationSeconds: 0 }, /durationSeconds 0/],
  [{ durationSeconds: 900.5 }, /durationSeconds 900.5/],
  [{ durationSeconds: Number.NaN }, /durationSeconds NaN/],
  [{ timeoutMilliseconds: 0 }, /timeoutMilliseconds 0/],
  [{ timeoutMilliseconds: Number.POSITIVE_INFINITY }, /timeoutMilliseconds Infinity/],
  [{ advisoryRefreshSeconds: -1 }, /windows/],
  [{ advisoryRefreshSeconds: Number.NaN }, /windows/],
  [{ advisoryRefreshSeconds: Number.POSITIVE_INFINITY }, /windows/],
  [{ mandatoryRefreshSeconds: -1 }, /windows/],
  [{ mandatoryRefreshSeconds: 901 }, /at most advisoryRefreshSeconds 900/],
  [{ token: { file: '' } }, /got no token/],
  [{ token: 1 }, /got no token/],
  [{ profile: 1 }, /no text as profile/],
  [{ scope: 'hunter2' }, /got no scope/],
  [{ scope: ['hunter2'] }, /got no scope/],
  [{ scope: { folder: 1 } }, /got no scope/],
  [{ mfa: 'hunter2' }, /got no mfa.code/],
  [{ mfa: null }, /got no mfa.code/],
  [{ mfa: { code: '123456', serialNumber: 1 } }, /mfa.serialNumber/],
  [{ mfa: { code: '123456' } }, /mfa.serialNumber/],
  [{ mfa: { code: '123456', serialNumber: '' } }, /mfa.serialNumber/],
  [{ route: 'hunter2' }, /got another route, expected iam-user/],
  [{ durationSeconds: 'hunter2' }, /durationSeconds of type string/],
  [{ timeoutMilliseconds: 'hunter2' }, /timeoutMilliseconds of type string/],
  [{ advisoryRefreshSeconds: 'hunter2' }, /windows/],
  [{ cache: 'hunter2' }, /got no cache/],
  [{ cache: { directory: '' } }, /got no cache/],
  [{ onEvent: 'hunter2' }, /onEvent that is no function/],
  [{ durationSecond: 900 }, /got the option durationSecond, expected only endpoint, token, /],
])('refuses %o, when it is given', (changes, message) => {
  expect(() => parse(changes)).toThrow(refusal(message));
  expect(() => parse(changes)).not.toThrow(/hunter2/);
  expect(() => fromLatchkey({ ...OPTIONS, ...changes } as LatchkeyOptions)).toThrow(refusal(message));
  expect(() => new LatchkeySession({ ...OPTIONS, ...changes } as LatchkeyOptions)).toThrow(refusal(message));
});

it.each([undefined, null, 'a.b.c'])('refuses %o instead of options', (options) => {
  expect(() => parseOptions(options as never)).toThrow(refusal(/got no options/));
});

it.each([
  { profile: 'app', durationSeconds: 900, scope: { folder: 'a/' }, cache: true, onEvent: () => {} },
  { token: { file: 'a' }, mfa: { serialNumber: 'arn:x', code: '123456' }, cache: { directory: 'a' } },
  {
    token: async () => 'a.b.c',
    mfa: { serialNumber: 'x', code: { command: ['a'] } },
    profile: undefined,
    cache: false,
  },
  { route: 'iam-user' as const, durationSeconds: 129_600 },
])('takes %o', (changes) => {
  expect(parse(changes)).toMatchObject(changes);
});
