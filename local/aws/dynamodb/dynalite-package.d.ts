/** The part of dynalite 4 that is used here; it comes without types. https://github.com/architect/dynalite */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** How long a new table stays in CREATING, in milliseconds. */
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }

  /** A DynamoDB in memory, as an HTTP server that is not listening yet. It reads signatures, but checks none. */
  export default function dynalite(options?: DynaliteOptions): Server;
}
