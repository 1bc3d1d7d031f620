import { describe, expect, it, test } from 'vitest';
import {
  assertMaking,
  type MakingDefinition,
  providedPrincipal,
} from '../../../../functions/core/profile/principal.ts';
import { RESOURCES } from '../sample.ts';

const ROLE = RESOURCES.tenantRoleArn;
const USER = RESOURCES.federationUserArn;
const TENANT_USER = `${RESOURCES.tenantUserArnPrefix}{{tenant.id}}`;

const definition = (changes: Partial<MakingDefinition> = {}): MakingDefinition => ({
  method: 'assumeRole',
  webIdentityToken: undefined,
  mfa: 'none',
  roleArn: ROLE,
  userArn: undefined,
  contextProviders: [],
  policyArns: [],
  tags: {},
  transitiveTagKeys: [],
  droppableTags: [],
  scope: {},
  requiredScopes: [],
  senderConstraint: 'optional',
  durationSeconds: { default: 3600, maximum: 3600 },
  ...changes,
});

const WEB: Partial<MakingDefinition> = { method: 'webIdentity', webIdentityToken: 'latchkey' };
const CALLER: Partial<MakingDefinition> = { method: 'webIdentity', webIdentityToken: 'caller' };
const SAML: Partial<MakingDefinition> = { method: 'saml' };
const FEDERATION: Partial<MakingDefinition> = {
  method: 'federationToken',
  roleArn: undefined,
  userArn: USER,
};
const SESSION: Partial<MakingDefinition> = {
  method: 'sessionToken',
  roleArn: undefined,
  userArn: TENANT_USER,
};
const MFA_ROLE: Partial<MakingDefinition> = { mfa: 'required', userArn: TENANT_USER };

const SCOPE = { scope: { folder: {} } };
const CONTEXTS = { contextProviders: ['arn:aws:iam::aws:contextProvider/x'] };
const POLICIES = { policyArns: [{}] };
const TAGS = { tags: { Plan: 'gold' } };
const TRANSITIVE = { transitiveTagKeys: ['TenantId'] };
const DROPPABLE = { droppableTags: ['Plan'] };
const SCOPES = { requiredScopes: ['vend'] };
const DPOP = { senderConstraint: 'dpop' };
const lasting = (maximum: number) => ({ durationSeconds: { default: 3600, maximum } });

describe('a profile may be made so', () => {
  test.each<[string, Partial<MakingDefinition>]>([
    [
      'assumeRole with all that there is',
      { ...CONTEXTS, ...POLICIES, ...TAGS, ...TRANSITIVE, ...DROPPABLE, ...SCOPE, ...SCOPES, ...DPOP },
    ],
    ['assumeRole with MFA', { ...MFA_ROLE, ...CONTEXTS, ...TAGS, ...TRANSITIVE, ...lasting(43_200) }],
    [
      'webIdentity',
      {
        ...WEB,
        ...POLICIES,
        ...TAGS,
        ...TRANSITIVE,
        ...DROPPABLE,
        ...SCOPE,
        ...SCOPES,
        ...DPOP,
        ...lasting(43_200),
      },
    ],
    [
      "webIdentity with the caller's token",
      { ...CALLER, ...POLICIES, ...TAGS, ...TRANSITIVE, ...lasting(43_200) },
    ],
    ['saml', { ...SAML, ...POLICIES, ...TAGS, ...TRANSITIVE, ...SCOPE, ...lasting(43_200) }],
    [
      'federationToken',
      {
        ...FEDERATION,
        ...POLICIES,
        ...TAGS,
        ...DROPPABLE,
        ...SCOPE,
        ...SCOPES,
        ...DPOP,
        ...lasting(129_600),
      },
    ],
    ['sessionToken', { ...SESSION, ...SCOPES, ...DPOP, ...lasting(129_600) }],
    ['sessionToken with MFA', { ...SESSION, mfa: 'required' }],
    ["a user's own path", { ...SESSION, userArn: 'arn:aws-cn:iam::111122223333:user/{{tenant.id}}' }],
  ])('%s', (_what, changes) => {
    expect(() => assertMaking(definition(changes))).not.toThrow();
  });
});

describe('what STS has no place for is refused', () => {
  test.each<[string, Partial<MakingDefinition>, RegExp]>([
    [
      'webIdentity: contexts',
      { ...WEB, ...CONTEXTS },
      /^contextProviders: .* none with the method webIdentity/,
    ],
    ['caller: contexts', { ...CALLER, ...CONTEXTS }, /^contextProviders: /],
    [
      'caller: tags that ride in the token cannot be dropped',
      { ...CALLER, ...DROPPABLE },
      /^droppableTags: /,
    ],
    ['caller: scopes', { ...CALLER, ...SCOPES }, /^requiredScopes: .* none with the method webIdentity/],
    ['saml: contexts', { ...SAML, ...CONTEXTS }, /^contextProviders: /],
    ['saml: droppable tags', { ...SAML, ...DROPPABLE }, /^droppableTags: /],
    ['saml: scopes', { ...SAML, ...SCOPES }, /^requiredScopes: /],
    ['saml: a proof', { ...SAML, ...DPOP }, /^senderConstraint: got "dpop"/],
    ['federationToken: contexts', { ...FEDERATION, ...CONTEXTS }, /^contextProviders: /],
    ['federationToken: transitive keys', { ...FEDERATION, ...TRANSITIVE }, /^transitiveTagKeys: /],
    ['sessionToken: contexts', { ...SESSION, ...CONTEXTS }, /^contextProviders: /],
    ['sessionToken: managed policies', { ...SESSION, ...POLICIES }, /^policyArns: /],
    ['sessionToken: tags', { ...SESSION, ...TAGS }, /^tags: /],
    ['sessionToken: transitive keys', { ...SESSION, ...TRANSITIVE }, /^transitiveTagKeys: /],
    ['sessionToken: droppable tags', { ...SESSION, ...DROPPABLE }, /^droppableTags: /],
    ['sessionToken: a scope', { ...SESSION, ...SCOPE }, /^scope: /],
    ['a token without webIdentity', { webIdentityToken: 'caller' }, /^webIdentityToken: got "caller"/],
    ['saml: a token', { ...SAML, webIdentityToken: 'latchkey' }, /^webIdentityToken: /],
    ['webIdentity: MFA', { ...WEB, mfa: 'required', userArn: TENANT_USER }, /^mfa: got "required"/],
    ['saml: MFA', { ...SAML, mfa: 'required', userArn: TENANT_USER }, /^mfa: got "required"/],
    [
      'a token without webIdentity, and nobody else',
      { webIdentityToken: 'caller', roleArn: undefined },
      /^webIdentityToken: /,
    ],
    ['federationToken: MFA', { ...FEDERATION, mfa: 'required' }, /^mfa: got "required"/],
  ])('%s', (_what, changes, message) => {
    expect(() => assertMaking(definition(changes))).toThrow(
      expect.objectContaining({ name: 'ConfigurationError', message: expect.stringMatching(message) }),
    );
  });
});

