import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Many tests start the CLI as a process: half of what each takes is compiling the same modules again.
process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'latchkey-compile-cache');

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Every test file first closes the network outside loopback: a test that reaches out is a defect.
    setupFiles: ['test/refuse-network.ts'],
    globalSetup: ['test/temporary-folder.ts'],
    // Modules are loaded once in a worker, not once in each file: the CDK and the AWS SDK take longer to load than most files to run.
    isolate: false,
    // Every core: by itself Vitest leaves one free for whoever is watching.
    maxWorkers: '100%',
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
