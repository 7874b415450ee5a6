import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../index.ts';

/**
 * Runs before the tests of servers: makes one data directory with what a first start leaves, which the tests' servers copy. A
 * first start takes longer than most of the tests.
 */
export default async function prepare(): Promise<(() => void) | undefined> {
  // Another project of the same run has made it.
  if (process.env.GIVEN_DATA_DIR !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'wardline-given-'));
  // As root the database runs as another user, who passes through.
  chmodSync(folder, 0o711);
  const dataDir = join(folder, 'data');
  const server = await startServer({ dataDir, port: 0, log: 'silent', consoleDir: join(folder, 'none') });
  await server.close();
  process.env.GIVEN_DATA_DIR = dataDir;
  // Servers in processes of their own load what the first of them compiled.
  process.env.NODE_COMPILE_CACHE ??= join(folder, 'compiled');
  return () => rmSync(folder, { recursive: true, force: true });
}
