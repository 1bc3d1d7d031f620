import { describe, expect, it, test } from 'vitest';
import type { ProfileDefinition } from '../../../../functions/core/profile/profile-definition.ts';
import { RESOURCES, sampleDefinition } from '../sample.ts';
import { previewOf, ROLE_POLICY } from './sample-preview.ts';

const { tenantRoleArn, federatedRoleArn, mfaRoleArn, federationUserArn, tenantUserArnPrefix } = RESOURCES;
const OWN_USER = `${tenantUserArnPrefix}acme`;
const own = { action: 's3:GetObject', resource: `${RESOURCES.tenantBucketArn}/acme/a.txt` };
const foreign = { ...own, resource: `${RESOURCES.tenantBucketArn}/globex/a.txt` };

const FEDERATED = { roleArn: '{{resources.federatedRoleArn}}' };
const TENANT_USER = { userArn: '{{resources.tenantUserArnPrefix}}{{tenant.id}}' };
const profiles = {
  assumeRole: sampleDefinition(),
  signed: sampleDefinition({ ...FEDERATED, method: 'webIdentity' }),
  caller: sampleDefinition({ ...FEDERATED, method: 'webIdentity', webIdentityToken: 'caller' }),
  saml: sampleDefinition({ ...FEDERATED, method: 'saml' }),
  mfa: sampleDefinition({ ...TENANT_USER, roleArn: '{{resources.mfaRoleArn}}', mfa: 'required' }),
  federation: ofUser({ method: 'federationToken', userArn: '{{resources.federationUserArn}}' }),
  lasting: ofUser({ ...TENANT_USER, method: 'sessionToken', mfa: 'required' }),
} as const;

function ofUser(changes: Partial<ProfileDefinition>): ProfileDefinition {
  const { roleArn: _, ...definition } = sampleDefinition(changes);
  return definition;
}

const preview = (name: keyof typeof profiles, durationSeconds?: object, limits = {}) =>
  previewOf(
    { requests: [own, foreign] },
    {
      deployed: [{ ...profiles[name], ...(durationSeconds && { durationSeconds }) }],
      tenant: { limits },
    },
  );

describe('how a session is made', () => {
  test.each([
    ['assumeRole', { method: 'assumeRole', mfa: 'none', roleArn: tenantRoleArn }],
    [
      'signed',
      { method: 'webIdentity', mfa: 'none', webIdentityToken: 'latchkey', roleArn: federatedRoleArn },
    ],
    ['caller', { method: 'webIdentity', mfa: 'none', webIdentityToken: 'caller', roleArn: federatedRoleArn }],
    ['saml', { method: 'saml', mfa: 'none', roleArn: federatedRoleArn }],
    ['mfa', { method: 'assumeRole', mfa: 'required', roleArn: mfaRoleArn, userArn: OWN_USER }],
    ['federation', { method: 'federationToken', mfa: 'none', userArn: federationUserArn }],
    ['lasting', { method: 'sessionToken', mfa: 'required', userArn: OWN_USER }],
  ] as const)('is told, and what from: %s', (name, expected) => {
    const { method, mfa, webIdentityToken, roleArn, userArn } = preview(name);
    const told = { method, mfa, webIdentityToken, roleArn, userArn };
    expect(told).toEqual({
      webIdentityToken: undefined,
      roleArn: undefined,
      userArn: undefined,
      ...expected,
    });
  });

  it('has no tags where STS takes none', () => {
    expect(preview('lasting').tags).toEqual([]);
    expect(preview('federation').tags).toEqual([{ key: 'TenantId', value: 'acme' }]);
  });
});

