import { estimatePackedPercent } from '../../../functions/core/grant/packed-size.ts';
import { AwsError } from '../aws-error.ts';
import type { SessionPolicyInput } from './session-policies.ts';

/** What takes up space in a session token. */
export interface PackedInput extends SessionPolicyInput {
  readonly tags: ReadonlyMap<string, string>;
  readonly transitiveTagKeys: readonly string[];
}

/**
 * How full the session's policies and tags are when packed, in percent, as `estimatePackedPercent` has it. Throws
 * PackedPolicyTooLarge above 100.
 */
export function estimatePackedSize({
  policy,
  policyArns = [],
  tags,
  transitiveTagKeys,
}: PackedInput): number | undefined {
  const percent = estimatePackedPercent({
    policy,
    policyArns,
    tags: [...tags].map(([key, value]) => ({ key, value })),
    transitiveTagKeys,
  });
  if (percent === undefined || percent <= 100) return percent;
  throw new AwsError(
    'PackedPolicyTooLarge',
    400,
    policy === undefined && policyArns.length === 0
      ? `Packed size of session tags consumes ${percent}% of allotted space.`
      : `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
  );
}
