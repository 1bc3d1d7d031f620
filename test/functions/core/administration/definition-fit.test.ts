import { describe, expect, it, test } from 'vitest';
import {
  createDefinitionFit,
  type ProveProfile,
} from '../../../../functions/core/administration/definition-fit.ts';
import { ConfigurationError, type Fault } from '../../../../functions/core/errors.ts';
import type { Method } from '../../../../functions/core/grant/method.ts';
import { createProfileBook } from '../../../../functions/core/profile/profile-book.ts';
import type { ProfileDefinition } from '../../../../functions/core/profile/profile-definition.ts';
import type { Resources } from '../../../../functions/core/profile/resources.ts';
import type { ParseSamlMetadata } from '../../../../functions/core/saml/saml-provider.ts';
import {
  parseTenantDefinition,
  type TenantDefinitionInput,
} from '../../../../functions/core/tenant/tenant-definition.ts';
import { allow, clock, RESOURCES, sampleDefinition, sampleTenantDefinition } from '../sample.ts';
import { ACME } from './sample-administration.ts';

const FOLDER = { folder: { description: 'a folder', pattern: '[a-z]+/', optional: false } };
const KEY = {
  kty: 'OKP',
  crv: 'Ed25519',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
} as const;
const BUCKET = '{{resources.tenantBucketArn}}';

const FEDERATED = { roleArn: '{{resources.federatedRoleArn}}' };
const MFA = {
  roleArn: '{{resources.mfaRoleArn}}',
  userArn: '{{resources.tenantUserArnPrefix}}{{tenant.id}}',
};

const profiles = createProfileBook(
  [
    sampleDefinition(),
    sampleDefinition({
      name: 'by-plan',
      policy: allow({
        Condition: { StringEquals: { 's3:ExistingObjectTag/plan': '{{tenant.attributes.plan}}' } },
      }),
    }),
    sampleDefinition({
      name: 'tagged',
      tags: { Team: '{{tenant.attributes.division}}/{{tenant.attributes.team}}' },
    }),
    sampleDefinition({
      name: 'foldered',
      scope: FOLDER,
      requiredScopes: ['vend:folder'],
      policy: allow({ Resource: `${BUCKET}/{{tenant.id}}/{{scope.folder}}*` }),
    }),
    sampleDefinition({
      name: 'wide',
      policy: allow({
        Resource: Array.from(
          { length: 9 },
          (_, index) => `${BUCKET}/{{tenant.id}}/{{tenant.attributes.area}}/${index}/*`,
        ),
      }),
    }),
    sampleDefinition({ name: 'signed', ...FEDERATED, method: 'webIdentity' }),
    sampleDefinition({
      name: 'own-token',
      ...FEDERATED,
      method: 'webIdentity',
      webIdentityToken: 'caller',
      tags: { Plan: '{{tenant.attributes.plan}}' },
      transitiveTagKeys: ['Plan'],
    }),
    sampleDefinition({ name: 'asserted', ...FEDERATED, method: 'saml' }),
    sampleDefinition({ name: 'coded', mfa: 'required', ...MFA }),
    userDefinition('federated', 'federationToken', '{{resources.federationUserArn}}'),
    userDefinition('lasting', 'sessionToken', '{{resources.tenantUserArnPrefix}}{{tenant.id}}'),
  ],
  RESOURCES,
);

const parseSamlMetadata: ParseSamlMetadata = (xml) => {
  const entityId = /entityID="([^"]+)"/.exec(xml)?.[1];
  if (entityId === undefined) throw new ConfigurationError('got no entityID');
  return { entityId, certificates: ['certificate'] };
};

function userDefinition(name: string, method: Method, userArn: string): ProfileDefinition {
  const { roleArn: _, ...definition } = sampleDefinition({ name, method, userArn });
  return definition;
}

