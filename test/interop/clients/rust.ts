import { join } from 'node:path';
import type { Client } from '../client.ts';
import { APPS, BUILDS, build, obtain } from '../install.ts';
import { openProgram } from '../program.ts';
import { OBJECTS, WAIT } from './operations.ts';

const TARGET = join(BUILDS, 'rust');

/** The AWS SDK for Rust. It fetches anew some time in the last ten seconds, at random, hence the wait for their end. */
export const rust: Client = {
  id: 'rust',
  name: 'Rust',
  isDemanded: false,
  operations: new Set([...OBJECTS, ...WAIT]),
  fetchesFor: 'process',
  nearEnd: { leftSeconds: 4, waitSeconds: 4 },
  tells: () => 'status',
  async install() {
    const options = { cwd: join(APPS, 'rust'), env: { CARGO_TARGET_DIR: TARGET } };
    await obtain('cargo', ['fetch', '--locked'], options);
    await build('cargo', ['build', '--locked', '--offline', '--quiet'], options);
    return openProgram(join(TARGET, 'debug/tenant-app'), []);
  },
};
