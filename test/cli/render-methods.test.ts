import { describe, expect, it, test } from 'vitest';
import { renderPreview } from '../../cli/operators/render-preview.ts';
import { renderRevocationReport } from '../../cli/operators/render-revocation.ts';
import { renderVerification } from '../../cli/operators/render-verification.ts';
import type { ProfileDefinition } from '../../functions/core/profile/profile-definition.ts';
import { previewOf } from '../functions/core/preview/sample-preview.ts';
import { RESOURCES, sampleDefinition } from '../functions/core/sample.ts';

const { federatedRoleArn, mfaRoleArn, federationUserArn, tenantUserArnPrefix } = RESOURCES;
const OWN_USER = `${tenantUserArnPrefix}acme`;
const FEDERATED = { roleArn: '{{resources.federatedRoleArn}}' };
const { roleArn: _, ...withoutRole } = sampleDefinition();

describe('a preview', () => {
  test.each<[string, Partial<ProfileDefinition>, string | undefined, string | undefined]>([
    [
      'webIdentity, by a token that Latchkey signs',
      { ...FEDERATED, method: 'webIdentity' },
      federatedRoleArn,
      undefined,
    ],
    [
      "webIdentity, by the caller's token",
      { ...FEDERATED, method: 'webIdentity', webIdentityToken: 'caller' },
      federatedRoleArn,
      undefined,
    ],
    ['saml', { ...FEDERATED, method: 'saml' }, federatedRoleArn, undefined],
    [
      'assumeRole, with a code of an MFA device',
      {
        roleArn: '{{resources.mfaRoleArn}}',
        userArn: '{{resources.tenantUserArnPrefix}}{{tenant.id}}',
        mfa: 'required',
      },
      mfaRoleArn,
      OWN_USER,
    ],
    [
      'federationToken',
      { method: 'federationToken', userArn: '{{resources.federationUserArn}}' },
      undefined,
      federationUserArn,
    ],
  ])('says how the session is made: %s', (method, changes, roleArn, userArn) => {
    const deployed = [{ ...withoutRole, ...changes }];
    const lines = renderPreview(previewOf({}, { deployed })).split('\n');
    const told = (name: string) => lines.find((line) => line.startsWith(`${name} `))?.replace(/^\S+ +/, '');
    expect([told('method'), told('role'), told('user')]).toEqual([method, roleArn, userArn]);
  });
});

it('a revocation says on which users sessions are cut off, and what to do where nobody knows', () => {
  const statement = { Effect: 'Deny', Action: '*', Resource: '*' } as const;
  const text = renderRevocationReport({
    tenantId: 'acme',
    before: '2026-11-22T10:00:00Z',
    effectiveWithinSeconds: 600,
    roles: [],
    users: [
      { userArn: federationUserArn, outcome: 'cut_off', statement },
      { userArn: OWN_USER, outcome: 'unconfirmed', statement },
    ],
  });
  expect(text).toContain(`- cut off on ${federationUserArn}; it may take up to 600 s`);
  expect(text).toMatch(/NOT known to be cut off on \S+acme.*\n {4}\{\n {6}"Effect": "Deny"/);
});

it('a verification names the user where there is no role', () => {
  const probe = { profile: 'app', probe: 'canary_vend', outcome: 'failed', detail: 'seen' } as const;
  const report = { tenantId: 'acme', passed: false, verifiedAt: '2026-11-22T10:00:00.000Z' };
  const text = renderVerification({ ...report, probes: [{ ...probe, userArn: OWN_USER }] });
  expect(text).toContain(`user: ${OWN_USER}`);
  expect(text).not.toMatch(/role:|undefined/);
});
