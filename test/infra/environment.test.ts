import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../functions/core/errors.ts';
import { assertEnvironments } from '../../infra/assert-environments.ts';
import type { Environment } from '../../infra/environment.ts';
import { environments } from '../../infra/environments.ts';
import { everyChoice, plainEnvironment } from './synthesized.ts';

const OWN_DATA = {
  bucketArn: 'arn:aws:s3:::company-data',
  tableArn: 'arn:aws:dynamodb:eu-central-1:111122223333:table/company-items',
};

const MTLS_DOMAIN = {
  name: 'vend.example.com',
  certificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/0b1c2d3e-1111-2222-3333-444455556666',
  clientCertificates: { bucketName: 'authorities', key: 'clients.pem' },
};

const { clientCertificates: _none, ...DOMAIN } = MTLS_DOMAIN;

const OPEN_ID = 'arn:aws:iam::111122223333:oidc-provider/id.example.com';
const COMPANY_PROVIDER = { arn: OPEN_ID, audience: 'latchkey' };
const TENANT_PROVIDER = { arn: `${OPEN_ID}/acme`, audience: 'acme-app', tenantId: 'acme' };
const SAML_PROVIDER = { arn: 'arn:aws:iam::111122223333:saml-provider/acme', tenantId: 'acme' };

const SBT_TENANT = { profiles: ['app'], defaultProfile: 'app', displayName: '{{detail.tenantName}}' };

function manyProviders(count: number) {
  return Array.from({ length: count }, (_, index) => ({ ...COMPANY_PROVIDER, arn: `${OPEN_ID}/${index}` }));
}

test('dev, staging and prod are right as they stand; prod alone keeps its data', () => {
  expect(() => assertEnvironments(environments)).not.toThrow();
  expect(environments.map(({ name, retainData }) => [name, retainData])).toEqual([
    ['dev', false],
    ['staging', false],
    ['prod', true],
  ]);
});

test.each(['signingKeys', 'identityProviders', 'iamUsers'])('%s are off in all of them', (member) => {
  for (const environment of environments) expect(environment).not.toHaveProperty(member);
});

describe('taken', () => {
  test.each<[string, Partial<Environment>]>([
    ['an account', { account: '111122223333' }],
    ['a Region of another partition', { region: 'us-gov-west-1' }],
    ['data of its own', { tenantData: OWN_DATA }],
    ['one role of one customer', { customerRoleArns: ['arn:aws:iam::111122223333:role/latchkey'] }],
    ['a pattern of roles', { customerRoleArns: ['arn:aws:iam::*:role/latchkey-*'] }],
    ['a topic for alarms', { alarmTopicArn: 'arn:aws:sns:eu-central-1:111122223333:operators' }],
    ['Regions to fall back to', { stsFallbackRegions: ['eu-west-1', 'us-east-1'] }],
    ['a share of the quota, and a deadline', { vendsPerSecond: 100, deadlineMilliseconds: 1000 }],
    ['pages of an origin', { allowedOrigins: ['https://app.example.com'] }],
    ['a web ACL', { webAcl: { requestsPerFiveMinutes: 1000 } }],
    ['a private API', { privateEndpointIds: ['vpce-0123456789abcdef0'] }],
    ['a name of its own, with mutual TLS', { domain: MTLS_DOMAIN }],
    ['a template of the tenants of SBT', { sbt: { tenantTemplate: SBT_TENANT } }],
    ['keys to sign with, under a name of its own', { domain: DOMAIN, signingKeys: ['spring', 'autumn-2'] }],
    ['a provider of the company', { identityProviders: [COMPANY_PROVIDER] }],
    ["a tenant's provider with a path", { identityProviders: [TENANT_PROVIDER] }],
    [
      'a provider with a slash at its end',
      { identityProviders: [{ ...COMPANY_PROVIDER, arn: `${OPEN_ID}/` }] },
    ],
    ["a tenant's SAML provider", { identityProviders: [SAML_PROVIDER] }],
    ['a user that federates', { iamUsers: { federation: true } }],
    ["tenants' users, keys rotated", { iamUsers: { tenants: ['acme', 'globex'], keySerial: 2 } }],
    ['all of it', everyChoice],
  ])('%s', (_what, differences) => {
    expect(() => assertEnvironments([{ ...plainEnvironment, ...differences }])).not.toThrow();
  });
});

