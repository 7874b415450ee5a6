import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The name of the server that lives in a data folder, the same after each start. */
export function serverId(dataDir: string): string {
  const file = join(dataDir, 'server-id');
  try {
    const known = readFileSync(file, 'utf8').trim();
    if (/^[0-9a-f-]{36}$/.test(known)) return known;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const id = randomUUID();
  writeFileSync(file, `${id}\n`, { mode: 0o600 });
  return id;
}
