/** When to replace credentials, in milliseconds since 1970. */
export interface RefreshMoments {
  /** From here on in the background. */
  readonly advisoryAt: number;
  /** From here on a use waits. */
  readonly mandatoryAt: number;
}

/** What the moments depend on. */
export interface RefreshWindows {
  /** Milliseconds since 1970. */
  readonly obtainedAt: number;
  readonly expiresAt: number;
  readonly advisoryRefreshSeconds: number;
  readonly mandatoryRefreshSeconds: number;
  /** From 0 up to 1. */
  readonly chance: number;
}

/** The first half of a life is for use: with 900 s of life and a window of 900 s, each use would fetch. */
const LONGEST_SHARE = 0.5;

/**
 * When credentials that were obtained now and then are to be replaced. Windows that are too long for their life shrink, both by the same
 * measure. Chance delays the advisory moment by up to half of its window, so that a fleet that started together does not refresh together.
 */
export function refreshMoments({
  obtainedAt,
  expiresAt,
  advisoryRefreshSeconds,
  mandatoryRefreshSeconds,
  chance,
}: RefreshWindows): RefreshMoments {
  const longest = Math.max(0, expiresAt - obtainedAt) * LONGEST_SHARE;
  const advisory = Math.min(advisoryRefreshSeconds * 1000, longest);
  const shrunk = advisoryRefreshSeconds === 0 ? 1 : advisory / (advisoryRefreshSeconds * 1000);
  const mandatory = mandatoryRefreshSeconds * 1000 * shrunk;
  return {
    advisoryAt: expiresAt - advisory + (chance * (advisory - mandatory)) / 2,
    mandatoryAt: expiresAt - mandatory,
  };
}
