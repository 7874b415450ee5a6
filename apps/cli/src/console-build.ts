import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const builder = fileURLToPath(new URL('../../console/build.ts', import.meta.url));

/**
 * Brings the console up to date with its sources, which takes some seconds after a change and none otherwise. A failure
 * is not fatal: the API and the command line work without a console. Resolves to what went wrong, or null.
 */
export function buildConsole(): Promise<string | null> {
  if (!existsSync(builder)) return Promise.resolve(null);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [builder], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2000);
    });
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code) => resolve(code === 0 ? null : said.trim() || `exit code ${code}`));
  });
}
