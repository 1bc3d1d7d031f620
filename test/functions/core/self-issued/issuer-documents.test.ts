import { describe, expect, it } from 'vitest';
import {
  discoveryDocument,
  keySetDocument,
} from '../../../../functions/core/self-issued/issuer-documents.ts';

const key = (kid: string) => ({ kty: 'RSA', n: 'n', e: 'AQAB', alg: 'RS256', use: 'sig', kid });

describe('the discovery document', () => {
  it('has what IAM demands of an issuer', () => {
    expect(JSON.parse(discoveryDocument('https://latchkey.example/v1').body)).toEqual({
      issuer: 'https://latchkey.example/v1',
      jwks_uri: 'https://latchkey.example/v1/.well-known/jwks.json',
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      claims_supported: ['iss', 'aud', 'sub', 'iat', 'exp', 'jti'],
    });
  });
});

describe('the key set', () => {
  it('has every key, in order', () => {
    expect(JSON.parse(keySetDocument([key('new'), key('old')]).body)).toEqual({
      keys: [key('new'), key('old')],
    });
  });

  it('has a strong entity tag, the same for the same keys and for no others', () => {
    const { etag } = keySetDocument([key('new'), key('old')]);
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    expect(keySetDocument([key('new'), key('old')]).etag).toBe(etag);
    expect(keySetDocument([key('new')]).etag).not.toBe(etag);
    expect(keySetDocument([key('old'), key('new')]).etag).not.toBe(etag);
  });
});
