/** `2026-11-22T10:00:00Z`: RFC 3339 in UTC, as AWS SDKs want it, with the Z. Cut to the second, so never later than it is. */
export function inWholeSeconds(instant: Date): string {
  return instant.toISOString().replace(/\.\d+Z$/, 'Z');
}
