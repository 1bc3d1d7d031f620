import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BoundCaller, codeOf, startBoundCaller } from './bound-caller.ts';

describe.each(['http', 'lambda'] as const)('over %s', (way) => {
  let caller: BoundCaller;
  beforeAll(async () => {
    caller = await startBoundCaller(way);
  });
  afterAll(() => caller.close());
  beforeEach(() => caller.reset());

  const nothingDone = () => expect([caller.writes(), caller.sts.mock.calls.length]).toEqual([0, 0]);

  describe('an issuer that demands bound tokens', () => {
    it.each(['dpop', 'mtls', 'required'] as const)('(%s) has bare ones refused', async (name) => {
      const response = await caller.latchkey.vend(await caller.strict[name].sign());
      expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
      expect(await codeOf(response)).toEqual([401, 'token_not_bound']);
      nothingDone();
    });

    it.each([
      ['dpop', [200, undefined]],
      ['mtls', [401, 'token_not_bound']],
      ['required', [200, undefined]],
    ] as const)('(%s) has one that is bound to a key answered %o', async (name, expected) => {
      const token = await caller.bound({}, { issuer: caller.strict[name] });
      expect(await codeOf(await caller.present(token, await caller.prove(token)))).toEqual(expected);
    });
  });

  describe.each(['bound', 'bound-dpop'])('a profile that demands bound tokens (%s)', (profile) => {
    const body = JSON.stringify({ profile });
    const json = { 'Content-Type': 'application/json' };

    it('opens to a proof', async () => {
      const token = await caller.bound({}, { issuer: caller.strict.required });
      const headers = { Authorization: `DPoP ${token}`, DPoP: await caller.prove(token), ...json };
      expect((await caller.post(headers, body)).status).toBe(200);
    });

    it('is closed to a bare token', async () => {
      const Authorization = `Bearer ${await caller.strict.once.sign({ claims: { jti: crypto.randomUUID() } })}`;
      expect(await codeOf(await caller.post({ Authorization, ...json }, body))).toEqual([
        401,
        'token_not_bound',
      ]);
      expect(caller.sts).not.toHaveBeenCalled();
    });
  });

  describe('an issuer whose proofs must hold a nonce', () => {
    const bound = (claims: JWTPayload = {}) => caller.bound(claims, { issuer: caller.strict.nonce });
    const ask = async (nonce: string | undefined) => {
      const token = await bound();
      return caller.present(token, await caller.prove(token, { claims: { nonce } }));
    };

    it.each([undefined, '', 'made-up'])('has one with %o sent away with one that will do', async (nonce) => {
      const refused = await ask(nonce);
      const offered = refused.headers.get('dpop-nonce') ?? '';
      expect(offered).toMatch(/^[\w-]{22}$/);
      expect(refused.headers.get('www-authenticate')).toMatch(/, DPoP realm=.*, error="use_dpop_nonce"/);
      expect(await codeOf(refused)).toEqual([401, 'proof_nonce_required']);
      nothingDone();
      const granted = await ask(offered);
      expect([granted.status, granted.headers.get('dpop-nonce')]).toEqual([200, null]);
    });

    it('tells none to who has no good token or no good proof', async () => {
      const bad = await bound({ aud: 'https://other.example' });
      const good = await bound();
      const answers = [
        await caller.present(bad, await caller.prove(bad)),
        await caller.present(good, await caller.prove(good, { key: caller.other.privateKey })),
        await caller.post({ Authorization: `DPoP ${good}` }),
        await caller.post({ Authorization: `Bearer ${good}`, DPoP: await caller.prove(good) }),
      ];
      expect(answers.map(({ status, headers }) => [status, headers.get('dpop-nonce')])).toEqual(
        Array(4).fill([401, null]),
      );
    });
  });

  describe('a token that is good once', () => {
    const once = (claims: JWTPayload = {}) =>
      caller.strict.once.sign({ claims: { jti: crypto.randomUUID(), ...claims } });

    it('vends once', async () => {
      const token = await once();
      expect((await caller.latchkey.vend(token)).status).toBe(200);
      const again = await caller.latchkey.vend(token);
      expect(again.headers.get('www-authenticate')).toMatch(
        /^Bearer realm="latchkey", error="invalid_token", /,
      );
      expect(await codeOf(again)).toEqual([401, 'token_replayed']);
      expect(caller.sts).toHaveBeenCalledTimes(1);
    });

    it('vends once of ten times at once', async () => {
      const token = await once();
      const answers = await Promise.all([...Array(10)].map(() => caller.latchkey.vend(token)));
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(9).fill(401)]);
      expect(caller.sts).toHaveBeenCalledTimes(1);
    });

    it('is used by whoami, and by a request that is refused later', async () => {
      for (const [path, body] of [
        ['/whoami', undefined],
        ['/credentials', '{"profile":"nobody-wrote"}'],
      ] as const) {
        const token = await once();
        const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
        const init = body === undefined ? { headers } : { method: 'POST', headers, body };
        expect((await caller.latchkey.request(path, init)).status).toBe(body === undefined ? 200 : 403);
        expect(await codeOf(await caller.latchkey.vend(token))).toEqual([401, 'token_replayed']);
      }
      expect(caller.sts).not.toHaveBeenCalled();
    });

    it('is known by its jti, however else it reads, and by its issuer', async () => {
      const jti = crypto.randomUUID();
      expect((await caller.latchkey.vend(await once({ jti }))).status).toBe(200);
      const another = await once({ jti, sub: 'app-2' });
      expect(await codeOf(await caller.latchkey.vend(another))).toEqual([401, 'token_replayed']);
      const ofAnother = await caller.latchkey.issuer.sign({ claims: { jti } });
      expect((await caller.latchkey.vend(ofAnother)).status).toBe(200);
    });

    it('is still good after a bad proof, and after a request that cannot be read', async () => {
      const token = await once({ cnf: { jkt: caller.client.jkt } });
      expect(await codeOf(await caller.present(token, 'nonsense'))).toEqual([401, 'proof_invalid']);
      expect(await codeOf(await caller.latchkey.vend(token))).toEqual([401, 'token_bound']);
      const headers = { Authorization: `DPoP ${token}`, DPoP: await caller.prove(token) };
      expect((await caller.post(headers, 'no JSON')).status).toBe(415);
      nothingDone();
      expect((await caller.present(token, await caller.prove(token))).status).toBe(200);
    });

    it.each([undefined, ''])('has to have a jti: with %o it is refused', async (jti) => {
      const token = await caller.strict.once.sign({ claims: { jti } as JWTPayload });
      expect(await codeOf(await caller.latchkey.vend(token))).toEqual([401, 'token_invalid']);
      nothingDone();
    });
  });

  describe('while it cannot be told what has been used', () => {
    const { send } = DynamoDBDocumentClient.prototype;
    beforeEach(() => {
      // The registry answers on; what is written down is refused.
      const fail = vi.spyOn(DynamoDBDocumentClient.prototype, 'send').mockImplementation(function (
        this: DynamoDBDocumentClient,
        ...args: unknown[]
      ) {
        return (args[0] as object) instanceof UpdateCommand
          ? Promise.reject(new Error('unreachable'))
          : Reflect.apply(send, this, args);
      } as never);
      return () => void fail.mockImplementation(send as never);
    });

    it.each<[what: string, present: () => Promise<Response>]>([
      [
        'a proof',
        async () => {
          const token = await caller.bound();
          return caller.present(token, await caller.prove(token));
        },
      ],
      [
        'a token that is good once',
        async () =>
          caller.latchkey.vend(await caller.strict.once.sign({ claims: { jti: crypto.randomUUID() } })),
      ],
    ])('refuses %s', async (_what, present) => {
      const response = await present();
      expect(response.headers.get('retry-after')).toBe('1');
      expect(await codeOf(response)).toEqual([503, 'replay_check_unavailable']);
      expect(caller.sts).not.toHaveBeenCalled();
    });

    it('still answers who needs none of that', async () => {
      expect((await caller.latchkey.vend(await caller.latchkey.issuer.sign())).status).toBe(200);
    });
  });
});
