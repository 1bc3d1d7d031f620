/** One thing that was looked at, and what was wrong with it. */
export interface Check {
  readonly shows: Shown;
  readonly title: string;
  readonly fault?: string | undefined;
  /** For the table: what was found, where there is more to say than right or wrong. */
  readonly found?: string;
  /** For the lines below it, in few words. */
  readonly note?: string;
  /** What the client said, where a tenant's developer will have to understand it. Shown once for what was found. */
  readonly quote?: string;
}

/** What a client is to show, each a column of the table. */
export const SHOWN = [
  'fetched',
  'used',
  'refused',
  'refreshed',
  'rotated',
  'errors told',
  'provider named',
  'fetches per 100 uses',
] as const;
export type Shown = (typeof SHOWN)[number];
