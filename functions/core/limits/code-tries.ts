import type { Deadline } from '../deadline.ts';

/** Tries of MFA codes, which all instances count together. */
export interface CodeTries {
  /**
   * One try of what `key` names, or undefined when there is none left in that window. Throws `replay_check_unavailable` when it
   * cannot tell: then nobody may try.
   */
  take(key: string, window: CodeWindow, deadline: Deadline): Promise<CodeTry | undefined>;
}

/** A time in which so many may be taken. */
export interface CodeWindow {
  readonly tries: number;
  /** Exclusive. In whole seconds since 1970, it names the window. */
  readonly endsAt: number;
}

/** A try that was taken. */
export interface CodeTry {
  /** As if it had not been taken. Never fails: at worst it stays taken. */
  giveBack(): Promise<void>;
}
