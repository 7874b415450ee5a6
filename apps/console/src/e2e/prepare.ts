import { mkdtempSync, rmSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '@wardline/server';
import { buildConsole } from '../../build.ts';
import { chromiumPath, waitForSample } from './stage.ts';

/**
 * Runs before the tests in Chromium: builds the console, and makes one data directory with the sample hospital, which the tests'
 * servers copy. To take the sample in takes longer than most of the tests.
 */
export default async function prepare(): Promise<(() => void) | undefined> {
  if (chromiumPath === null) return undefined;
  await buildConsole();
  const folder = mkdtempSync(join(tmpdir(), 'wardline-given-'));
  // The database's own user passes through it; what is secret inside has its own rights.
  await chmod(folder, 0o711);
  const dataDir = join(folder, 'data');
  const server = await startServer({ dataDir, port: 0, sample: true, log: 'silent' });
  await waitForSample(server);
  await server.close();
  process.env.GIVEN_SAMPLE_DIR = dataDir;
  return () => rmSync(folder, { recursive: true, force: true });
}
