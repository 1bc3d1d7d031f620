import { describe, expect, it, test } from 'vitest';
import { parseIssuer } from '../../../../functions/core/issuer/issuer.ts';
import { weakenings } from '../../../../functions/core/issuer/issuer-defaults.ts';

const issuer = {
  url: 'https://idp.example',
  audience: 'x',
  jwksUri: 'https://idp.example/jwks',
  binding: { kind: 'claim', claim: 'org' },
};

describe('the terms of an issuer', () => {
  it('are no weaker than the defaults where nothing is said', () => {
    expect(weakenings(parseIssuer(issuer))).toEqual([]);
  });

  test.each<[object, readonly string[]]>([
    [{ tokenTypes: ['at+jwt', 'jwt'] }, ['tokenTypes accepts jwt']],
    [{ tokenTypes: ['none'] }, ['tokenTypes accepts tokens without typ']],
    [{ clockSkewSeconds: 31 }, ['clockSkewSeconds is 31, over 30']],
    [{ clockSkewSeconds: 0 }, []],
    [{ jwksUri: 'http://127.0.0.1/jwks' }, ['keys come over http']],
    [{ url: 'http://127.0.0.1' }, []],
    [{ url: 'http://127.0.0.1', jwksUri: undefined, discovery: true }, ['keys come over http']],
    [
      { tokenTypes: ['jwt', 'none'], clockSkewSeconds: 120 },
      ['tokenTypes accepts jwt', 'tokenTypes accepts tokens without typ', 'clockSkewSeconds is 120, over 30'],
    ],
  ])('say where they are: %j', (changes, expected) => {
    expect(weakenings(parseIssuer({ ...issuer, ...changes }))).toEqual(expected);
  });
});
