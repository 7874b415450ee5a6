import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTimeOf } from '../store/cluster/process-table.ts';
import { ConfigError } from './config.ts';

interface Holder {
  pid: number;
  started: string | null;
}

/**
 * Takes the data directory for this process. A server that was killed holds nothing: a process is known by its pid and the
 * time it started. Of several that start at once one gets it.
 * @throws ConfigError where another server lives in it
 */
export function takeDataDir(dataDir: string): () => void {
  const file = join(dataDir, 'server.json');
  const own = JSON.stringify({ pid: process.pid, started: startTimeOf(process.pid) } satisfies Holder);
  if (!create(file, own)) {
    const there = read(file);
    refuseLiving(there, dataDir);
    setAside(file, there, dataDir);
    if (!create(file, own)) throw new ConfigError(`Another server starts on ${dataDir} at this moment`);
  }
  return () => rmSync(file, { force: true });
}

/** False where the file is there already. It appears whole, or not at all. */
function create(file: string, text: string): boolean {
  const half = `${file}.${process.pid}.new`;
  writeFileSync(half, text, { mode: 0o600 });
  try {
    linkSync(half, file);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  } finally {
    rmSync(half, { force: true });
  }
}

function refuseLiving(text: string, dataDir: string): void {
  const holder = parse(text);
  if (holder === null || holder.started === null || startTimeOf(holder.pid) !== holder.started) return;
  const who = holder.pid === process.pid ? 'this process' : `process ${holder.pid}`;
  throw new ConfigError(`A server already runs on ${dataDir} (${who}); stop it, or give another --data`);
}

/** Moves what a dead server left out of the way, unless another took its place meanwhile. */
function setAside(file: string, judged: string, dataDir: string): void {
  const aside = `${file}.${process.pid}.old`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = read(aside);
  if (moved !== judged) create(file, moved);
  rmSync(aside, { force: true });
  if (moved !== judged) throw new ConfigError(`Another server starts on ${dataDir} at this moment`);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function parse(text: string): Holder | null {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return null;
  }
}
