import type { Ownership } from '../prove/ownership.ts';

/**
 * What belongs to tenants in every environment: an object of tenant `acme` lies under `acme/`, an item has `acme` as its
 * partition key. A profile that opens anything else declares it under `shared`, or its proof fails.
 */
export const ownership = {
  owned: [
    { name: 'objects', resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/*' },
    {
      name: 'lists of objects',
      resource: '{{resources.tenantBucketArn}}',
      // Of another request S3 does not read the prefix, so there it tells nothing.
      actions: ['s3:ListBucket', 's3:ListBucketVersions'],
      by: { key: 's3:prefix', value: '{{tenant.id}}/*', reach: 'listing' },
    },
    {
      name: 'items',
      resource: '{{resources.tenantTableArn}}',
      by: { key: 'dynamodb:LeadingKeys', value: '{{tenant.id}}' },
    },
  ],
  shared: [],
} satisfies Ownership;

/** Documents of the managed policies that profiles name in `policyArns`, by ARN: a proof has to read them. */
export const managedPolicies: Readonly<Record<string, unknown>> = {};