describe('a maximum that AWS does not reach is refused', () => {
  test.each<[string, Partial<MakingDefinition>, number, RegExp]>([
    ['assumeRole', {}, 3600, /webIdentity gives up to 43200/],
    ['assumeRole with MFA', MFA_ROLE, 43_200, /with the method assumeRole$/],
    ['webIdentity', WEB, 43_200, /with the method webIdentity$/],
    ["the caller's token", CALLER, 43_200, /with the method webIdentity$/],
    ['saml', SAML, 43_200, /with the method saml$/],
    ['federationToken', FEDERATION, 129_600, /with the method federationToken$/],
    ['sessionToken', SESSION, 129_600, /with the method sessionToken$/],
  ])('%s', (_what, changes, most, message) => {
    expect(() => assertMaking(definition({ ...changes, ...lasting(most) }))).not.toThrow();
    expect(() => assertMaking(definition({ ...changes, ...lasting(most + 1) }))).toThrow(message);
  });
});

describe('principals that do not go with the method are refused', () => {
  test.each<[string, Partial<MakingDefinition>, RegExp]>([
    [
      'assumeRole without a role',
      { roleArn: undefined },
      /^roleArn: got none, expected the ARN of an IAM role, such as \{\{resources\.tenantRoleArn\}\}$/,
    ],
    ['assumeRole by a user, without MFA', { userArn: USER }, /^userArn: .*expected none/],
    ['assumeRole of a user', { roleArn: USER }, /^roleArn: /],
    [
      'assumeRole with MFA and no role',
      { ...MFA_ROLE, roleArn: undefined },
      /^roleArn: .*, such as \{\{resources\.mfaRoleArn\}\}$/,
    ],
    [
      'assumeRole with MFA and nobody who asks',
      { ...MFA_ROLE, userArn: undefined },
      /^userArn: got none, .*, such as \{\{resources\.tenantUserArnPrefix\}\}\{\{tenant\.id\}\}$/,
    ],
    [
      'assumeRole with MFA and one user for all',
      { ...MFA_ROLE, userArn: USER },
      /its? own IAM user|tenant's own/,
    ],
    ['webIdentity without a role', { ...WEB, roleArn: undefined }, /^roleArn: /],
    ['webIdentity by a user', { ...WEB, userArn: USER }, /^userArn: /],
    ['saml without a role', { ...SAML, roleArn: undefined }, /^roleArn: /],
    ['federationToken with a role', { ...FEDERATION, roleArn: ROLE }, /^roleArn: .*expected none/],
    [
      'federationToken without a user',
      { ...FEDERATION, userArn: undefined },
      /^userArn: got none, .*, such as \{\{resources\.federationUserArn\}\}$/,
    ],
    ['federationToken of a role', { ...FEDERATION, userArn: ROLE }, /^userArn: /],
    ['sessionToken with a role', { ...SESSION, roleArn: ROLE }, /^roleArn: .*expected none/],
    ['sessionToken without a user', { ...SESSION, userArn: undefined }, /^userArn: got none/],
    ['sessionToken and one user for all', { ...SESSION, userArn: USER }, /tenant's own IAM user/],
    [
      'a user whose name only ends in the tenant',
      { ...SESSION, userArn: 'arn:aws:iam::111122223333:user/x-{{tenant.id}}' },
      /\/\{\{tenant\.id\}\}/,
    ],
    [
      'a user of whom the tenant is a path',
      { ...SESSION, userArn: 'arn:aws:iam::111122223333:user/{{tenant.id}}/x' },
      /\/\{\{tenant\.id\}\}/,
    ],
  ])('%s', (_what, changes, message) => {
    expect(() => assertMaking(definition(changes))).toThrow(
      expect.objectContaining({ name: 'ConfigurationError', message: expect.stringMatching(message) }),
    );
  });
});

describe('what a deployment provides', () => {
  it('goes with its method', () => {
    const resolved = (text: string | undefined) =>
      text?.replace(/\{\{resources\.(\w+)\}\}/, (_all, name) => RESOURCES[name as keyof typeof RESOURCES]);
    for (const changes of [{}, MFA_ROLE, WEB, CALLER, SAML, FEDERATION, SESSION]) {
      const making = definition(changes);
      const { roleArn, userArn } = providedPrincipal(making);
      const provided = { roleArn: resolved(roleArn), userArn: resolved(userArn) };
      expect(() => assertMaking({ ...making, ...provided })).not.toThrow();
    }
  });
});