describe('refused, in one line that names environment and member', () => {
  test.each<[string, Partial<Environment>]>([
    ['account', { account: '1111-2222-3333' }],
    ['region', { region: 'Frankfurt' }],
    ['throttle', { throttle: { requestsPerSecond: 0, burst: 0 } }],
    ['throttle', { throttle: { requestsPerSecond: 10, burst: 5 } }],
    ['memoryMegabytes', { memoryMegabytes: 64 }],
    ['tenantData.bucketArn', { tenantData: { ...OWN_DATA, bucketArn: 'company-data' } }],
    ['tenantData.bucketArn', { tenantData: { ...OWN_DATA, bucketArn: 'arn:aws:s3:::*' } }],
    ['tenantData.tableArn', { tenantData: { ...OWN_DATA, tableArn: `${OWN_DATA.tableArn}/index/*` } }],
    ['customerRoleArns', { customerRoleArns: ['*'] }],
    ['customerRoleArns', { customerRoleArns: ['arn:aws:iam::*:role/*'] }],
    ['customerRoleArns', { customerRoleArns: ['arn:aws:iam::*:user/latchkey'] }],
    ['alarmTopicArn', { alarmTopicArn: 'operators' }],
    ['vendsPerSecond', { vendsPerSecond: 0 }],
    ['stsFallbackRegions', { stsFallbackRegions: ['Ireland'] }],
    ['stsFallbackRegions', { stsFallbackRegions: ['eu-central-1'] }],
    ['deadlineMilliseconds', { deadlineMilliseconds: 20_000 }],
    ['allowedOrigins', { allowedOrigins: ['*'] }],
    ['allowedOrigins', { allowedOrigins: ['https://app.example.com/'] }],
    ['allowedOrigins', { allowedOrigins: ['http://app.example.com'] }],
    ['webAcl.requestsPerFiveMinutes', { webAcl: { requestsPerFiveMinutes: 1 } }],
    ['privateEndpointIds', { privateEndpointIds: [] }],
    ['privateEndpointIds', { privateEndpointIds: ['vpc-0123456789abcdef0'] }],
    ['domain.name', { domain: { ...MTLS_DOMAIN, name: 'Vend.Example.com' } }],
    ['domain.certificateArn', { domain: { ...MTLS_DOMAIN, certificateArn: 'certificate' } }],
    ['domain', { domain: MTLS_DOMAIN, privateEndpointIds: ['vpce-0123456789abcdef0'] }],
    ['signingKeys', { domain: DOMAIN, signingKeys: [] }],
    ['signingKeys', { domain: DOMAIN, signingKeys: ['a', 'b', 'c', 'd', 'e', 'f'] }],
    ['signingKeys', { domain: DOMAIN, signingKeys: ['spring', 'spring'] }],
    ['signingKeys', { domain: DOMAIN, signingKeys: ['Spring'] }],
    ['signingKeys', { signingKeys: ['spring'] }],
    ['signingKeys', { domain: MTLS_DOMAIN, signingKeys: ['spring'] }],
    ['signingKeys', { privateEndpointIds: ['vpce-0123456789abcdef0'], signingKeys: ['spring'] }],
    ['identityProviders', { identityProviders: [] }],
    ['identityProviders', { identityProviders: [SAML_PROVIDER, SAML_PROVIDER] }],
    ['identityProviders', { identityProviders: manyProviders(21) }],
    ['identityProviders', { identityProviders: [{ arn: OPEN_ID }] }],
    ['identityProviders', { identityProviders: [{ arn: SAML_PROVIDER.arn }] }],
    ['identityProviders', { identityProviders: [{ ...SAML_PROVIDER, audience: 'x' }] }],
    [
      'identityProviders',
      { identityProviders: [{ ...COMPANY_PROVIDER, arn: OPEN_ID.replace('oidc', 'any') }] },
    ],
    ['identityProviders', { identityProviders: [{ ...COMPANY_PROVIDER, arn: `${OPEN_ID}/*` }] }],
    ['identityProviders.arn', { region: 'cn-north-1', identityProviders: [COMPANY_PROVIDER] }],
    ['identityProviders.arn', { account: '444455556666', identityProviders: [COMPANY_PROVIDER] }],
    [
      'identityProviders.arn',
      {
        domain: { ...DOMAIN, name: 'id.example.com' },
        signingKeys: ['spring'],
        identityProviders: [COMPANY_PROVIDER],
      },
    ],
    ['identityProviders.audience', { identityProviders: [{ ...COMPANY_PROVIDER, audience: '${aws:x}' }] }],
    ['identityProviders.audience', { identityProviders: [{ ...COMPANY_PROVIDER, audience: '' }] }],
    ['identityProviders.tenantId', { identityProviders: [{ ...SAML_PROVIDER, tenantId: 'Acme' }] }],
    ['identityProviders.tenantId', { identityProviders: [{ ...SAML_PROVIDER, tenantId: 'acme*' }] }],
    ['iamUsers', { iamUsers: {} }],
    ['iamUsers.tenants', { iamUsers: { tenants: [] } }],
    ['iamUsers.tenants', { iamUsers: { tenants: ['acme', 'acme'] } }],
    ['iamUsers.tenants', { iamUsers: { tenants: ['Acme'] } }],
    ['iamUsers.tenants', { iamUsers: { tenants: ['latchkey-probe'] } }],
    [
      'iamUsers.tenants',
      { iamUsers: { tenants: Array.from({ length: 31 }, (_, index) => `tenant-${index}`) } },
    ],
    ['iamUsers.keySerial', { iamUsers: { federation: true, keySerial: 0 } }],
    [
      'sbt.tenantTemplate: tenant',
      { sbt: { tenantTemplate: { ...SBT_TENANT, profiles: ['{{detail.tier}}'] } } },
    ],
  ])('%s: %j', (member, differences) => {
    const attempt = () => assertEnvironments([{ ...plainEnvironment, ...differences }]);
    expect(attempt).toThrow(ConfigurationError);
    expect(attempt).toThrow(new RegExp(`^environment test: ${member}: got [^\\n]*, expected [^\\n]*$`));
  });

  test('sbt.tenantTemplate: too long for the variables of a function', () => {
    const attributes = Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [`note${index}`, 'x'.repeat(250)]),
    );
    const sbt = { tenantTemplate: { ...SBT_TENANT, attributes } };
    expect(() => assertEnvironments([{ ...plainEnvironment, sbt }])).toThrow(
      /^environment test: sbt\.tenantTemplate: got \d+ characters of JSON, expected 2000 at most$/,
    );
  });

  test('name', () => {
    expect(() => assertEnvironments([{ ...plainEnvironment, name: 'Prod EU' }])).toThrow(
      'environment Prod EU: name: got "Prod EU", expected up to 20 lower-case letters, digits and hyphens',
    );
  });

  test('the same name twice', () => {
    expect(() => assertEnvironments([plainEnvironment, plainEnvironment])).toThrow(
      'environment test: got two of that name, expected one',
    );
  });
});
