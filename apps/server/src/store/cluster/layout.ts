import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SystemUser } from './system-user.ts';

/** Where the database lies. `socket` is a folder of its own that only the database's user enters. */
export interface ClusterLayout {
  data: string;
  socket: string;
  /** What earlier versions kept there is removed. */
  passwordFile: string;
}

/** `sun_path` holds 107 characters and the terminating zero (unix(7)). */
const SOCKET_PATH_BYTES = 107;
const SOCKET_NAME = '/.s.PGSQL.5432';

/** Makes the folders below `dataDir` with the owners and modes that PostgreSQL and its secrets demand. */
export function layOut(dataDir: string, user: SystemUser | null): ClusterLayout {
  // As root the database's user passes through this folder and reads nothing in it.
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  chmodSync(dataDir, user === null ? 0o700 : 0o711);
  const data = join(dataDir, 'database');
  const near = join(dataDir, 'socket');
  const digest = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const fits = Buffer.byteLength(near + SOCKET_NAME) <= SOCKET_PATH_BYTES;
  const socket = fits ? near : join(tmpdir(), `wardline-${digest}`);
  if (!fits) refuseForeign(socket, user);
  for (const folder of [data, socket]) own(folder, user);
  return { data, socket, passwordFile: join(dataDir, 'database-password') };
}

/** Below the shared temporary folder anybody may have put a folder or a link of this name. */
function refuseForeign(folder: string, user: SystemUser | null): void {
  if (!existsSync(folder)) return;
  const found = lstatSync(folder);
  if (!found.isDirectory() || ![process.getuid?.(), user?.uid].includes(found.uid))
    throw new Error(`${folder} belongs to another user, or is a link; remove it`);
}

function own(folder: string, user: SystemUser | null): void {
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
  if (user !== null) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
}
