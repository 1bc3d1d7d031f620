import { deflateRawSync } from 'node:zlib';
import { AwsError } from '../aws-error.ts';
import type { AssumeRoleInput } from './assume-role-input.ts';

/**
 * Chosen so that AWS's example comes to the 8 % that AWS gives for it
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html).
 */
const PACKED_LIMIT_BYTES = 1650;

/**
 * How full the session's policies and tags are when packed, in percent; undefined when there is nothing to pack. An
 * estimate: AWS discloses neither its packing nor its limit. Here it is the size of policy, policy ARNs, tags and transitive
 * keys, one a line, after raw deflate, over 1650 bytes, rounded up. Throws PackedPolicyTooLarge above 100.
 */
export function estimatePackedSize({
  policy,
  policyArns = [],
  tags,
  transitiveTagKeys,
}: AssumeRoleInput): number | undefined {
  const policies = policy === undefined ? policyArns : [policy, ...policyArns];
  const parts = [...policies, ...[...tags].flat(), ...transitiveTagKeys];
  if (parts.length === 0) return undefined;
  const percent = Math.ceil((deflateRawSync(parts.join('\n')).length * 100) / PACKED_LIMIT_BYTES);
  if (percent <= 100) return percent;
  throw new AwsError(
    'PackedPolicyTooLarge',
    400,
    policies.length === 0
      ? `Packed size of session tags consumes ${percent}% of allotted space.`
      : `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
  );
}
