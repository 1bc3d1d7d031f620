import type { Errand, Outcome } from './errand.ts';

/** A foreign client, unmodified and with its defaults. */
export interface Client {
  readonly name: string;
  /** Makes it ready to run, from where its users get it; throws `ClientMissing` when that is not to be had here. */
  readonly install: () => Promise<InstalledClient>;
}

/** A client that is ready to run. */
export interface InstalledClient {
  readonly version: string;
  readonly run: (errand: Errand, surroundings: Surroundings) => Promise<Run>;
}

/** All that a client is given. */
export interface Surroundings {
  /** The whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** A folder of its own to work in. */
  readonly folder: string;
}

/** What a client came back with. */
export interface Run {
  /** One for each operation, in order. */
  readonly outcomes: readonly Outcome[];
  /** How many processes of the client it took: each fetches credentials for itself. */
  readonly processes: number;
}

/** A client cannot be had on this machine; the message says in a few words why. */
export class ClientMissing extends Error {}
