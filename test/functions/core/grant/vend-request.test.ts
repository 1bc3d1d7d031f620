import { expect, test } from 'vitest';
import { readContexts, readMfa } from '../../../../functions/core/grant/vend-request.ts';
import { secret } from '../../../../functions/core/secret.ts';
import { sampleProfile } from '../sample.ts';

const NAMED = 'arn:aws:iam::aws:contextProvider/IdentityCenter';
const contexts = [{ providerArn: `${NAMED}2`, contextAssertion: secret('assertion') }];
const mfa = { serialNumber: 'GAHT12345678', tokenCode: secret('123456') };

test.each<[string, () => unknown, string]>([
  [
    'a context of another provider',
    () => readContexts(sampleProfile({ contextProviders: [NAMED] }), contexts),
    'contexts: got a provider that this profile does not name',
  ],
  ['a code that nobody checks', () => readMfa(sampleProfile(), mfa), 'mfa: this profile takes none'],
])('%s is refused in these words', (_what, read, message) => {
  expect(read).toThrow(expect.objectContaining({ code: 'request_invalid', message }));
});
