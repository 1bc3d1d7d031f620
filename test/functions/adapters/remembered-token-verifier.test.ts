import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  REMEMBER_TOKEN_SECONDS,
  rememberTokens,
} from '../../../functions/adapters/remembered-token-verifier.ts';
import type { Caller } from '../../../functions/core/caller.ts';
import { VendingError } from '../../../functions/core/errors.ts';
import { sampleCaller } from '../core/sample.ts';

let now: number;
const verify = vi.fn<(token: string) => Promise<Caller>>();
const clock = () => new Date(now);

beforeEach(() => {
  now = 1_800_000_000_000;
  verify.mockReset();
  verify.mockImplementation(async (token) =>
    sampleCaller({ subject: token, validUntil: new Date(now + 90_000) }),
  );
});

describe('a verifier that remembers', () => {
  it('asks once for the same token, and gives nobody another’s caller', async () => {
    const verifier = rememberTokens({ verify }, clock);
    const tokens = ['a.b.c', 'a.b.d', 'a.b.c', 'a.b.d', 'a.b.C'];
    const callers = [];
    for (const token of tokens) callers.push((await verifier.verify(token)).subject);
    expect(callers).toEqual(tokens);
    expect(verify.mock.calls).toEqual([['a.b.c'], ['a.b.d'], ['a.b.C']]);
  });

  it('asks again after the stated time', async () => {
    const verifier = rememberTokens({ verify }, clock);
    await verifier.verify('a.b.c');
    now += REMEMBER_TOKEN_SECONDS * 1000 + 1;
    await verifier.verify('a.b.c');
    expect(verify).toHaveBeenCalledTimes(2);
  });

  it('does not remember a token beyond its own end', async () => {
    verify.mockImplementationOnce(async () => sampleCaller({ validUntil: new Date(now + 5000) }));
    verify.mockRejectedValueOnce(new VendingError('token_expired'));
    const verifier = rememberTokens({ verify }, clock);
    await verifier.verify('a.b.c');
    now += 5000;
    await expect(verifier.verify('a.b.c')).rejects.toMatchObject({ code: 'token_expired' });
  });

  it('remembers no refusal', async () => {
    verify.mockRejectedValueOnce(new VendingError('keys_unavailable'));
    const verifier = rememberTokens({ verify }, clock);
    await expect(verifier.verify('a.b.c')).rejects.toMatchObject({ code: 'keys_unavailable' });
    expect((await verifier.verify('a.b.c')).subject).toBe('a.b.c');
  });
});