function faultsOf(
  changes: Partial<TenantDefinitionInput>,
  allowLoopbackIssuers = false,
  proveProfile: ProveProfile = () => undefined,
  resources: Resources = RESOURCES,
): readonly Fault[] {
  const definition = parseTenantDefinition(sampleTenantDefinition(changes));
  try {
    createDefinitionFit({
      profiles,
      resources,
      proveProfile,
      parseSamlMetadata,
      allowLoopbackIssuers,
      clock,
    })(ACME, definition);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'request_invalid' });
    return (error as { faults: readonly Fault[] }).faults;
  }
}

const granted = (profile: string, attributes: TenantDefinitionInput['attributes'] = {}) => ({
  profiles: [profile],
  defaultProfile: profile,
  attributes,
});
const own = (jwksUri: string) => ({ issuers: [{ url: 'https://own.example', audience: 'x', jwksUri }] });

describe('a definition fits', () => {
  test.each<[string, Partial<TenantDefinitionInput>]>([
    ['with a profile that needs nothing', granted('app')],
    ['with the attribute of a policy', granted('by-plan', { plan: 'gold' })],
    ['with an attribute that IAM would read, which is escaped', granted('by-plan', { plan: '*' })],
    ['with attributes that are no texts', granted('tagged', { division: 7, team: true })],
    ['with a profile whose scopes and parameters are the caller’s to bring', granted('foldered')],
    [
      'with a profile of its own',
      { profiles: ['app', 'own'], ownProfiles: [sampleDefinition({ name: 'own' })] },
    ],
    ['with keys over https', own('https://own.example/jwks')],
    [
      'with keys in the definition',
      { issuers: [{ url: 'https://own.example', audience: 'x', jwks: { keys: [KEY] } }] },
    ],
  ])('%s', (_what, changes) => {
    expect(faultsOf(changes)).toEqual([]);
  });

  it.each(['http://localhost:1/x', 'http://127.0.0.1/x', 'http://[::1]:8080/x'])(
    'locally with keys from %s',
    (jwksUri) => {
      expect(faultsOf(own(jwksUri), true)).toEqual([]);
      expect(faultsOf(own(jwksUri)).map(({ path }) => path)).toEqual([['issuers', 0, 'jwksUri']]);
    },
  );
});

describe('a definition does not fit', () => {
  test.each<[string, Partial<TenantDefinitionInput>, Fault['path']]>([
    ['a profile that does not exist', { profiles: ['app', 'admin'] }, ['profiles', 1]],
    ['a profile called as what every object has', { profiles: ['app', 'constructor'] }, ['profiles', 1]],
    ['no attribute for a policy', granted('by-plan'), ['attributes', 'plan']],
    [
      'an attribute that no policy can hold',
      granted('by-plan', { plan: 'gold\u200b' }),
      ['attributes', 'plan'],
    ],
    ['no attribute for a tag', granted('tagged', { team: 'x' }), ['attributes', 'division']],
    [
      'an own profile that is not bounded',
      {
        profiles: ['app', 'own'],
        ownProfiles: [sampleDefinition({ name: 'own', policy: allow({ Resource: '*' }) })],
      },
      ['ownProfiles'],
    ],
    [
      'an attribute that makes the policy too long',
      granted('wide', { area: 'x'.repeat(250) }),
      ['profiles', 0],
    ],
    ['keys over http', own('http://own.example/jwks'), ['issuers', 0, 'jwksUri']],
    [
      'keys over http from what only looks local',
      own('http://localhost.example/jwks'),
      ['issuers', 0, 'jwksUri'],
    ],
  ])('with %s', (_what, changes, path) => {
    expect(faultsOf(changes, true).map((fault) => fault.path)).toEqual([path]);
  });

  it('with a value that no tag can hold, and names every attribute in the tag', () => {
    const faults = faultsOf(granted('tagged', { division: 'a*b', team: 'x' }));
    expect(faults.map(({ path }) => path)).toEqual([
      ['attributes', 'division'],
      ['attributes', 'team'],
    ]);
  });

  it('and says every fault at once', () => {
    const faults = faultsOf({
      ...own('http://own.example'),
      profiles: ['admin', 'by-plan'],
      defaultProfile: 'admin',
    });
    expect(faults.map(({ path }) => path)).toEqual([
      ['issuers', 0, 'jwksUri'],
      ['profiles', 0],
      ['attributes', 'plan'],
    ]);
  });
});

