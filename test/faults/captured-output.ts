import { format } from 'node:util';

/** What this process writes, while it is caught. */
export interface CapturedOutput {
  /** What was written since the last call. */
  take(): string;
  /** What leaves by another way, as an answer does. */
  add(text: string): void;
  /** Writes to stdout what is not to be caught. */
  say(text: string): void;
  release(): void;
}

const METHODS = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const;

/** Keeps what would go to stdout, to stderr and to the console, which a test runner has replaced by its own. */
export function captureOutput(): CapturedOutput {
  let written: string[] = [];
  const add = (text: string) => void written.push(text);
  const say = process.stdout.write.bind(process.stdout);
  const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }));
  for (const { stream } of streams) {
    stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
      add(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
      for (const done of rest) if (typeof done === 'function') done();
      return true;
    }) as typeof stream.write;
  }
  const methods = METHODS.map((name) => ({ name, method: console[name] }));
  for (const { name } of methods) console[name] = (...args: unknown[]) => add(format(...args));
  return {
    take() {
      const text = written.join('\n');
      written = [];
      return text;
    },
    add,
    say: (text) => void say(text),
    release() {
      for (const { stream, write } of streams) stream.write = write;
      for (const { name, method } of methods) console[name] = method;
    },
  };
}
