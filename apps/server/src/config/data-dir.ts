import { accessSync, constants, mkdirSync, realpathSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { canReach, type SystemUser } from '../store/cluster/system-user.ts';
import { ConfigError } from './config.ts';

/**
 * Makes the data directory, or sees that the one there can hold what must not be lost and what nobody else may read.
 * `user` is as whom the database runs, null for this process's own user.
 * @throws ConfigError that names the folder and the user
 */
export function prepareDataDir(dataDir: string, user: SystemUser | null): void {
  const me = ownName();
  try {
    mkdirSync(dataDir, { recursive: true, mode: user === null ? 0o700 : 0o711 });
  } catch (cause) {
    throw new ConfigError(`${me} cannot make the data folder ${dataDir} (${codeOf(cause)}); ${advice}`);
  }
  const found = statSync(dataDir);
  if (!found.isDirectory() || found.uid !== process.getuid?.())
    throw new ConfigError(`The data folder ${dataDir} is no folder of the user ${me}; ${advice}`);
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new ConfigError(`${me} cannot write to the data folder ${dataDir} (${codeOf(cause)}); ${advice}`);
  }
  checkPath(dataDir, user);
}

const advice = 'give another with --data or WARDLINE_DATA';

/** As root the database's user must be able to pass every folder above; the data folder itself gets its mode later. */
function checkPath(dataDir: string, user: SystemUser | null): void {
  const parent = dirname(realpathSync(dataDir));
  if (user === null || canReach(parent, user)) return;
  throw new ConfigError(
    `The database runs as the user ${user.name}, who cannot enter the folders above ${dataDir}; ${advice}`,
  );
}

function ownName(): string {
  try {
    return userInfo().username;
  } catch {
    return `number ${process.getuid?.()}`;
  }
}

function codeOf(cause: unknown): string {
  return (cause as NodeJS.ErrnoException).code ?? 'unknown';
}
