/**
 * The level up to which everybody gets what they ask for when `capacity` is shared max-min fairly: who asks for less gets
 * that, and what they leave is shared by the others. Infinity where there is enough for all.
 */
export function fairLevel(capacity: number, demands: Iterable<number>): number {
  const ascending = [...demands].sort((a, b) => a - b);
  let left = Math.max(0, capacity);
  for (const [index, demand] of ascending.entries()) {
    const level = left / (ascending.length - index);
    if (demand > level) return level;
    left -= demand;
  }
  return Number.POSITIVE_INFINITY;
}

/** What is fair for one whose demand knows no end, beside the demands of others. */
export function fairShare(capacity: number, others: Iterable<number>): number {
  return fairLevel(capacity, [...others, Number.POSITIVE_INFINITY]);
}
