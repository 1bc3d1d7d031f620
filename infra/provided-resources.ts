import * as z from 'zod/mini';
import { ConfigurationError } from '../functions/core/errors.ts';
import { parseShadowProfiles } from '../functions/core/grant/shadow.ts';
import { providedPrincipal } from '../functions/core/profile/principal.ts';
import { type Profile, parseProfiles } from '../functions/core/profile/profile.ts';
import { profileDefinition } from '../functions/core/profile/profile-definition.ts';
import { type Resources, resolveResources } from '../functions/core/profile/resources.ts';
import { renderTemplate, TENANT_ID_PLACEHOLDER } from '../functions/core/profile/template.ts';
import { managedPolicies, ownership } from '../profiles/ownership.ts';
import { createProver } from '../prove/prover.ts';
import { tenantDataStatements } from './constructs/tenant-data.ts';
import type { Environment, TenantDataArns } from './environment.ts';
import { presumedResources } from './presumed-resources.ts';
import { missingFor } from './provided-methods.ts';

/** What the stack provides to profiles, each under the name that they use for it: `{{resources.tenantRoleArn}}`. */
export interface ProvidedResources extends Resources, ProvidedPrincipals {
  readonly tenantBucketArn: string;
  readonly tenantTableArn: string;
}

/** Those of them that sessions are made from: `providedPrincipal` says for which method which. */
export interface ProvidedPrincipals {
  readonly tenantRoleArn: string;
  /** Where tokens or assertions are taken for sessions. */
  readonly federatedRoleArn?: string;
  /** Where tenants have IAM users. */
  readonly mfaRoleArn?: string;
  /** The same: up to the tenant's id, which is the user's name. */
  readonly tenantUserArnPrefix?: string;
  /** Where an IAM user federates. */
  readonly federationUserArn?: string;
}

/**
 * Throws `ConfigurationError` for a profile that the functions would refuse to start with, or could not vend by, or
 * that is not proved to keep tenants apart, so that it is found at synth; a shadow is held to the same.
 */
export function assertProfiles(
  definitions: readonly unknown[],
  shadowDefinitions: readonly unknown[],
  environment: Environment,
): void {
  for (const definition of [...definitions, ...shadowDefinitions]) assertProvided(definition, environment);
  const resources = presumedResources(environment);
  const { tenantBucketArn: bucketArn, tenantTableArn: tableArn } = resources;
  const prove = createProver({
    tenantRolePolicy: tenantRolePolicy({ bucketArn, tableArn }),
    ownership,
    managedPolicies,
    resources,
  });
  const profiles = [
    ...parseProfiles(definitions, resources).values(),
    ...parseShadowProfiles(shadowDefinitions, definitions, resources).values(),
  ];
  for (const profile of profiles) {
    assertPrincipal(profile, resources);
    const fault = prove(profile);
    if (fault !== undefined) throw new ConfigurationError(`profile ${fault}`);
  }
}

/** In words of its own, before its resources are looked for: what is missing is a choice of the environment's. */
function assertProvided(definition: unknown, environment: Environment): void {
  const read = z.safeParse(profileDefinition, definition);
  // What is no profile at all is found when it is parsed.
  if (!read.success) return;
  const { name, method, webIdentityToken, mfa } = read.data;
  const missing = missingFor({ method, webIdentityToken, mfa }, environment);
  if (missing === undefined) return;
  throw new ConfigurationError(
    `profile ${name}: method ${method}${mfa === 'required' ? ' with mfa' : ''}: got an environment ${environment.name} that does not provide for it, expected ${missing}`,
  );
}

/** Of nobody else may the functions ask sessions, nor has the revoke function a hand on others. */
function assertPrincipal(profile: Profile, resources: Resources): void {
  const { roleArn, userArn } = providedPrincipal(profile);
  if (profile.roleArn !== (roleArn && resolveResources(roleArn, resources)))
    throw new ConfigurationError(
      `profile ${profile.name}: roleArn: got another role, expected ${roleArn}; for a role in a tenant's own account, name it in the tenant's roles`,
    );
  const user = profile.userArn && renderTemplate(profile.userArn, TENANT_BY_NAME, (name) => name);
  if (user !== (userArn && resolveResources(userArn, resources)))
    throw new ConfigurationError(`profile ${profile.name}: userArn: got another user, expected ${userArn}`);
}

/** Leaves the tenant's place as it is written. */
const TENANT_BY_NAME = new Map([[TENANT_ID_PLACEHOLDER, `{{${TENANT_ID_PLACEHOLDER}}}`]]);

/** The policy of every role and user as the stack will have it. */
function tenantRolePolicy(tenantData: TenantDataArns): unknown {
  const Statement = tenantDataStatements(tenantData).map((statement) => statement.toStatementJson());
  return { Version: '2012-10-17', Statement };
}
