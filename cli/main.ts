#!/usr/bin/env node
import { setTimeout } from 'node:timers/promises';
import { runProgram } from './program.ts';

/** What a command may answer in its own way while it listens; else they end this process, as they would any. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

// Whoever reads has read enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await runProgram({
  argv: process.argv.slice(2),
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  fetch,
  // Late: most of what it takes to start is in there.
  credentials: async () => (await import('@aws-sdk/credential-provider-node')).defaultProvider()(),
  sleep: (milliseconds) => setTimeout(milliseconds),
  now: Date.now,
  openBrowser: async (url) => {
    const { default: open } = await import('open');
    await open(url);
  },
  onSignal: (listener) => {
    for (const signal of SIGNALS) process.on(signal, listener);
    return () => {
      for (const signal of SIGNALS) process.off(signal, listener);
    };
  },
});
