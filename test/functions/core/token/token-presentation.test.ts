import { beforeEach, describe, expect, it, test, vi } from 'vitest';
import { startDeadline } from '../../../../functions/core/deadline.ts';
import { VendingError } from '../../../../functions/core/errors.ts';
import { secret } from '../../../../functions/core/secret.ts';
import type { Caller } from '../../../../functions/core/token/caller.ts';
import type { PresentedToken } from '../../../../functions/core/token/presented-token.ts';
import { createTokenPresentation } from '../../../../functions/core/token/token-presentation.ts';
import type { VerifiedToken } from '../../../../functions/core/token/verified-token.ts';
import { createDpopClient, type ProofChanges } from '../../vend/dpop-client.ts';
import { bearer, clock, NOW, sampleCaller } from '../sample.ts';

const client = await createDpopClient();
const SECONDS = NOW.getTime() / 1000;
const DIGEST = 'A'.repeat(43);

/** What has happened, in this order. */
let steps: string[];
let used: Map<string, Date>;
let verified: VerifiedToken;

const verifyToken = vi.fn(async () => verified);
const offerNonce = vi.fn<(nonce: string) => void>();

const presentation = createTokenPresentation({
  tokens: { verify: verifyToken },
  proofs: { verify: async () => void steps.push('signature') },
  nonces: {
    current: async () => {
      steps.push('nonces');
      return ['newest', 'older'];
    },
  },
  replay: {
    isFirstUse: async (key, until) => {
      steps.push(key.split('#')[0] ?? '');
      if (used.has(key)) return false;
      used.set(key, until);
      return true;
    },
  },
  clock,
});

beforeEach(() => {
  steps = [];
  used = new Map();
  vi.clearAllMocks();
  terms();
});

/** What is known of the token by itself. */
function terms({
  caller = {},
  confirmation = {},
  ...demanded
}: Partial<VerifiedToken['terms']> & {
  readonly caller?: Partial<Caller>;
  readonly confirmation?: Partial<VerifiedToken['confirmation']>;
} = {}): void {
  verified = {
    caller: { ...sampleCaller(), tokenId: 'token-1', ...caller },
    terms: { tokenUse: 'many', senderConstraint: 'optional', proofNonce: 'none', ...demanded },
    confirmation: { jkt: undefined, certificateDigest: undefined, ...confirmation },
  };
}
const bound = { confirmation: { jkt: client.jkt } };

const present = (changes: Partial<PresentedToken> = {}) =>
  presentation.verify({ ...bearer('a.b.c'), offerNonce, ...changes }, startDeadline(1000)).then(
    ({ senderConstraint }) => senderConstraint ?? 'bare',
    (error: VendingError) => error.code,
  );

async function presentProof(claims: ProofChanges['claims'] = {}, header: ProofChanges['header'] = {}) {
  const request = { method: 'POST', url: 'https://latchkey.example/credentials', token: 'a.b.c' };
  const proof = await client.prove({ ...request, claims: { iat: SECONDS, ...claims }, header });
  return present({ scheme: 'DPoP', proof: secret(proof) });
}

describe('a presentation', () => {
  const certificateDigest = DIGEST;
  test.each<[what: string, Parameters<typeof terms>[0], Partial<PresentedToken>, outcome: string]>([
    ['of a bare token', {}, {}, 'bare'],
    ['of a bare token with a certificate', {}, { certificateDigest }, 'bare'],
    ['of a bare token with a proof', {}, { proof: secret('x') }, 'bare'],
    ['of a bare token as DPoP', {}, { scheme: 'DPoP', proof: secret('x') }, 'token_invalid'],
    ['of a bare token, where a key is demanded', { senderConstraint: 'dpop' }, {}, 'token_not_bound'],
    [
      'of a bare token, where a certificate is demanded',
      { senderConstraint: 'mtls' },
      { certificateDigest },
      'token_not_bound',
    ],
    ['of a bare token, where either is demanded', { senderConstraint: 'required' }, {}, 'token_not_bound'],
    ['with the certificate', { confirmation: { certificateDigest } }, { certificateDigest }, 'mtls'],
    ['without the certificate', { confirmation: { certificateDigest } }, {}, 'token_bound'],
    [
      'with another certificate',
      { confirmation: { certificateDigest } },
      { certificateDigest: 'B'.repeat(43) },
      'token_bound',
    ],
    [
      'with the certificate, where a key is demanded',
      { senderConstraint: 'dpop', confirmation: { certificateDigest } },
      { certificateDigest },
      'token_not_bound',
    ],
    [
      'with the certificate, as DPoP',
      { confirmation: { certificateDigest } },
      { certificateDigest, scheme: 'DPoP' },
      'token_invalid',
    ],
    ['of a token bound to a key, as Bearer', bound, { certificateDigest }, 'token_bound'],
    ['of a token bound to a key, without a proof', bound, { scheme: 'DPoP' }, 'proof_invalid'],
    [
      'of a token bound to a key, where a certificate is demanded',
      { senderConstraint: 'mtls', ...bound },
      { scheme: 'DPoP', certificateDigest },
      'token_not_bound',
    ],
    [
      'of a token bound to both',
      { confirmation: { jkt: client.jkt, certificateDigest } },
      { scheme: 'DPoP', certificateDigest },
      'token_invalid',
    ],
    [
      'of a token that is good once and has no name',
      { tokenUse: 'once', caller: { tokenId: '' } },
      {},
      'token_invalid',
    ],
  ])('%s: %4$s', async (_what, known, presented, outcome) => {
    terms(known);
    expect(await present(presented)).toBe(outcome);
    expect(steps).toEqual([]);
  });

  it('asks for the token first', async () => {
    terms(bound);
    verifyToken.mockRejectedValueOnce(new VendingError('token_expired'));
    expect(await presentProof()).toBe('token_expired');
    expect(steps).toEqual([]);
  });

  it('costs one check after the other, and writes last', async () => {
    terms({ ...bound, tokenUse: 'once', proofNonce: 'required' });
    expect(await presentProof({ nonce: 'newest' })).toBe('dpop');
    expect(steps).toEqual(['signature', 'nonces', 'proof', 'token']);
  });

  it('costs no signature check, if a look tells that the proof is for something else', async () => {
    terms(bound);
    expect(await presentProof({ htm: 'GET' })).toBe('proof_invalid');
    expect(steps).toEqual([]);
  });
});

