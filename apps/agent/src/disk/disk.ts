import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { AgentError } from '../agent-error.ts';

/** The agent's folder. What `write` and `remove` did is there after a power cut; a file is the old one or the new one, never half of either. */
export interface Disk {
  /** Null where there is no such file. */
  read: (name: string, most: number) => Buffer | null;
  write: (name: string, bytes: Uint8Array) => void;
  remove: (name: string) => void;
  list: () => string[];
}

const UNFINISHED = '.new';

/** A folder that only the agent's account reads. */
export function folderDisk(folder: string): Disk {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    read: (name, most) => readBounded(join(folder, name), most),
    write: (name, bytes) => writeDurably(folder, name, bytes),
    remove: (name) => {
      rmSync(join(folder, name), { force: true });
      syncFolder(folder);
    },
    list: () => readdirSync(folder).filter((name) => !name.endsWith(UNFINISHED)),
  };
}

/** Sweeps away what a power cut left half written. Only for whoever is alone in the folder: another may be writing now. */
export function sweepUnfinished(folder: string): void {
  for (const name of readdirSync(folder))
    if (name.endsWith(UNFINISHED)) rmSync(join(folder, name), { force: true });
}

function readBounded(path: string, most: number): Buffer | null {
  try {
    const { size } = statSync(path);
    if (size > most)
      throw new AgentError('state', `${path} has ${size} bytes; what the agent writes has at most ${most}`);
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function writeDurably(folder: string, name: string, bytes: Uint8Array): void {
  const [path, beside] = [join(folder, name), join(folder, `${name}${UNFINISHED}`)];
  const file = openSync(beside, 'w', 0o600);
  try {
    // One call to the system may write less than it was given.
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
  syncFolder(folder);
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
