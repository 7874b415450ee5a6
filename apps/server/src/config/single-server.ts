import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTimeOf } from '../store/cluster/process-table.ts';
import { ConfigError } from './config.ts';

interface Holder {
  pid: number;
  started: string | null;
}

/**
 * Takes the data directory for this process. A server that was killed holds nothing: a process is known by its pid and the
 * time it started.
 * @throws ConfigError where another server lives in it
 */
export function takeDataDir(dataDir: string): () => void {
  const file = join(dataDir, 'server.json');
  const holder = readHolder(file);
  const own: Holder = { pid: process.pid, started: startTimeOf(process.pid) };
  const isAnother = holder !== null && (holder.pid !== own.pid || holder.started !== own.started);
  if (isAnother && holder.started !== null && startTimeOf(holder.pid) === holder.started)
    throw new ConfigError(`A server already runs on ${dataDir} (process ${holder.pid})`);
  if (holder !== null && !isAnother)
    throw new ConfigError(`This process already runs a server on ${dataDir}`);
  writeFileSync(file, JSON.stringify(own), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

function readHolder(file: string): Holder | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return null;
  }
}
