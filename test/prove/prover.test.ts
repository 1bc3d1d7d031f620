import { describe, expect, it, test } from 'vitest';
import { parseProfile } from '../../functions/core/profile/profile.ts';
import type { ProfileDefinition } from '../../functions/core/profile/profile-definition.ts';
import { createProver, type ProverOptions } from '../../prove/prover.ts';
import { RESOURCES, sampleDefinition } from '../functions/core/sample.ts';
import { ANYTHING, documentOf, read } from './trial.ts';

const BUCKET = RESOURCES.tenantBucketArn;
const BOUNDED = documentOf([read(`${BUCKET}/\${aws:PrincipalTag/TenantId}/*`)]);
/** Enough for sessions that have a session policy, and too much for those that have none. */
const LEANING = documentOf([read(`${BUCKET}/*`)]);
const OWNERSHIP = { owned: [{ name: 'objects', resource: `${BUCKET}/{{tenant.id}}/*` }], shared: [] };

const FEDERATED = '{{resources.federatedRoleArn}}';
const MAKINGS: Readonly<Record<string, Partial<ProfileDefinition>>> = {
  assumeRole: {},
  'webIdentity, a token of Latchkey': { method: 'webIdentity', roleArn: FEDERATED },
  "webIdentity, the caller's token": {
    method: 'webIdentity',
    webIdentityToken: 'caller',
    roleArn: FEDERATED,
  },
  saml: { method: 'saml', roleArn: FEDERATED },
};
const RIDING = ["webIdentity, the caller's token", 'saml'];

function fault(
  making: Partial<ProfileDefinition>,
  policies: Pick<ProverOptions, 'tenantRolePolicy' | 'federatedRolePolicy'>,
): string | undefined {
  const prove = createProver({
    ...policies,
    ownership: OWNERSHIP,
    managedPolicies: {},
    resources: RESOURCES,
  });
  return prove(parseProfile(sampleDefinition(making), RESOURCES));
}

describe.each(Object.entries(MAKINGS))('a profile with %s', (name, making) => {
  it('is proved over roles that are bounded by themselves', () => {
    expect(fault(making, { tenantRolePolicy: BOUNDED })).toBeUndefined();
  });

  test.each([
    ['that lean on the session policy', { tenantRolePolicy: LEANING }],
    ['of which the one for tokens does', { tenantRolePolicy: BOUNDED, federatedRolePolicy: LEANING }],
    ['that are not known', { tenantRolePolicy: undefined }],
  ])(RIDING.includes(name) ? 'is refused over roles %s' : 'is proved over roles %s', (_, policies) => {
    const found = fault(making, policies);
    if (RIDING.includes(name)) expect(found).toContain('app, by its role alone: NOT PROVED');
    else expect(found).toBeUndefined();
  });

  it('does not mind a tenant role that it has nothing to do with', () => {
    const policies = { tenantRolePolicy: LEANING, federatedRolePolicy: BOUNDED };
    expect(fault(making, policies)).toBeUndefined();
  });
});

test('a role that is neither of the two is taken to permit everything', () => {
  const elsewhere = { roleArn: 'arn:aws:iam::111122223333:role/elsewhere' };
  const policies = { tenantRolePolicy: BOUNDED };
  expect(fault({ ...MAKINGS['saml'], ...elsewhere }, policies)).toContain('by its role alone: NOT PROVED');
  expect(fault(elsewhere, policies)).toBeUndefined();
});

test('the session of an IAM user is proved by its session policy', () => {
  const policies = { tenantRolePolicy: documentOf([ANYTHING]) };
  const user = { method: 'federationToken' as const, userArn: '{{resources.federationUserArn}}' };
  const { roleArn: _, ...definition } = sampleDefinition(user);
  const prove = createProver({
    ...policies,
    ownership: OWNERSHIP,
    managedPolicies: {},
    resources: RESOURCES,
  });
  expect(prove(parseProfile(definition, RESOURCES))).toBeUndefined();
});
