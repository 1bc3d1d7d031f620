import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { apiUrl } from '../../../functions/api/request-context.ts';
import { jsonOf, startTestLatchkey, type TestLatchkey } from '../../latchkey.ts';

const PATH = '/.well-known/oauth-protected-resource';

describe.each(['http', 'lambda'] as const)('over %s', (way) => {
  let latchkey: TestLatchkey;
  let api: string;
  beforeAll(async () => {
    latchkey = await startTestLatchkey(way);
    api =
      way === 'http' ? latchkey.facts.api : 'https://abcde12345.execute-api.eu-central-1.amazonaws.com/v1';
  });
  afterAll(() => latchkey.close());

  it('says what is taken here, and names no issuer or tenant', async () => {
    const response = await latchkey.request(PATH);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await jsonOf(response)).toEqual({
      resource: api,
      resource_name: 'Latchkey',
      bearer_methods_supported: ['header'],
      dpop_signing_alg_values_supported: ['ES256', 'ES384', 'EdDSA', 'RS256', 'PS256'],
      tls_client_certificate_bound_access_tokens: false,
    });
  });

  it.each([
    ['/whoami', {}, 401],
    ['/whoami', { Authorization: 'Bearer a.b' }, 401],
    ['/whoami', { Authorization: 'DPoP a.b' }, 401],
    ['/credentials/container', {}, 401],
  ])('a challenge on %s leads there', async (path, headers, status) => {
    const response = await latchkey.request(path, { headers: headers as Record<string, string> });
    expect(response.status).toBe(status);
    const challenges = response.headers.get('www-authenticate') ?? '';
    const urls = [...challenges.matchAll(/resource_metadata="([^"]*)"/g)].map(([, url]) => url);
    expect(urls).toEqual([`${api}${PATH}`, `${api}${PATH}`]);
  });

  it('challenges for what a token lacks in the scheme that it came in', async () => {
    const Authorization = `Bearer ${await latchkey.issuer.sign({ claims: { tenant: 'nobody' } })}`;
    const response = await latchkey.request('/whoami', { headers: { Authorization } });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      403,
      `Bearer realm="latchkey", resource_metadata="${api}${PATH}"`,
    ]);
  });
});

test.each([
  ['https://api.example/v1/whoami', 'https://api.example/v1'],
  ['https://api.example/whoami', 'https://api.example'],
  ['http://[::1]:8787/whoami', 'http://[::1]:8787'],
  ['https://api.example/who%61mi', undefined],
  ['https://api.example/v1"/whoami', undefined],
  ['https://api.example/v1 x/whoami', undefined],
  ['https://user@api.example/whoami', undefined],
])('the API of %s is %s', (url, expected) => {
  expect(apiUrl(url, '/whoami')).toBe(expected);
});
