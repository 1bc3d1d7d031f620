import { describe, expect, it, test } from 'vitest';
import type { VendingError } from '../../../../functions/core/errors.ts';
import { type IssuerRecord, parseIssuer } from '../../../../functions/core/issuer/issuer.ts';
import { parseCaller } from '../../../../functions/core/token/caller.ts';

const UNTIL = new Date(1_800_000_000_000);
const CLAIMS = { sub: 'app-1', org: 'acme', scope: 'vend write', client_id: 'app', jti: 'j' };

function callerOf(claims: object, terms: Partial<IssuerRecord> = {}) {
  const issuer = parseIssuer({
    url: 'https://idp.example',
    audience: 'x',
    jwksUri: 'https://idp.example/jwks',
    binding: { kind: 'claim', claim: 'org' },
    ...terms,
  });
  return parseCaller(issuer, { ...CLAIMS, ...claims }, UNTIL);
}

function outcomeOf(claims: object, terms: Partial<IssuerRecord> = {}): string {
  try {
    callerOf(claims, terms);
    return 'taken';
  } catch (error) {
    return (error as VendingError).code;
  }
}

describe('a caller', () => {
  it('is what the claims say', () => {
    expect(callerOf({})).toEqual({
      issuer: 'https://idp.example',
      subject: 'app-1',
      tenant: { kind: 'claim', issuer: 'https://idp.example', value: 'acme' },
      scopes: new Set(['vend', 'write']),
      clientId: 'app',
      tokenId: 'j',
      validUntil: UNTIL,
    });
  });

  test.each<[string, object, string | undefined]>([
    ['client_id', { azp: 'other' }, 'app'],
    ['azp without one', { client_id: undefined, azp: 'other' }, 'other'],
    ['nothing', { client_id: undefined }, undefined],
  ])('has its client from %s', (_what, claims, client) => {
    expect(callerOf(claims).clientId).toBe(client);
  });

  test.each<[string, object]>([
    ['no sub', { sub: undefined }],
    ['a blank sub', { sub: ' \u00a0\u2003' }],
    ['a sub of 257 characters', { sub: 'x'.repeat(257) }],
    ['half a character in sub', { sub: 'x\ud800' }],
    ['a sub that is an object', { sub: { toString: 'x' } }],
    ['a tenant that is a list', { org: ['acme'] }],
    ['a tenant that is a number', { org: 7 }],
    ['no tenant', { org: undefined }],
    ['a scope that is a list', { scope: ['vend'] }],
    ['a scope that is null', { scope: null }],
    ['a client that is a list', { client_id: ['app'] }],
    ['a blank client', { client_id: '' }],
    ['an azp that is a number', { client_id: undefined, azp: 7 }],
    ['a jti that is a number', { jti: 7 }],
    ['a jti of 257 characters', { jti: 'x'.repeat(257) }],
  ])('is nobody with %s', (_what, claims) => {
    expect(outcomeOf(claims)).toBe('token_invalid');
  });
});

describe('the terms of an issuer', () => {
  test.each<[string, object, Partial<IssuerRecord>, string]>([
    ['no scope', { scope: undefined }, {}, 'taken'],
    ['all scopes that are demanded', {}, { requiredScopes: ['write', 'vend'] }, 'taken'],
    ['one of two', { scope: 'vend' }, { requiredScopes: ['write', 'vend'] }, 'insufficient_scope'],
    ['none', { scope: undefined }, { requiredScopes: ['vend'] }, 'insufficient_scope'],
    ['a longer one', { scope: 'vending' }, { requiredScopes: ['vend'] }, 'insufficient_scope'],
    ['another case', { scope: 'VEND' }, { requiredScopes: ['vend'] }, 'insufficient_scope'],
    ['a client that is taken', {}, { clientIds: ['other', 'app'] }, 'taken'],
    ['another client', {}, { clientIds: ['other'] }, 'token_invalid'],
    ['no client', { client_id: undefined }, { clientIds: ['app'] }, 'token_invalid'],
    ['a client in azp', { client_id: undefined, azp: 'app' }, { clientIds: ['app'] }, 'taken'],
    [
      'a taken client in azp beside another',
      { client_id: 'x', azp: 'app' },
      { clientIds: ['app'] },
      'token_invalid',
    ],
    ['a subject that matches', {}, { subjectPattern: 'app-[0-9]' }, 'taken'],
    ['one that begins like it', { sub: 'app-1x' }, { subjectPattern: 'app-[0-9]' }, 'token_invalid'],
    ['one that ends like it', { sub: 'xapp-1' }, { subjectPattern: 'app-[0-9]' }, 'token_invalid'],
    ['one that ends in a newline', { sub: 'app-1\n' }, { subjectPattern: 'app-[0-9]' }, 'token_invalid'],
    ['one like the first of two', { sub: 'app-evil' }, { subjectPattern: 'app|svc' }, 'token_invalid'],
    ['the claims that are demanded', { env: 'prod' }, { requiredClaims: { env: 'prod' } }, 'taken'],
    ['not those', {}, { requiredClaims: { env: 'prod' } }, 'token_invalid'],
    ['another value', { env: 'dev' }, { requiredClaims: { env: 'prod' } }, 'token_invalid'],
    ['a list of the value', { env: ['prod'] }, { requiredClaims: { env: 'prod' } }, 'token_invalid'],
    ['a name of every object', {}, { requiredClaims: { constructor: 'x' } }, 'token_invalid'],
    ['no jti', { jti: undefined }, {}, 'taken'],
    ['a jti for one use', {}, { tokenUse: 'once' }, 'taken'],
    ['no jti for one use', { jti: undefined }, { tokenUse: 'once' }, 'token_invalid'],
    ['a blank jti for one use', { jti: ' ' }, { tokenUse: 'once' }, 'token_invalid'],
  ])('%s: %s, %s, %s', (_what, claims, terms, outcome) => {
    expect(outcomeOf(claims, terms)).toBe(outcome);
  });
});
