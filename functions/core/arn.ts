/** ARN of an IAM role, in the partitions aws, aws-cn and aws-us-gov. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
export const ROLE_ARN = /^arn:aws(?:-cn|-us-gov)?:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/;

/** ARN of an IAM user, in the same partitions. */
export const USER_ARN = /^arn:aws(?:-cn|-us-gov)?:iam::\d{12}:user\/[\w+=,.@/-]{1,512}$/;

/** `arn:aws:iam::111122223333:role/…` → `111122223333`; undefined or empty for an ARN that names no account. */
export function accountOf(arn: string): string | undefined {
  return arn.split(':')[4];
}
