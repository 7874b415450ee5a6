import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages,apps,tools,testbed,bench,fuzz}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 60_000,
    // A poll waits for what another process does: on a busy machine that takes longer than the runner's one second.
    expect: { poll: { timeout: 30_000, interval: 50 } },
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
