import { describe, expect, it, test } from 'vitest';
import {
  type AssertionAttribute,
  namesRole,
  readAwsAttributes,
} from '../../../../functions/core/saml/aws-attributes.ts';

const PREFIX = 'https://aws.amazon.com/SAML/Attributes/';
const attribute = (name: string, ...values: readonly (string | undefined)[]): AssertionAttribute => ({
  name: `${PREFIX}${name}`,
  values,
});

describe('what an assertion says to AWS', () => {
  it('is read to the letter', () => {
    expect(
      readAwsAttributes([
        attribute('Role', 'role,provider', 'other,provider'),
        attribute('RoleSessionName', 'acme.ann'),
        attribute('SourceIdentity', 'acme.ann'),
        attribute('SessionDuration', '3600'),
        attribute('PrincipalTag:TenantId', 'acme'),
        attribute('PrincipalTag:plan', ''),
        attribute('TransitiveTagKeys', 'TenantId', 'plan'),
        { name: 'urn:oid:1.3.6.1.4.1.5923.1.1.1.1', values: ['member', undefined] },
      ]),
    ).toEqual({
      roles: ['role,provider', 'other,provider'],
      carried: {
        tags: [
          { key: 'TenantId', value: 'acme' },
          { key: 'plan', value: '' },
        ],
        transitiveTagKeys: ['TenantId', 'plan'],
        sourceIdentity: 'acme.ann',
        roleSessionName: 'acme.ann',
      },
    });
  });

  it('is nothing where it says nothing', () => {
    expect(readAwsAttributes([])).toEqual({
      roles: [],
      carried: { tags: [], transitiveTagKeys: [], sourceIdentity: undefined, roleSessionName: undefined },
    });
  });

  test.each<[string, readonly AssertionAttribute[]]>([
    ['a tag with two values', [attribute('PrincipalTag:TenantId', 'acme', 'globex')]],
    ['a tag without a value', [attribute('PrincipalTag:TenantId')]],
    ['a tag of markup', [attribute('PrincipalTag:TenantId', undefined)]],
    [
      'a tag in two attributes',
      [attribute('PrincipalTag:TenantId', 'acme'), attribute('PrincipalTag:TenantId', 'globex')],
    ],
    ['a role of markup', [attribute('Role', 'a,b', undefined)]],
    ['roles in two attributes', [attribute('Role', 'a,b'), attribute('Role', 'a,c')]],
    ['two session names', [attribute('RoleSessionName', 'acme.a', 'acme.b')]],
    ['two source identities', [attribute('SourceIdentity', 'acme.a', 'acme.b')]],
    ['a name in other case', [attribute('principaltag:TenantId', 'globex')]],
    [
      'a prefix in other case',
      [{ name: `${PREFIX.toUpperCase()}PrincipalTag:TenantId`, values: ['globex'] }],
    ],
    ['a name behind a blank', [{ name: ` ${PREFIX}PrincipalTag:TenantId`, values: ['globex'] }]],
    ['a name that nobody knows', [attribute('Tag:TenantId', 'globex')]],
  ])('is unreadable with %s', (_what, attributes) => {
    const known = [attribute('RoleSessionName', 'acme.ann')].filter(
      ({ name }) => !attributes.some((each) => each.name === name),
    );
    expect(readAwsAttributes([...known, ...attributes])).toEqual({ roles: [], carried: 'unreadable' });
  });
});

test.each([
  ['role,provider', true],
  ['provider,role', true],
  ['role, provider', false],
  ['role,provider,role', false],
  ['role', false],
  ['xrole,provider', false],
])('%s names the role: %s', (value, names) => {
  expect(namesRole(['x,y', value], 'role', 'provider')).toBe(names);
});
