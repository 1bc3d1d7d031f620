import { ConfigurationError } from '../functions/core/errors.ts';
import { parseTenantId } from '../functions/core/tenant-id.ts';
import type { Expect } from './assert-environments.ts';
import type { Environment } from './environment.ts';
import { type NamedProvider, readIdentityProvider } from './identity-provider.ts';
import { partitionOfRegion } from './partition.ts';

/** What an environment turns on of the methods that need something of their own; throws by `expect`. */
export function assertMethods(environment: Environment, expect: Expect): void {
  assertSigningKeys(environment, expect);
  assertIdentityProviders(environment, expect);
  assertIamUsers(environment, expect);
}

/** The vend function reads no more. */
const SIGNING_KEYS_MAX = 5;
const KEY_NAME = /^[a-z0-9][a-z0-9-]{0,29}$/;

function assertSigningKeys({ signingKeys, domain, privateEndpointIds }: Environment, expect: Expect): void {
  if (signingKeys === undefined) return;
  const { length } = signingKeys;
  const areNames = signingKeys.every((each) => KEY_NAME.test(each)) && isSet(signingKeys);
  const isRight = length > 0 && length <= SIGNING_KEYS_MAX && areNames;
  const names = `1 to ${SIGNING_KEYS_MAX} names of lower-case letters, digits and hyphens, each once`;
  expect('signingKeys', signingKeys, isRight, names);
  const canBeFetched =
    domain !== undefined && domain.clientCertificates === undefined && privateEndpointIds === undefined;
  expect(
    'signingKeys',
    domain?.name ?? 'no domain',
    canBeFetched,
    'a domain without clientCertificates, and no privateEndpointIds',
  );
}

/** About as many as the longest trust policy that IAM has room for, with a raised quota. */
const PROVIDERS_MAX = 20;
/** In a condition, where `$` would begin a variable. */
const AUDIENCE = /^[\w.:/@~+=,-]{1,255}$/;

function assertIdentityProviders(environment: Environment, expect: Expect): void {
  const { identityProviders } = environment;
  if (identityProviders === undefined) return;
  const arns = identityProviders.map(({ arn }) => arn);
  const isRight = arns.length > 0 && arns.length <= PROVIDERS_MAX && isSet(arns);
  expect('identityProviders', arns, isRight, `1 to ${PROVIDERS_MAX} providers, each once`);
  for (const each of identityProviders) assertProvider(each, environment, expect);
}

function assertProvider(provider: NamedProvider, environment: Environment, expect: Expect): void {
  const { arn, audience, tenantId } = provider;
  expect(
    'identityProviders',
    provider,
    readIdentityProvider(provider) !== undefined,
    'the ARN of an OpenID provider with an audience, or of a SAML provider with a tenantId',
  );
  const [, partition, , , account] = arn.split(':');
  const isHere =
    partition === partitionOfRegion(environment.region) &&
    (environment.account === undefined || account === environment.account);
  expect('identityProviders.arn', arn, isHere, "a provider in the environment's own account and partition");
  // Its tokens say any tenant: those that Latchkey signs are never a caller's.
  const isOwn =
    environment.signingKeys !== undefined && arn.endsWith(`:oidc-provider/${environment.domain?.name}`);
  expect('identityProviders.arn', arn, !isOwn, 'another provider than that of signingKeys');
  if (audience !== undefined)
    expect('identityProviders.audience', audience, AUDIENCE.test(audience), 'the audience of its tokens');
  if (tenantId !== undefined)
    expect('identityProviders.tenantId', tenantId, isTenant(tenantId), "a tenant's id");
}

/** What one stack, and the policy of the function that reads their keys, have room for. */
const TENANTS_MAX = 30;

function assertIamUsers({ iamUsers }: Environment, expect: Expect): void {
  if (iamUsers === undefined) return;
  const { federation, tenants, keySerial } = iamUsers;
  expect(
    'iamUsers',
    iamUsers,
    federation === true || tenants !== undefined,
    'federation: true, tenants, or no iamUsers',
  );
  if (keySerial !== undefined)
    expect('iamUsers.keySerial', keySerial, Number.isInteger(keySerial) && keySerial > 0, '1 or more');
  if (tenants === undefined) return;
  const { length } = tenants;
  const isRight = length > 0 && length <= TENANTS_MAX && isSet(tenants);
  expect('iamUsers.tenants', tenants, isRight, `1 to ${TENANTS_MAX} tenants, each once`);
  for (const tenantId of tenants) {
    // And so the name of an IAM user, which may have 64 characters.
    expect('iamUsers.tenants', tenantId, isTenant(tenantId), "a tenant's id");
  }
}

function isTenant(tenantId: string): boolean {
  try {
    parseTenantId(tenantId);
    return true;
  } catch (error) {
    if (error instanceof ConfigurationError) return false;
    throw error;
  }
}

function isSet(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length;
}
