import { deflateRawSync } from 'node:zlib';
import type { Grant } from './grant.ts';
import type { SessionTag } from './session-tags.ts';

/**
 * Chosen so that AWS's example comes to the 8 % that AWS gives for it
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html).
 */
const PACKED_LIMIT_BYTES = 1650;

/** What STS packs of a session. */
export interface PackedParts extends Pick<Grant, 'policyArns' | 'transitiveTagKeys'> {
  /** Undefined: the role's full permissions. */
  readonly policy: string | undefined;
  readonly tags: readonly SessionTag[];
}

/**
 * How full a session's policies and tags are when packed, in percent; over 100, STS would refuse them. Undefined when there
 * is nothing to pack. An estimate: AWS discloses neither its packing nor its limit. Here it is the size of policy, policy
 * ARNs, tags and transitive keys, one a line, after raw deflate, over 1650 bytes, rounded up.
 */
export function estimatePackedPercent(parts: PackedParts): number | undefined {
  const { policy, policyArns, tags, transitiveTagKeys } = parts;
  const lines = [
    ...(policy === undefined ? [] : [policy]),
    ...policyArns,
    ...tags.flatMap(({ key, value }) => [key, value]),
    ...transitiveTagKeys,
  ];
  if (lines.length === 0) return undefined;
  return Math.ceil((deflateRawSync(lines.join('\n')).length * 100) / PACKED_LIMIT_BYTES);
}
