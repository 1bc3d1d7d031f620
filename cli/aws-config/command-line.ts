import { UsageError } from '../failure.ts';

/** What means nothing to a shell, wherever it stands. */
const PLAIN = /[^\w@%+=:,./-]/g;

/**
 * Words as the line of a `credential_process`. AWS SDKs hand it to `sh -c` (JavaScript, Go, Rust, Java) or to Python's
 * shlex (botocore), after a reader that cuts it at white space with # or ; behind (JavaScript, Go) and takes away quotes
 * around the whole (Go). A backslash before each character means the same to all of them; quotes do not. Throws
 * `UsageError` for a control character, which no line can hold.
 */
export function renderCommandLine(words: readonly string[]): string {
  return words.map(renderWord).join(' ');
}

function renderWord(word: string): string {
  if (/\p{Cc}/u.test(word))
    throw new UsageError(`got a control character in ${JSON.stringify(word)}, expected none`);
  // Beyond ASCII nothing is special, and a backslash would stand before a part of a character.
  return word === ''
    ? "''"
    : word.replace(PLAIN, (character) => (character > '~' ? character : `\\${character}`));
}
