import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Fills a data directory that is empty, or not there yet, with what a first start leaves, where `prepare.ts` has made that. */
export function copyGiven(dataDir: string): void {
  const given = process.env.GIVEN_DATA_DIR;
  if (given === undefined) return;
  mkdirSync(dataDir, { recursive: true });
  execFileSync('cp', ['-a', `${given}/.`, dataDir]);
}

/** A folder for one file of tests, whose `data` a server starts from without the work of a first start. */
export function serverFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `wardline-${name}-`));
  // As root the database runs as another user, who passes through.
  chmodSync(folder, 0o711);
  copyGiven(join(folder, 'data'));
  return folder;
}
