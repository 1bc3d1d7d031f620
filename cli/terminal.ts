import { createInterface } from 'node:readline/promises';

/** Where text goes. */
export interface TextOutput {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** The three streams of a command. */
export interface Terminal {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined };
  /** Answers alone. */
  readonly stdout: TextOutput;
  /** All that is said beside the answer. */
  readonly stderr: TextOutput;
}

/** What a person types after a question; '' at the end of input. */
export async function ask({ stdin, stderr }: Terminal, question: string): Promise<string> {
  stderr.write(question);
  const lines = createInterface({ input: stdin });
  try {
    for await (const line of lines) return line.trim();
    return '';
  } finally {
    lines.close();
  }
}

/** All of a stream, as text. */
export async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

const TICK_MILLISECONDS = 1000;

/** Does work while a person sees that time passes; says nothing to a file or a pipe. */
export async function withProgress<T>(
  { stderr }: Pick<Terminal, 'stderr'>,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  if (!stderr.isTTY) return work();
  const startedAt = performance.now();
  const show = () => {
    stderr.write(`\r${what} … ${Math.round((performance.now() - startedAt) / 1000)} s`);
  };
  show();
  const timer = setInterval(show, TICK_MILLISECONDS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    // Erases the line: what comes next stands in its place.
    stderr.write('\r\u001b[K');
  }
}

/** Text of others as a terminal may show it: a display name with escape sequences in it steers nobody's terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{FFFD}');
}
