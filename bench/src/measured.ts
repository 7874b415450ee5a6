/** Runs a command and measures what it used, by GNU time, on one core where that can be arranged. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Usage {
  cpuSeconds: number;
  wallSeconds: number;
  peakMebibytes: number;
}

export function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status === 0;
}

/** Throws where the command fails, with what it said. */
export function measure(command: readonly string[]): Usage {
  const folder = mkdtempSync(join(tmpdir(), 'wardline-usage-'));
  const report = join(folder, 'usage');
  try {
    const pinned = isInstalled('taskset') ? ['taskset', '-c', '0'] : [];
    const [program, ...args] = [...pinned, 'time', '-f', '%U %S %e %M', '-o', report, ...command];
    const { status, stderr } = spawnSync(program!, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${command[0]} ended with ${status}: ${stderr}`);
    const [user, system, wall, peak] = readFileSync(report, 'utf8').trim().split(' ').map(Number);
    return { cpuSeconds: user! + system!, wallSeconds: wall!, peakMebibytes: peak! / 1024 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