it('refuses an own profile that is not proved, at its place, and asks of no other', () => {
  const own = sampleDefinition({ name: 'own' });
  const asked: string[] = [];
  const proveProfile: ProveProfile = ({ name }) => {
    asked.push(name);
    return 'own: NOT PROVED';
  };
  const faults = faultsOf({ profiles: ['app', 'own'], ownProfiles: [own as never] }, false, proveProfile);
  expect(faults).toEqual([{ path: ['ownProfiles', 0], message: 'own: NOT PROVED' }]);
  expect(asked).toEqual(['own']);
});

describe('each way of making sessions', () => {
  test.each([
    ['signed', {}],
    ['own-token', { plan: 'gold' }],
    ['asserted', {}],
    ['coded', {}],
    ['federated', {}],
    ['lasting', {}],
  ])('fits: %s', (profile, attributes) => {
    expect(faultsOf(granted(profile, attributes))).toEqual([]);
  });

  it('is held to the attributes that its tags insert', () => {
    expect(faultsOf(granted('own-token'))).toMatchObject([{ path: ['attributes', 'plan'] }]);
  });
});

describe("a role of the tenant's own", () => {
  const here = 'arn:aws:iam::111122223333:role/latchkey-acme';
  const there = 'arn:aws:iam::444455556666:role/latchkey-acme';
  const withRole = (profile: string, roleArn: string) => ({
    ...granted(profile, { plan: 'gold' }),
    roles: { [profile]: { roleArn } },
  });

  test.each(['own-token', 'asserted'])(
    'for %s, whose holder needs no Latchkey, is refused in the account of the deployment',
    (profile) => {
      expect(faultsOf(withRole(profile, here))).toEqual([
        {
          path: ['roles', profile, 'roleArn'],
          message: expect.stringContaining("in an account of the tenant's own"),
        },
      ]);
      expect(faultsOf(withRole(profile, there))).toEqual([]);
    },
  );

  const { tenantRoleArn: _, ...unnamed } = RESOURCES;
  test.each<[string, Resources]>([
    ...Object.entries(RESOURCES)
      .filter(([, arn]) => arn.includes(':111122223333:'))
      .map(([name, arn]): [string, Resources] => [
        name,
        { ...RESOURCES, [name]: arn.replace('111122223333', '444455556666') },
      ]),
    ['nothing that is known', unnamed],
  ])('is refused in whichever account the deployment has something: %s', (_what, resources) => {
    const faults = faultsOf(withRole('asserted', there), false, () => undefined, resources);
    expect(faults).toMatchObject([{ path: ['roles', 'asserted', 'roleArn'] }]);
  });

  test.each(['app', 'signed'])('for %s, which has a session policy, may be in any', (profile) => {
    expect(faultsOf(withRole(profile, here))).toEqual([]);
  });
});

describe('SAML identity providers', () => {
  const provider = (name: string, metadata: string) => ({
    providerArn: `arn:aws:iam::111122223333:saml-provider/${name}`,
    metadata,
  });
  const acme = provider('acme', '<EntityDescriptor entityID="https://idp.acme.example"/>');

  it('fit with metadata that can be read', () => {
    expect(faultsOf({ samlProviders: [acme] })).toEqual([]);
  });

  test.each([
    ['metadata that cannot be read', [provider('acme', '<nothing/>')], 0],
    ['two of one entityID', [acme, { ...acme, providerArn: `${acme.providerArn}2` }], 1],
  ])('do not fit with %s', (_what, samlProviders, index) => {
    expect(faultsOf({ samlProviders })).toMatchObject([{ path: ['samlProviders', index, 'metadata'] }]);
  });
});

test('a limit may be as long as the longest session of all, and no longer', () => {
  const limited = (maximumDurationSeconds: number) => () =>
    parseTenantDefinition(sampleTenantDefinition({ limits: { maximumDurationSeconds } }));
  expect(limited(129_600)().limits.maximumDurationSeconds).toBe(129_600);
  expect(limited(129_601)).toThrow('maximumDurationSeconds');
});
