/**
 * The IAM policy documents that Latchkey writes: version 2012-10-17 (older versions take policy variables as
 * literal text), Allow and Deny over Action and Resource. NotAction, NotResource and NotPrincipal are left out on
 * purpose: a statement that lists what it does *not* touch cannot be bounded to a tenant.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** One statement. Every element may be one string or a list of them, as in IAM. */
export interface PolicyStatement {
  readonly Sid?: string | undefined;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: PolicyConditions | undefined;
}

/** Operator (`StringLike`) → condition key (`s3:prefix`) → the values compared with. */
export type PolicyConditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** A policy element as the list that it stands for. */
export function listed(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}
