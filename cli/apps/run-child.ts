import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Environment } from './child-environment.ts';

/** Calls a listener for each signal that this process gets, which then does not end it; gives what stops that. */
export type OnSignal = (listener: (signal: NodeJS.Signals) => void) => () => void;

/** A program to run in this process's place. */
export interface ChildOptions {
  readonly command: readonly [program: string, ...args: string[]];
  readonly environment: Environment;
  readonly onSignal: OnSignal;
  /** Whether a person at a terminal is there: its keys then reach the program by themselves. */
  readonly atTerminal: boolean;
}

/** What a terminal sends to all of its foreground processes. */
const KEYS: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT']);

/**
 * Runs a program, without a shell and with this process's own streams, to its end; signals are passed on to it. Gives its
 * exit code, 128 and the signal's number if one ended it. Rejects if it could not be started: ENOENT, EACCES.
 */
export async function runChild({
  command,
  environment,
  onSignal,
  atTerminal,
}: ChildOptions): Promise<number> {
  const [program, ...args] = command;
  const child = spawn(program, args, { stdio: 'inherit', env: environment });
  const stopListening = onSignal((signal) => {
    if (!(atTerminal && KEYS.has(signal))) child.kill(signal);
  });
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  } finally {
    stopListening();
  }
}
