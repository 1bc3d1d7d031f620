import type { Environment } from './environment.ts';
import { identityProvidersOf } from './identity-provider.ts';
import { partitionOfRegion } from './partition.ts';
import type { ProvidedResources } from './provided-resources.ts';
import { federationUserName, userPath } from './user-names.ts';

/**
 * What the stack of an environment will provide. What CloudFormation has yet to name is stood in for by the longest name that it could
 * give: a policy that fits with these fits with the real ones.
 */
export function presumedResources(environment: Environment): ProvidedResources {
  const { name, region, tenantData, signingKeys, iamUsers, account = '000000000000' } = environment;
  const partition = partitionOfRegion(region);
  const iam = `arn:${partition}:iam::${account}`;
  // No two alike: a profile that names the one must not pass for one that names the other.
  const role = (initial: string) => `${iam}:role/${initial.padEnd(ROLE_NAME_MAX_LENGTH, 'x')}`;
  const isFederated = signingKeys !== undefined || identityProvidersOf(environment).length > 0;
  const isSample = tenantData === 'sample';
  return {
    tenantRoleArn: role('t'),
    tenantBucketArn: isSample
      ? `arn:${partition}:s3:::${'x'.repeat(BUCKET_NAME_MAX_LENGTH)}`
      : tenantData.bucketArn,
    tenantTableArn: isSample
      ? `arn:${partition}:dynamodb:${region}:${account}:table/${'x'.repeat(GENERATED_TABLE_NAME_LENGTH)}`
      : tenantData.tableArn,
    ...(isFederated ? { federatedRoleArn: role('f') } : {}),
    ...(iamUsers?.federation === true
      ? { federationUserArn: `${iam}:user${userPath(name)}${federationUserName(name)}` }
      : {}),
    ...(iamUsers?.tenants === undefined
      ? {}
      : { mfaRoleArn: role('m'), tenantUserArnPrefix: `${iam}:user${userPath(name)}` }),
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const ROLE_NAME_MAX_LENGTH = 64;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET_NAME_MAX_LENGTH = 63;
/** Stack name (29 at most), logical id and CloudFormation's suffix; a table's own limit of 255 is far from what it makes. */
const GENERATED_TABLE_NAME_LENGTH = 80;
