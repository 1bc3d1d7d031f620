#!/usr/bin/env node
import { setTimeout } from 'node:timers/promises';
import { runProgram } from './program.ts';

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
});
