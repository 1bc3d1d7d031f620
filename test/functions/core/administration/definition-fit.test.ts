import { describe, expect, it, test } from 'vitest';
import {
  createDefinitionFit,
  type ProveProfile,
} from '../../../../functions/core/administration/definition-fit.ts';
import type { Fault } from '../../../../functions/core/errors.ts';
import { createProfileBook } from '../../../../functions/core/profile/profile-book.ts';
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
  ],
  RESOURCES,
);

function faultsOf(
  changes: Partial<TenantDefinitionInput>,
  allowLoopbackIssuers = false,
  proveProfile: ProveProfile = () => undefined,
): readonly Fault[] {
  const definition = parseTenantDefinition(sampleTenantDefinition(changes));
  try {
    createDefinitionFit({ profiles, proveProfile, allowLoopbackIssuers, clock })(ACME, definition);
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
