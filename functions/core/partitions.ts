/** The partitions of AWS that are known here. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export type PartitionName = 'aws' | 'aws-cn' | 'aws-us-gov';

/** Where a partition of AWS signs people in, and where its console is. */
export interface Partition {
  /** `signin.aws.amazon.com` */
  readonly signInHost: string;
  /** `console.aws.amazon.com` */
  readonly consoleHost: string;
  /** What SAML assertions for it are made out to. */
  readonly samlAudiences: readonly string[];
}

/**
 * https://docs.aws.amazon.com/general/latest/gr/signin-service.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html,
 * https://docs.amazonaws.cn/en_us/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html,
 * https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-iam.html
 */
export const PARTITIONS: Readonly<Record<PartitionName, Partition>> = {
  aws: {
    signInHost: 'signin.aws.amazon.com',
    consoleHost: 'console.aws.amazon.com',
    samlAudiences: ['urn:amazon:webservices', 'https://signin.aws.amazon.com/saml'],
  },
  'aws-cn': {
    signInHost: 'signin.amazonaws.cn',
    consoleHost: 'console.amazonaws.cn',
    samlAudiences: ['urn:amazon:webservices:cn-north-1', 'https://signin.amazonaws.cn/saml'],
  },
  'aws-us-gov': {
    signInHost: 'signin.amazonaws-us-gov.com',
    consoleHost: 'console.amazonaws-us-gov.com',
    samlAudiences: ['urn:amazon:webservices:govcloud', 'https://signin.amazonaws-us-gov.com/saml'],
  },
};

/** The partition that an ARN is in; undefined for one that is not known, which is never guessed. */
export function partitionOf(arn: string): Partition | undefined {
  const name = arn.split(':')[1] ?? '';
  return Object.hasOwn(PARTITIONS, name) ? PARTITIONS[name as PartitionName] : undefined;
}
