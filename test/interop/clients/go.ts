import { join } from 'node:path';
import type { Client } from '../client.ts';
import { APPS, BUILDS, build, obtain } from '../install.ts';
import { openProgram } from '../program.ts';
import { OBJECTS } from './operations.ts';

const PROGRAM = join(BUILDS, 'go/tenant-app');

/** The AWS SDK for Go v2. It fetches anew with less than five minutes left. */
export const go: Client = {
  id: 'go',
  name: 'Go v2',
  isDemanded: false,
  operations: OBJECTS,
  fetchesFor: 'process',
  nearEnd: { leftSeconds: 200, waitSeconds: 0 },
  tells: () => 'message',
  async install() {
    const cwd = join(APPS, 'go');
    await obtain('go', ['mod', 'download'], { cwd });
    await build('go', ['build', '-o', PROGRAM, '.'], { cwd });
    return openProgram(PROGRAM, []);
  },
};
