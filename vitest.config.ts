import { defineConfig } from 'vitest/config';
import { longFiles } from './tools/long-tests.ts';

const leftOut = process.env.WARDLINE_TESTS === 'everyday' ? longFiles : [];
const exclude = ['**/node_modules/**', '**/dist/**', ...leftOut];

export default defineConfig({
  test: {
    testTimeout: 180_000,
    // A poll waits for what another process does: on a busy machine that takes longer than the runner's one second.
    expect: { poll: { timeout: 90_000, interval: 50 } },
    hookTimeout: 300_000,
    maxWorkers: 2,
    setupFiles: ['tools/property-seed.ts'],
    projects: [
      {
        extends: true,
        // Engines keep nothing between calls: their files share a process, which halves their time.
        test: { name: 'engines', include: ['packages/**/*.test.ts'], exclude, isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'server',
          include: ['apps/server/**/*.test.ts'],
          exclude,
          globalSetup: 'apps/server/src/testing/prepare.ts',
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'chromium',
          include: ['apps/console/src/e2e/*.test.ts'],
          exclude,
          globalSetup: 'apps/console/src/e2e/prepare.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'programs',
          include: ['{apps/agent,apps/cli,apps/console,tools,testbed,bench,fuzz}/**/*.test.ts'],
          exclude: [...exclude, 'apps/console/src/e2e/**'],
          globalSetup: 'apps/server/src/testing/prepare.ts',
        },
      },
    ],
  },
});
