import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from './client.ts';
import { openProgram } from './program.ts';
import { installPython } from './python.ts';

const PROGRAM = fileURLToPath(new URL('./boto3_app.py', import.meta.url));

/** The AWS SDK for Python. */
export const boto3: Client = {
  name: 'boto3',
  install: async () => openProgram(join(await installPython(), 'python'), [PROGRAM]),
};
