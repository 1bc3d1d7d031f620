import { beforeEach, describe, expect, it, test } from 'vitest';
import { createTenantsApp } from '../../functions/tenants/app.ts';
import { sampleAdministration } from '../functions/core/administration/sample-administration.ts';
import { type RunOptions, runLatchkey, signedDoor } from './run-latchkey.ts';

const URL_OF_ISSUER = 'https://idp.example.com';
const PUT = ['issuer', 'put', URL_OF_ISSUER, '--audience', 'latchkey', '--claim', 'org_id'];
const JWKS = ['--jwks-uri', 'https://idp.example.com/jwks'];

let door: RunOptions['api'];
beforeEach(() => {
  door = signedDoor(createTenantsApp(sampleAdministration().administration));
});

const latchkey = (...argv: readonly string[]) => runLatchkey({ argv, api: door });

describe('the terms of an issuer', () => {
  it('are put by options, and shown', async () => {
    const terms = ['--discovery', '--token-type', 'at+jwt', '--token-type', 'none', '--maximum-age', '600'];
    terms.push('--required-scope', 'vend', '--client-id', 'app', '--client-id', 'web');
    terms.push('--clock-skew', '0', '--maximum-lifetime', '3600');
    terms.push('--required-claim', 'env=prod', '--required-claim', 'https://a.example/x=a=b');
    terms.push('--subject-pattern', 'app-[0-9]+', '--token-use', 'once');
    terms.push('--sender-constraint', 'dpop', '--proof-nonce', 'required');
    const { code, stdout, requests } = await latchkey(...PUT, ...terms);
    expect([code, JSON.parse(requests[0]?.body ?? '')]).toEqual([
      0,
      {
        url: URL_OF_ISSUER,
        audience: 'latchkey',
        discovery: true,
        claim: 'org_id',
        tokenTypes: ['at+jwt', 'none'],
        clockSkewSeconds: 0,
        maximumTokenLifetimeSeconds: 3600,
        maximumTokenAgeSeconds: 600,
        requiredClaims: { env: 'prod', 'https://a.example/x': 'a=b' },
        requiredScopes: ['vend'],
        clientIds: ['app', 'web'],
        subjectPattern: 'app-[0-9]+',
        tokenUse: 'once',
        senderConstraint: 'dpop',
        proofNonce: 'required',
      },
    ]);
    expect(stdout).toContain(
      'version 1\nweaker than the default: tokenTypes accepts tokens without typ\nnext: ',
    );
    const shown = (await latchkey('issuer', 'get', URL_OF_ISSUER)).stdout;
    for (const line of [
      /^keys +where its metadata says$/m,
      /^clock skew +0 s$/m,
      /^longest token +3600 s$/m,
      /^oldest token +600 s$/m,
      /^required scopes +vend$/m,
      /^clients +app\n +web$/m,
      /^subject pattern +app-\[0-9\]\+$/m,
      /^token use +once$/m,
      /^sender constraint +dpop$/m,
      /^proof nonce +required$/m,
      /^weaker than the default +tokenTypes accepts tokens without typ$/m,
    ])
      expect(shown).toMatch(line);
  });

  it('are said to be weaker than the defaults only where they are', async () => {
    const { stdout } = await latchkey(...PUT, ...JWKS);
    expect(stdout).not.toContain('weaker');
    expect((await latchkey('issuer', 'get', URL_OF_ISSUER)).stdout).not.toMatch(/weaker|oldest|clients/);
  });

  test.each([
    ['two places for its keys', [...PUT, ...JWKS, '--discovery']],
    ['no place for its keys', PUT],
    ['discovery turned off', [...PUT, '--no-discovery']],
    ['an age that is none', [...PUT, ...JWKS, '--maximum-age', 'day']],
    ['an age of nothing', [...PUT, ...JWKS, '--maximum-age', '0']],
    ['a skew that is none', [...PUT, ...JWKS, '--clock-skew', '-1']],
    ['a claim without a value', [...PUT, ...JWKS, '--required-claim', 'env']],
    ['another use', [...PUT, ...JWKS, '--token-use', 'twice']],
    ['a file beside terms', ['issuer', 'put', URL_OF_ISSUER, '--file', '-', '--client-id', 'app']],
  ])('are not sent with %s', async (_what, argv) => {
    const { code, requests } = await latchkey(...argv);
    expect([code, requests]).toEqual([2, []]);
  });
});
