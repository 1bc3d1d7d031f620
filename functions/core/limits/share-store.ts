/** Counters that all instances share. What is counted in a window is of no use after it. Fails with whatever the table fails with. */
export interface ShareStore {
  /** Counts so many vends more for `key` in that second; resolves to what the counter says then. Each takes another part of it. */
  take(key: string, window: number, vends: number): Promise<number>;
  /** Adds to the ledger of that second, and reads it. */
  enter(window: number, entry: LedgerEntry): Promise<Ledger>;
  readLedger(window: number): Promise<Ledger>;
}

/** What all instances together have said of one second. */
export interface Ledger {
  /** Vends that went ahead without asking, as far as told. */
  readonly unasked: number;
  /** Tenant id → vends that were asked for. More than were granted, where there were not enough. */
  readonly asked: ReadonlyMap<string, number>;
}

/** What one instance adds to a ledger. */
export interface LedgerEntry {
  readonly unasked?: number;
  /** Vends that it asks for: its part of the tenant's are the last ones of what the ledger says then. */
  readonly asked?: { readonly tenantId: string; readonly vends: number };
}
