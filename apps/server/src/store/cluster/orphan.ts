import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, waitForEnd, worksIn } from './process-table.ts';

/** Signals in the order of PostgreSQL's shutdown modes (fast, immediate), each with the time it is given. */
const shutdown: readonly [NodeJS.Signals, number][] = [
  ['SIGINT', 20_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
];

/**
 * Stops the database that a killed server left behind. A `postmaster.pid` of a process that is not this cluster's is
 * left to PostgreSQL, which tells a stale one itself.
 */
export async function stopOrphan(dataDirectory: string): Promise<boolean> {
  const pid = postmasterPid(dataDirectory);
  if (pid === null || !isAlive(pid) || !worksIn(pid, realpathSync(dataDirectory))) return false;
  await endProcess(pid);
  return true;
}

export async function endProcess(pid: number): Promise<void> {
  for (const [signal, patience] of shutdown) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    if (await waitForEnd(pid, patience)) return;
  }
  throw new Error(`The database process ${pid} does not end`);
}

export function postmasterPid(dataDirectory: string): number | null {
  try {
    const pid = Number(readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
  } catch {
    return null;
  }
}
