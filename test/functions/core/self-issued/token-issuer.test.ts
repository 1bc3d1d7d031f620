import { beforeEach, describe, expect, it } from 'vitest';
import { startDeadline } from '../../../../functions/core/deadline.ts';
import { decideGrant } from '../../../../functions/core/grant/grant.ts';
import { secret } from '../../../../functions/core/secret.ts';
import { createTokenIssuer } from '../../../../functions/core/self-issued/token-issuer.ts';
import { clock, NOW, sampleCaller, sampleProfile, sampleTenant } from '../sample.ts';

const KEY = { kty: 'RSA', n: 'n', e: 'AQAB', kid: 'key-1' };
const grant = decideGrant(
  sampleCaller(),
  sampleTenant(),
  sampleProfile({ method: 'webIdentity' }),
  {},
  clock,
);

let signed: Readonly<Record<string, unknown>>[];
let length: number;
beforeEach(() => {
  signed = [];
  length = 1000;
});

const issuer = createTokenIssuer({
  url: 'https://latchkey.example',
  signer: {
    async sign(claims) {
      signed.push(claims);
      return secret('x'.repeat(length));
    },
    keys: async () => [KEY],
  },
  clock,
});

describe('an issuer', () => {
  it('has tokens signed in its own name, by its clock, each with an id of its own', async () => {
    const token = await issuer.tokenFor(grant, startDeadline(1000));
    await issuer.tokenFor(grant, startDeadline(1000));
    expect(token.reveal()).toHaveLength(1000);
    expect(signed).toMatchObject([
      { iss: 'https://latchkey.example', sub: 'tenant:acme', iat: NOW.getTime() / 1000 },
      { iss: 'https://latchkey.example', sub: 'tenant:acme' },
    ]);
    expect(new Set(signed.map(({ jti }) => jti)).size).toBe(2);
  });

  it('gives no token that STS would find too long, and says so as of any grant that is too large', async () => {
    length = 20_000;
    await issuer.tokenFor(grant, startDeadline(1000));
    length = 20_001;
    await expect(issuer.tokenFor(grant, startDeadline(1000))).rejects.toMatchObject({
      code: 'packed_policy_too_large',
      message: expect.stringContaining('over 20000 characters'),
    });
  });

  it('publishes what it is, and the keys that it signs with', async () => {
    expect(JSON.parse(issuer.discovery.body)).toMatchObject({ issuer: 'https://latchkey.example' });
    expect(JSON.parse((await issuer.keySet(startDeadline(1000))).body)).toEqual({ keys: [KEY] });
  });
});
