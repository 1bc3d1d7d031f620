import { join } from 'node:path';
import type { Client } from '../client.ts';
import { APPS } from '../install.ts';
import { openProgram } from '../program.ts';
import { FILES, ITEMS, OBJECTS } from './operations.ts';

/** The AWS SDK for JavaScript v3, on the Node that runs this. It fetches anew with less than five minutes left. */
export const javascript: Client = {
  id: 'javascript',
  name: 'JavaScript v3',
  isDemanded: true,
  operations: new Set([...OBJECTS, ...FILES, ...ITEMS]),
  fetchesFor: 'service',
  nearEnd: { leftSeconds: 200, waitSeconds: 0 },
  tells: () => 'nothing',
  tellsNamed: (status) => (status < 500 ? 'message' : 'status'),
  install: () => openProgram(process.execPath, [join(APPS, 'javascript/app.ts')]),
};
