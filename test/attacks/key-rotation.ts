import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'vitest';
import { type Attack, INVALID, NO_KEYS } from './attack.ts';
import { encode, type Forgery, now, signerOf } from './forge-token.ts';
import { startSite } from './key-site.ts';
import type { Target } from './target.ts';

const MINUTE = 60_000;

async function rotation(t: Target): Promise<Response> {
  const { publish, own, present, pass, fetches } = await startSite(t);
  await t.prepare(present());
  const next = generateKeyPairSync('rsa', { modulusLength: 2048 });
  publish(own, { ...next.publicKey.export({ format: 'jwk' }), kid: 'key-2' });
  const rotated = () => present({ header: { kid: 'key-2' }, signer: signerOf('RS256', next.privateKey) });
  expect([(await rotated()).status, fetches()]).toEqual([401, 1]);
  pass(10_000);
  await t.prepare(rotated());
  const response = await rotated();
  expect(fetches()).toBe(2);
  return response;
}

async function retirement(t: Target, milliseconds: number, sameToken: boolean): Promise<Response> {
  const { publish, present, pass, token } = await startSite(t);
  const long: Forgery = { claims: { exp: now(7200) } };
  const known = token(long);
  await t.prepare(present(known));
  publish({ ...t.attacker.jwk, kid: 'key-2' });
  pass(milliseconds);
  return present(sameToken ? known : long);
}

/** By the token of somebody else, whose kid is looked for in a new set. */
async function seenRetirement(t: Target): Promise<Response> {
  const { publish, present, pass, token } = await startSite(t);
  const known = token();
  await t.prepare(present(known));
  publish({ ...t.attacker.jwk, kid: 'key-2' });
  pass(11_000);
  expect((await present({ header: { kid: 'canary' } })).status).toBe(401);
  return present(known);
}

async function manyKids(t: Target): Promise<Response> {
  const { present, pass, fetches, ask, token } = await startSite(t);
  await t.prepare(present());
  pass(10_000);
  const [, ...signed] = token({ signer: () => Buffer.alloc(256) }).split('.');
  const named = (kid: string) =>
    [encode(JSON.stringify({ alg: 'RS256', typ: 'at+jwt', kid })), ...signed].join('.');
  for (let asked = 0; asked < 10_000; asked += 500) {
    const kids = Array.from({ length: 500 }, (_, index) => `canary-${asked + index}`);
    const answers = await Promise.all(kids.map((kid) => ask(named(kid))));
    expect(new Set(answers)).toEqual(new Set([401]));
  }
  expect(fetches()).toBe(2);
  t.reset();
  return present({ header: { kid: 'canary' } });
}

async function down(t: Target, milliseconds: number): Promise<Response> {
  const { answerWith, present, pass } = await startSite(t);
  await t.prepare(present());
  answerWith((_request, response) => response.writeHead(500).end());
  pass(milliseconds);
  return present({ claims: { exp: now(7200) } });
}

/** Cases 72 to 74, and 85 for who knows the keys: what time does to them. */
export const rotations: readonly Attack[] = [
  [72, 'a new kid', rotation, 200, 'umbra'],
  [73, 'a retired kid after the maximum age', (t) => retirement(t, 10 * MINUTE, false), ...INVALID],
  [73, 'a retired kid, and a token that is known', (t) => retirement(t, 10 * MINUTE, true), ...INVALID],
  [73, 'a retired kid as soon as that is seen, and a token that is known', seenRetirement, ...INVALID],
  [73, 'a retired kid before it', (t) => retirement(t, 9 * MINUTE, false), 200, 'umbra'],
  [74, '10,000 unknown kids', manyKids, ...INVALID],
  [85, 'the JWKS is down: warm', (t) => down(t, 30 * MINUTE), 200, 'umbra'],
  [85, 'the JWKS is down: for an hour', (t) => down(t, 60 * MINUTE), ...NO_KEYS],
];