describe('the duration', () => {
  const twelve = { default: 3600, maximum: 43_200 };
  test.each<[keyof typeof profiles, object, object, readonly unknown[]]>([
    ['assumeRole', {}, {}, [3600, 'chaining_hour']],
    ['assumeRole', {}, { maximumDurationSeconds: 3600 }, [3600, 'chaining_hour']],
    ['signed', twelve, {}, [43_200, 'profile_maximum']],
    ['signed', {}, {}, [3600, 'profile_maximum']],
    ['signed', twelve, { maximumDurationSeconds: 3600 }, [3600, 'tenant_limit']],
    ['mfa', {}, {}, [3600, 'profile_maximum']],
    ['federation', { default: 3600, maximum: 129_600 }, {}, [129_600, 'profile_maximum']],
  ])(
    'of %s, %j within %j, is an hour by chaining only where sessions are chained',
    (name, own, limits, most) => {
      const { maximumSeconds, maximumDecidedBy } = preview(name, own, limits).duration;
      expect([maximumSeconds, maximumDecidedBy]).toEqual(most);
    },
  );
});

describe('a verdict', () => {
  const NOT_KNOWN = (arn: string) =>
    `evaluated: the session policy alone, since the policy of ${arn} is not known here`;
  test.each<[keyof typeof profiles, boolean, string]>([
    ['assumeRole', true, "evaluated: the role's own policy and the session policy"],
    ['signed', true, "evaluated: the role's own policy and the session policy"],
    ['caller', true, "evaluated: the role's own policy and the session policy"],
    ['saml', true, "evaluated: the role's own policy and the session policy"],
    ['mfa', false, NOT_KNOWN(mfaRoleArn)],
    ['federation', false, NOT_KNOWN(federationUserArn)],
  ])('of %s is by all that is known', (name, rolePolicy, note) => {
    const { evaluation, requests } = preview(name);
    expect([evaluation.rolePolicy, evaluation.note.startsWith(note)]).toEqual([rolePolicy, true]);
    expect(requests.map(({ effect }) => effect)).toEqual(['allowed', 'implicitly_denied']);
  });

  it('is none on the session of an IAM user, for which AWS takes no policy', () => {
    const { evaluation, requests } = preview('lasting');
    expect(evaluation).toMatchObject({ rolePolicy: false, fault: expect.stringContaining(OWN_USER) });
    expect(evaluation.note).toMatch(/^evaluated: nothing/);
    expect(requests.map(({ effect }) => effect)).toEqual(['undecided', 'undecided']);
  });

  test.each<[keyof typeof profiles, boolean]>([
    ['signed', false],
    ['caller', true],
    ['saml', true],
    ['federation', false],
  ])('of %s comes with who can do without Latchkey, where somebody can: %s', (name, isSaid) => {
    expect(preview(name).evaluation.note.includes('can ask STS without Latchkey')).toBe(isSaid);
  });
});

describe('condition keys of the principal', () => {
  const asking = (Condition: object) => ({
    ...ROLE_POLICY,
    Statement: ROLE_POLICY.Statement.map((statement) => ({ ...statement, Condition })),
  });
  const effect = (name: keyof typeof profiles, Condition: object) =>
    previewOf({ requests: [own] }, { deployed: [profiles[name]], rolePolicy: asking(Condition) }).requests[0]
      ?.effect;
  const provider = { Null: { 'aws:FederatedProvider': 'true' } };

  it('say that a provider vouched for whoever came with a token or an assertion, and for nobody else', () => {
    const names = ['assumeRole', 'signed', 'caller', 'saml'] as const;
    expect(names.map((name) => effect(name, provider))).toEqual(['allowed', ...Array(3).fill('undecided')]);
  });

  it('are of a federated user with a federation token', () => {
    const federation = {
      ...profiles.federation,
      policy: {
        Version: '2012-10-17' as const,
        Statement: [
          {
            Effect: 'Allow' as const,
            Action: 's3:GetObject',
            Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/*',
            Condition: {
              StringEquals: { 'aws:PrincipalType': 'FederatedUser' },
              ArnLike: { 'aws:PrincipalArn': 'arn:aws:sts::111122223333:federated-user/*' },
            },
          },
        ],
      },
    };
    expect(previewOf({ requests: [own] }, { deployed: [federation] }).requests[0]?.effect).toBe('allowed');
  });
});

it('of a changed method is a changed setting', () => {
  const { diff } = previewOf(
    { profileDefinition: profiles.saml, diff: true },
    { deployed: [profiles.assumeRole] },
  );
  expect(diff?.settings.map(({ member }) => member)).toEqual(['method', 'roleArn']);
});
