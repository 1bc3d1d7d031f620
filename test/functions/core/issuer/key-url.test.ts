import { describe, expect, it, test } from 'vitest';
import { keySetFaults } from '../../../../functions/core/administration/key-set-url.ts';
import { keyUrlFault } from '../../../../functions/core/issuer/key-url.ts';

describe('where keys are fetched from', () => {
  test.each([
    ['https://idp.example/jwks', undefined, undefined],
    ['https://idp.example:8443/jwks?a=b', undefined, undefined],
    ['http://idp.example/jwks', 'got http, expected https', 'got http, expected https'],
    ['http://127.0.0.1:80/jwks', 'got http, expected https', undefined],
    ['http://localhost/jwks', 'got http, expected https', undefined],
    ['http://[::1]/jwks', 'got http, expected https', undefined],
    ['http://127.0.0.1.evil.example/', 'got http, expected https', 'got http, expected https'],
    ['http://169.254.169.254/', 'got http, expected https', 'got http, expected https'],
    ['https://idp.example@evil.example/', 'got a user name', 'got a user name'],
    ['http://a:b@127.0.0.1/', 'got a user name', 'got a user name'],
    ['file:///etc/passwd', 'got file, expected https', 'got file, expected https'],
    ['data:application/json,{}', 'got data, expected https', 'got data, expected https'],
    ['/jwks', 'expected a URL', 'expected a URL'],
    [
      `https://idp.example/${'x'.repeat(512)}`,
      'expected a URL of at most 512',
      'expected a URL of at most 512',
    ],
  ])('%s: %s, in local mode %s', (url, fault, localFault) => {
    for (const [allowLoopback, expected] of [
      [false, fault],
      [true, localFault],
    ] as const)
      expect(keyUrlFault(url, allowLoopback)).toEqual(expected && expect.stringContaining(expected));
  });

  it('is the issuer itself with discovery, and nowhere for keys in the record', () => {
    const url = 'http://idp.example';
    expect(keySetFaults({ url }, false)).toEqual([]);
    expect(keySetFaults({ url, jwksUri: 'https://idp.example/jwks' }, false)).toEqual([]);
    expect(keySetFaults({ url, discovery: true }, false)).toEqual([
      { path: ['url'], message: 'got http, expected https' },
    ]);
    expect(keySetFaults({ url: 'https://idp.example', jwksUri: url }, false)).toEqual([
      { path: ['jwksUri'], message: 'got http, expected https' },
    ]);
  });
});
