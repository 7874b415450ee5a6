/** Runs the sensor's tests only to learn what they feed the dissectors. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['packages/sensor/src/**/*.test.ts'],
    setupFiles: ['fuzz/collect.ts'],
    testTimeout: 120_000,
    maxWorkers: 1,
  },
});
