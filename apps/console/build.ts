/** Builds the console when its sources have changed since the last build. `node apps/console/build.ts` runs it by hand. */
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const stamp = join(here, 'dist', '.sources');

/** A hash of everything that the result is made of; the lock file stands for the dependencies. */
function hashSources(): string {
  const hash = createHash('sha256');
  const sources = ['src/**/*.{ts,tsx,css}', 'public/*', 'index.html', 'vite.config.ts', 'package.json'];
  const files = globSync(sources, { cwd: here }).filter(
    (file) => !file.includes('e2e') && !file.endsWith('.test.ts'),
  );
  for (const file of files.sort()) hash.update(`${file}\0`).update(readFileSync(join(here, file)));
  const lock = join(here, '../../package-lock.json');
  if (existsSync(lock)) hash.update(readFileSync(lock));
  return hash.digest('hex');
}

/** Returns the folder with the built console, and whether it had to be built. */
export async function buildConsole(): Promise<{ folder: string; built: boolean }> {
  const folder = join(here, 'dist');
  const hash = hashSources();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return { folder, built: false };
  const { build } = await import('vite');
  await build({ root: here, configFile: join(here, 'vite.config.ts'), logLevel: 'warn' });
  writeFileSync(stamp, hash);
  return { folder, built: true };
}

if (import.meta.main) {
  const { folder, built } = await buildConsole();
  process.stdout.write(`${built ? 'Built' : 'Up to date'}: ${folder}\n`);
}