describe('a proof', () => {
  beforeEach(() => terms(bound));

  test.each([
    ['exactly 60 seconds ago', { iat: SECONDS - 60 }, 'dpop'],
    ['60.001 seconds ago', { iat: SECONDS - 60.001 }, 'proof_invalid'],
    ['exactly 5 seconds from now', { iat: SECONDS + 5 }, 'dpop'],
    ['5.001 seconds from now', { iat: SECONDS + 5.001 }, 'proof_invalid'],
    ['now, and ends now', { exp: SECONDS }, 'proof_invalid'],
    ['now, and ends right after', { exp: SECONDS + 0.001 }, 'dpop'],
    ['now, and is valid in 5 seconds', { nbf: SECONDS + 5 }, 'dpop'],
    ['now, and is valid in 5.001 seconds', { nbf: SECONDS + 5.001 }, 'proof_invalid'],
    ['long before there was time', { iat: -1e300 }, 'proof_invalid'],
  ])('made %s: %3$s', async (_what, claims, outcome) => {
    expect(await presentProof(claims)).toBe(outcome);
  });

  it('is remembered for longer than it is taken', async () => {
    await presentProof({ iat: SECONDS + 5 });
    expect([...used.values()]).toEqual([new Date((SECONDS + 5 + 120) * 1000)]);
  });

  it('is one by key and jti, whatever stands in either', async () => {
    for (const jti of ['a', '["a"]', '","', 'a#b', '\0']) expect(await presentProof({ jti })).toBe('dpop');
    expect([used.size, await presentProof({ jti: 'a' })]).toEqual([5, 'proof_invalid']);
    for (const key of used.keys()) expect(key).toMatch(/^proof#[\w-]{43}$/);
  });
});

describe('a nonce', () => {
  beforeEach(() => terms({ ...bound, proofNonce: 'required' }));

  test.each([
    ['newest', 'dpop', undefined],
    ['older', 'dpop', 'newest'],
    ['oldest', 'proof_nonce_required', 'newest'],
    [undefined, 'proof_nonce_required', 'newest'],
  ])('of %s: %s', async (nonce, outcome, offered) => {
    expect(await presentProof({ nonce })).toBe(outcome);
    expect(offerNonce.mock.calls).toEqual(offered === undefined ? [] : [[offered]]);
    expect(used.size).toBe(outcome === 'dpop' ? 1 : 0);
  });
});

describe('a token that is good once', () => {
  const useOf = async (issuer: string, tokenId: string) => {
    terms({ tokenUse: 'once', caller: { issuer, tokenId } });
    return present();
  };

  it('is one by issuer and jti, however the two could be run together', async () => {
    const tokens = [
      ['https://a.example', 'b'],
      ['https://a.exampleb', 'x'],
      ['https://a.example', 'b","c'],
      ['https://a.example","b', 'c'],
      ['https://a.example#b', 'c'],
      ['https://a.example', 'b#c'],
      ['https://a.example', '#b'],
    ] as const;
    for (const [issuer, id] of tokens) expect(await useOf(issuer, id)).toBe('bare');
    expect(used.size).toBe(tokens.length);
    for (const [issuer, id] of tokens) expect(await useOf(issuer, id)).toBe('token_replayed');
    for (const key of used.keys()) expect(key).toMatch(/^token#[\w-]{43}$/);
  });

  it('is remembered for longer than it counts', async () => {
    await useOf('https://a.example', 'b');
    expect([...used.values()]).toEqual([new Date(sampleCaller().validUntil.getTime() + 60_000)]);
  });

  it('is not used up by a proof that has been', async () => {
    terms({ ...bound, tokenUse: 'once' });
    used.clear();
    expect(await presentProof({ jti: 'a' })).toBe('dpop');
    terms({ ...bound, tokenUse: 'once', caller: { tokenId: 'token-2' } });
    expect(await presentProof({ jti: 'a' })).toBe('proof_invalid');
    expect(await presentProof({ jti: 'b' })).toBe('dpop');
  });
});
