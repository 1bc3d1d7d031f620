import { join } from 'node:path';
import type { Client } from '../client.ts';
import { APPS } from '../install.ts';
import { openProgram } from '../program.ts';
import { FILES, ITEMS, OBJECTS, STREAMS } from './operations.ts';
import { installPython } from './python.ts';

/** The AWS SDK for Python. It fetches anew with less than ten minutes left, and tries to with less than fifteen. */
export const boto3: Client = {
  id: 'boto3',
  name: 'boto3',
  isDemanded: true,
  operations: new Set([...OBJECTS, ...FILES, ...STREAMS, ...ITEMS]),
  fetchesFor: 'process',
  nearEnd: { leftSeconds: 200, waitSeconds: 0 },
  tells: () => 'message',
  install: async () => openProgram(join(await installPython(), 'python'), [join(APPS, 'python/app.py')]),
};
