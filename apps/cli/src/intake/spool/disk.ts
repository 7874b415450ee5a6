import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What the spool needs of a folder. Only `write` and `syncFolder` promise anything about a loss of power: what is in a file
 * is kept from `write` on, what files there are and how they are called from the next `syncFolder` on.
 */
export interface SpoolDisk {
  list(): Promise<{ name: string; size: number }[]>;
  read(name: string): Promise<Uint8Array<ArrayBuffer>>;
  write(name: string, bytes: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Fine where there is none. */
  remove(name: string): Promise<void>;
  syncFolder(): Promise<void>;
}

/** A folder of this machine, for its owner alone; made where there is none. */
export async function folderDisk(folder: string): Promise<SpoolDisk> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const at = (name: string) => join(folder, name);
  return {
    list: async () => {
      const names = await readdir(folder);
      return Promise.all(names.map(async (name) => ({ name, size: (await stat(at(name))).size })));
    },
    read: (name) => readFile(at(name)),
    write: async (name, bytes) => {
      const file = await open(at(name), 'w', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
    },
    rename: (from, to) => rename(at(from), at(to)),
    remove: (name) => rm(at(name), { force: true }),
    syncFolder: async () => {
      const handle = await open(folder, 'r');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
  };
}
