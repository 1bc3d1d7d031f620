/** What the program's end says to a script. Part of its interface, and written out in its help. */
export const EXIT = {
  done: 0,
  /** The question was answered, and the answer is no: a verification that did not pass. */
  no: 1,
  usage: 2,
  refused: 3,
  failed: 4,
} as const;

/** One of `EXIT`, or that of the program that `exec` has run. */
export type ExitCode = number;

/** How `exec` ends when it cannot start its program, by the code of the error; the numbers are the shell's. */
export const NOT_STARTED: Readonly<Record<string, number>> = { ENOENT: 127, ENOTDIR: 127, EACCES: 126 };

/** The codes, for the help. */
export const EXIT_CODES_TEXT = `Exit codes:
  0  done
  1  the answer is no: a verification did not pass, a profile is not proved
  2  wrong usage: arguments, a file, an address, AWS credentials or a token; nothing was sent
  3  refused: the API answered 4xx
  4  not reachable, throttled, or a failure of the API (5xx), after retries
exec ends as its program does: with its exit code, 128 and the number of the signal that ended it, 126 or 127 if it could not be started.`;
