import { ConfigurationError } from '../functions/core/errors.ts';
import { parseShadowProfiles } from '../functions/core/grant/shadow.ts';
import { parseProfiles } from '../functions/core/profile/profile.ts';
import type { Resources } from '../functions/core/profile/resources.ts';
import { managedPolicies, ownership } from '../profiles/ownership.ts';
import { createProver } from '../prove/prover.ts';
import { tenantDataStatements } from './constructs/tenant-data.ts';
import type { Environment, TenantDataArns } from './environment.ts';

/** What the stack provides to profiles, each under the name that they use for it: `{{resources.tenantRoleArn}}`. */
export interface ProvidedResources extends Resources {
  readonly tenantRoleArn: string;
  readonly tenantBucketArn: string;
  readonly tenantTableArn: string;
}

/**
 * Throws `ConfigurationError` for a profile that the vend function would refuse to start with, or could not vend by, or
 * that is not proved to keep tenants apart, so that it is found at synth; a shadow is held to the same. What CloudFormation has yet to name is stood in for by the longest name that it could give: a policy that fits
 * with these fits with the real ones.
 */
export function assertProfiles(
  definitions: readonly unknown[],
  shadowDefinitions: readonly unknown[],
  { tenantData, region }: Environment,
): void {
  const resources: ProvidedResources = {
    tenantRoleArn: `arn:aws:iam::000000000000:role/${'x'.repeat(ROLE_NAME_MAX_LENGTH)}`,
    tenantBucketArn:
      tenantData === 'sample' ? `arn:aws:s3:::${'x'.repeat(BUCKET_NAME_MAX_LENGTH)}` : tenantData.bucketArn,
    tenantTableArn:
      tenantData === 'sample'
        ? `arn:aws:dynamodb:${region}:000000000000:table/${'x'.repeat(GENERATED_TABLE_NAME_LENGTH)}`
        : tenantData.tableArn,
  };
  const prove = createProver({
    tenantRolePolicy: tenantRolePolicy({
      bucketArn: resources.tenantBucketArn,
      tableArn: resources.tenantTableArn,
    }),
    ownership,
    managedPolicies,
    resources,
  });
  const profiles = [
    ...parseProfiles(definitions, resources).values(),
    ...parseShadowProfiles(shadowDefinitions, definitions, resources).values(),
  ];
  for (const profile of profiles) {
    if (profile.roleArn !== resources.tenantRoleArn) throw unknownRole(profile.name);
    const fault = prove(profile);
    if (fault !== undefined) throw new ConfigurationError(`profile ${fault}`);
  }
}

/** The tenant role's policy as the stack will have it. */
function tenantRolePolicy(tenantData: TenantDataArns): unknown {
  const Statement = tenantDataStatements(tenantData).map((statement) => statement.toStatementJson());
  return { Version: '2012-10-17', Statement };
}

/** No other role may be assumed by the vend function, nor have its sessions cut off by the revoke function. */
function unknownRole(profile: string): ConfigurationError {
  return new ConfigurationError(
    `profile ${profile}: roleArn: got another role, expected {{resources.tenantRoleArn}}; for a role in a tenant's own account, name it in the tenant's roles`,
  );
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const ROLE_NAME_MAX_LENGTH = 64;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET_NAME_MAX_LENGTH = 63;
/** Stack name (29 at most), logical id and CloudFormation's suffix; a table's own limit of 255 is far from what it makes. */
const GENERATED_TABLE_NAME_LENGTH = 80;
