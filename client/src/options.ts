import type { LatchkeyCredentials } from './credentials.ts';
import type { LatchkeyError } from './error.ts';

/** Where the JWT comes from: the token itself, a file that holds it (read again at each refresh), or whoever knows it (asked again at each refresh). */
export type TokenSource = string | { readonly file: string } | (() => Promise<string>);

/** Where a one-time code comes from: the code, whoever knows it, or a program that prints it (no shell; it has `timeoutSeconds`, 60 by default). */
export type MfaCodeSource =
  | string
  | (() => Promise<string>)
  | { readonly command: readonly [program: string, ...args: string[]]; readonly timeoutSeconds?: number };

/** What can be asked of `fromLatchkey` and `LatchkeySession`. Only `endpoint` and `token` are demanded. */
export interface LatchkeyOptions {
  /** The stack's output `ApiUrl`, with the stage in its path. https, or http on loopback. */
  readonly endpoint: string | URL;
  /** A bearer token. DPoP proofs (RFC 9449) are not made here: one that is bound to a key is refused, `token_bound`. */
  readonly token: TokenSource;
  /** What to vend; the tenant's default profile if left out. */
  readonly profile?: string;
  /** Life of the credentials, from 900 to what the profile allows, 129,600 at most; the profile's default if left out. */
  readonly durationSeconds?: number;
  /** Values for the profile's scope parameters. */
  readonly scope?: Readonly<Record<string, string>>;
  /** For profiles that demand it: the ARN or serial number of the MFA device of the tenant's IAM user, and a code of it. */
  readonly mfa?: { readonly serialNumber: string; readonly code: MfaCodeSource };
  /** `iam-user` for profiles of the methods federationToken and sessionToken, which `POST /credentials/iam-user` vends; with `mfa`, that is where it goes anyway. */
  readonly route?: 'iam-user';
  /**
   * From so many seconds before their end on, credentials are replaced in the background while they are still used. Default 900;
   * at most half of their life, and the mandatory window shrinks with it.
   */
  readonly advisoryRefreshSeconds?: number;
  /**
   * From so many seconds before their end on, a use waits for new ones; old ones still count if there are none to be had. Default
   * 300, and no longer than the advisory window.
   */
  readonly mandatoryRefreshSeconds?: number;
  /** How long one refresh may take in all, tries and pauses included. Default 10 000. */
  readonly timeoutMilliseconds?: number;
  /** Keep credentials in a file that the processes of one user on this machine share. `true`: in the user's cache folder. Node alone. */
  readonly cache?: boolean | { readonly directory: string };
  /** Told of what happens in the background. What it throws is thrown to the process, as an uncaught error, not to who asked for credentials. */
  readonly onEvent?: (event: LatchkeyEvent) => void;
}

/** What happened to a session's credentials. */
export type LatchkeyEvent =
  | { readonly type: 'refreshed'; readonly credentials: LatchkeyCredentials }
  /** Reported, not thrown, as long as the old credentials are valid. */
  | { readonly type: 'refresh-failed'; readonly error: LatchkeyError }
  | { readonly type: 'expired'; readonly expiration: Date };

/** What is outside, replaced by tests: time, waiting, chance and the network. */
export interface Surroundings {
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Rejects with the signal's reason when it is aborted. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** From 0 up to 1. */
  readonly random: () => number;
}
