import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { GUARD_MILLIS } from './limits.ts';
import { PointError } from './point.ts';

const program = fileURLToPath(new URL('watchdog.ts', import.meta.url));

/** Starts the watchdog of a trial, in a session of its own, and returns once it stands guard. */
export async function standGuard(folder: string, trial: string): Promise<void> {
  const child = spawn(process.execPath, [program, folder, trial], {
    detached: true,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise<void>((resolve, reject) => {
    const fail = () => reject(new PointError('the watchdog does not start, so nothing was changed'));
    const timer = setTimeout(fail, GUARD_MILLIS);
    child.once('error', fail);
    child.once('exit', fail);
    child.stdout.once('data', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  child.stdout.destroy();
  child.unref();
}
