import { PARTITIONS, type PartitionName } from '../functions/core/partitions.ts';

/** The partition of a Region. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export function partitionOfRegion(region: string): PartitionName {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/**
 * Who assertions for STS in a Region are for: AWS Sign-In of the partition, or of that Region. IAM compares the Recipient with it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-saml
 */
export function samlAudiences(region: string): readonly string[] {
  const { signInHost: host } = PARTITIONS[partitionOfRegion(region)];
  return [`https://${host}/saml`, `https://${region}.${host}/saml`];
}
