/** What the program's end says to a script. Part of its interface, and written out in its help. */
export const EXIT = {
  done: 0,
  /** The question was answered, and the answer is no: a verification that did not pass. */
  no: 1,
  usage: 2,
  refused: 3,
  failed: 4,
} as const;

/** See `EXIT`. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The codes, for the help. */
export const EXIT_CODES_TEXT = `Exit codes:
  0  done
  1  the answer is no: a verification did not pass, a profile is not proved
  2  wrong usage: arguments, a file, the endpoint or AWS credentials; nothing was sent
  3  refused: the API answered 4xx
  4  not reachable, throttled, or a failure of the API (5xx), after retries`;
