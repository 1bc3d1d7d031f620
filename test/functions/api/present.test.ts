import { expect, test } from 'vitest';
import { presentIdentity } from '../../../functions/api/present.ts';
import type { ProfileDefinition } from '../../../functions/core/profile/profile-definition.ts';
import { sampleCaller, sampleProfile, sampleTenant } from '../core/sample.ts';

const roleArn = '{{resources.federatedRoleArn}}';

test.each<[string, Partial<ProfileDefinition>, Record<string, unknown>]>([
  ['assumeRole', {}, { method: 'assumeRole', route: '/credentials' }],
  [
    "the caller's token",
    { method: 'webIdentity', webIdentityToken: 'caller', roleArn },
    { method: 'webIdentity', webIdentityToken: 'caller', route: '/credentials' },
  ],
  [
    "Latchkey's token",
    { method: 'webIdentity', roleArn },
    { method: 'webIdentity', webIdentityToken: 'latchkey', route: '/credentials' },
  ],
  ['saml', { method: 'saml', roleArn }, { method: 'saml', route: '/credentials/saml' }],
])('whoami says how a profile is vended: %s', (_what, changes, expected) => {
  const profiles = [sampleProfile(changes)];
  const { body } = presentIdentity({ caller: sampleCaller(), tenant: sampleTenant(), profiles });
  const [{ method, webIdentityToken, route }] = JSON.parse(body).profiles;
  expect({ method, webIdentityToken, route }).toEqual({ webIdentityToken: undefined, ...expected });
});
