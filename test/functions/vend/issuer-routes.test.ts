import { beforeEach, describe, expect, it, test } from 'vitest';
import { VendingError } from '../../../functions/core/errors.ts';
import type { PublicKey } from '../../../functions/core/ports.ts';
import { secret } from '../../../functions/core/secret.ts';
import { createTokenIssuer } from '../../../functions/core/self-issued/token-issuer.ts';
import { createVendApp } from '../../../functions/vend/app.ts';
import type { VendService } from '../../../functions/vend/vend-service.ts';
import { jsonOf } from '../../latchkey.ts';

const DISCOVERY = '/.well-known/openid-configuration';
const KEY_SET = '/.well-known/jwks.json';
const key = (kid: string): PublicKey => ({ kty: 'RSA', n: 'n', e: 'AQAB', alg: 'RS256', use: 'sig', kid });

let keys: () => readonly PublicKey[];
beforeEach(() => {
  keys = () => [key('new'), key('old')];
});

const tokenIssuer = createTokenIssuer({
  url: 'https://latchkey.example/v1',
  signer: { sign: async () => secret(''), keys: async () => keys() },
  clock: () => new Date(),
});
const app = createVendApp({ tokenIssuer } as VendService);
const get = (path: string, headers: Record<string, string> = {}, of = app) =>
  of.request(path, { headers }, {});

describe('the discovery document', () => {
  it('leads from the issuer to its keys', async () => {
    const response = await get(DISCOVERY);
    expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'application/json']);
    expect(await jsonOf(response)).toMatchObject({
      issuer: 'https://latchkey.example/v1',
      jwks_uri: `https://latchkey.example/v1${KEY_SET}`,
    });
  });

  it('is there although KMS is not', async () => {
    keys = () => {
      throw new VendingError('signing_unavailable');
    };
    expect((await get(DISCOVERY)).status).toBe(200);
  });
});

describe('the key set', () => {
  it('has the keys', async () => {
    const response = await get(KEY_SET);
    expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'application/json']);
    expect(await jsonOf(response)).toEqual({ keys: [key('new'), key('old')] });
  });

  it('changes its entity tag with the keys', async () => {
    const { headers } = await get(KEY_SET);
    const etag = headers.get('ETag') ?? '';
    expect((await get(KEY_SET, { 'If-None-Match': etag })).status).toBe(304);
    keys = () => [key('newer'), key('new')];
    const response = await get(KEY_SET, { 'If-None-Match': etag });
    expect([response.status, response.headers.get('ETag') === etag]).toEqual([200, false]);
  });

  it('that cannot be had is an answer that nobody remembers', async () => {
    keys = () => {
      throw new VendingError('signing_unavailable', { retryAfterSeconds: 1 });
    };
    const response = await get(KEY_SET);
    expect(response.status).toBe(503);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'no-store',
      'retry-after': '1',
    });
    expect(response.headers.has('ETag')).toBe(false);
    expect((await jsonOf(response)).code).toBe('signing_unavailable');
  });
});

describe.each([DISCOVERY, KEY_SET])('%s', (path) => {
  it('may be remembered by everybody, for five minutes', async () => {
    expect((await get(path)).headers.get('Cache-Control')).toBe('public, max-age=300');
  });

  test.each<[string, (etag: string) => string, number]>([
    ['its entity tag', (etag) => etag, 304],
    ['it weakly', (etag) => `W/${etag}`, 304],
    ['it among others', (etag) => `"a", ${etag} ,"b"`, 304],
    ['any', () => '*', 304],
    ['another', () => '"a"', 200],
    ['a part of it', (etag) => etag.slice(0, 10), 200],
    ['nothing', () => '', 200],
  ])('If-None-Match with %s', async (_what, header, status) => {
    const etag = (await get(path)).headers.get('ETag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    const response = await get(path, { 'If-None-Match': header(etag) });
    expect(response.status).toBe(status);
    expect(response.headers.get('ETag')).toBe(etag);
    expect(response.headers.get('Cache-Control')).toBe('public, max-age=300');
    expect((await response.text()) === '').toBe(status === 304);
  });

  it('is nowhere in a deployment that signs no tokens', async () => {
    const response = await get(path, {}, createVendApp({} as VendService));
    expect([response.status, (await jsonOf(response)).code]).toEqual([404, 'not_found']);
    expect(response.headers.get('Cache-Control')).toBe('no-store');
  });

  it('is for reading alone', async () => {
    const response = await app.request(path, { method: 'POST' }, {});
    expect([response.status, response.headers.get('Allow')]).toEqual([405, 'GET']);
  });
});

it('nothing else becomes what may be remembered', async () => {
  expect((await get('/health')).headers.get('Cache-Control')).toBe('no-store');
});
