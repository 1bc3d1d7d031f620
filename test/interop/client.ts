import type { Errand, Operation, Outcome } from './errand.ts';

/** A foreign client, unmodified and with its defaults; and what is known of it, which the suite holds it to. */
export interface Client {
  /** As `--only` names it. */
  readonly id: string;
  readonly name: string;
  /** Whether CI must have it; what need not be there is skipped with a line. */
  readonly isDemanded: boolean;
  /** What it can be sent to do. */
  readonly operations: ReadonlySet<Operation['operation']>;
  /** What fetches credentials for itself: a process, or each client of a service in it. */
  readonly fetchesFor: 'process' | 'service';
  /** Credentials with so little left that it fetches anew at the next use, after a wait of so long. */
  readonly nearEnd: { readonly leftSeconds: number; readonly waitSeconds: number };
  /** What a developer reads of Latchkey's answer, by its status, when a fetch fails. */
  readonly tells: (status: number) => Telling;
  /** Where that is too little, and the provider can be named: what is read then. */
  readonly tellsNamed?: (status: number) => Telling;
  /** Makes it ready to run, from where its users get it; throws `ClientMissing` when that is not to be had here. */
  readonly install: () => Promise<InstalledClient>;
}

/** The text that Latchkey answers, or only the HTTP status, or neither. */
export type Telling = 'message' | 'status' | 'nothing';

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
  /** How many processes of the client it took. */
  readonly processes: number;
}

/** A client cannot be had on this machine; the message says in a few words why. */
export class ClientMissing extends Error {}
