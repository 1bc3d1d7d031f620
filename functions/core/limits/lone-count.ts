/** What an instance that counts by itself may still vend of a key. */
export interface LoneCount {
  readonly vends: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The count after one more vend, or the seconds after which there is one. */
export interface LoneDecision {
  readonly count: LoneCount;
  readonly retryAfterSeconds: number | undefined;
}

/**
 * One vend of a key of which this instance by itself may vend `perSecond`, often less than one, and none saved up beyond a second. It
 * starts with one vend at least: a tenant that comes seldom would else be refused by every instance in turn.
 */
export function countAlone(known: LoneCount | undefined, perSecond: number, now: number): LoneDecision {
  const most = Math.max(1, perSecond);
  const { vends, at } = known ?? { vends: most, at: now };
  // A clock that is set back gives nothing and takes nothing.
  const held = Math.min(most, vends + (Math.max(0, now - at) / 1000) * perSecond);
  if (held >= 1) return { count: { vends: held - 1, at: now }, retryAfterSeconds: undefined };
  return { count: { vends: held, at: now }, retryAfterSeconds: Math.ceil((1 - held) / perSecond) };
}
