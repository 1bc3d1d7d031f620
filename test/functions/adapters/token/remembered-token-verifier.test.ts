import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  REMEMBER_TOKEN_SECONDS,
  rememberTokens,
} from '../../../../functions/adapters/token/remembered-token-verifier.ts';
import type { ReviewingVerifier } from '../../../../functions/adapters/token/token-verifier.ts';
import { startDeadline } from '../../../../functions/core/deadline.ts';
import { VendingError } from '../../../../functions/core/errors.ts';
import { secret } from '../../../../functions/core/secret.ts';
import type { VerifiedToken } from '../../../../functions/core/token/verified-token.ts';
import { sampleCaller } from '../../core/sample.ts';

let now: number;
const verify = vi.fn<ReviewingVerifier['verify']>();
const stillStands = vi.fn<ReviewingVerifier['stillStands']>();
const clock = () => new Date(now);

function verifiedToken(caller: Partial<VerifiedToken['caller']>): VerifiedToken {
  return {
    caller: sampleCaller({ validUntil: new Date(now + 90_000), ...caller }),
    terms: { tokenUse: 'many', senderConstraint: 'optional', proofNonce: 'none' },
    confirmation: { jkt: undefined, certificateDigest: undefined },
  };
}

beforeEach(() => {
  now = 1_800_000_000_000;
  verify.mockReset();
  verify.mockImplementation(async (token) => verifiedToken({ subject: token.reveal() }));
  stillStands.mockReset();
  stillStands.mockResolvedValue(true);
});

function remembering() {
  const verifier = rememberTokens({ verify, stillStands }, clock);
  return async (token: string) => (await verifier.verify(secret(token), startDeadline(1000))).caller.subject;
}

describe('a verifier that remembers', () => {
  it('asks once for the same token, and gives nobody another’s caller', async () => {
    const subjectOf = remembering();
    const tokens = ['a.b.c', 'a.b.d', 'a.b.c', 'a.b.d', 'a.b.C'];
    const subjects = [];
    for (const token of tokens) subjects.push(await subjectOf(token));
    expect(subjects).toEqual(tokens);
    expect(verify.mock.calls.map(([token]) => token.reveal())).toEqual(['a.b.c', 'a.b.d', 'a.b.C']);
  });

  it('asks again after the stated time', async () => {
    const subjectOf = remembering();
    await subjectOf('a.b.c');
    now += REMEMBER_TOKEN_SECONDS * 1000 + 1;
    await subjectOf('a.b.c');
    expect(verify).toHaveBeenCalledTimes(2);
  });

  it('does not remember a token beyond its own end', async () => {
    verify.mockImplementationOnce(async () => verifiedToken({ validUntil: new Date(now + 5000) }));
    verify.mockRejectedValueOnce(new VendingError('token_expired'));
    const subjectOf = remembering();
    await subjectOf('a.b.c');
    now += 5000;
    await expect(subjectOf('a.b.c')).rejects.toMatchObject({ code: 'token_expired' });
  });

  it('asks again when the keys of the issuer are no longer those', async () => {
    const subjectOf = remembering();
    await subjectOf('a.b.c');
    const [{ value: verified } = { value: undefined }] = verify.mock.settledResults;
    stillStands.mockResolvedValueOnce(false);
    verify.mockRejectedValueOnce(new VendingError('token_invalid'));
    await expect(subjectOf('a.b.c')).rejects.toMatchObject({ code: 'token_invalid' });
    expect(stillStands).toHaveBeenCalledWith(verified);
  });

  it('remembers no refusal', async () => {
    verify.mockRejectedValueOnce(new VendingError('keys_unavailable'));
    const subjectOf = remembering();
    await expect(subjectOf('a.b.c')).rejects.toMatchObject({ code: 'keys_unavailable' });
    expect(await subjectOf('a.b.c')).toBe('a.b.c');
  });
});
