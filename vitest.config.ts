import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Every test file first closes the network outside loopback: a test that reaches out is a defect.
    setupFiles: ['test/refuse-network.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
