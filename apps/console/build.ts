/** Builds the console when its sources have changed since the last build. `node apps/console/build.ts` runs it by hand. */
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const stamp = join(here, 'dist', '.sources');

/** A hash of everything that the result is made of; the lock file stands for the dependencies. */
function hashSources(): string {
  const hash = createHash('sha256');
  const sources = [
    'src/**/*.{ts,tsx,css}',
    'public/*',
    'index.html',
    'vite.config.ts',
    'package.json',
    'build.ts',
  ];
  const files = globSync(sources, { cwd: here }).filter(
    (file) => !file.includes('e2e') && !file.endsWith('.test.ts'),
  );
  for (const file of files.sort()) hash.update(`${file}\0`).update(readFileSync(join(here, file)));
  const lock = join(here, '../../package-lock.json');
  if (existsSync(lock)) hash.update(readFileSync(lock));
  return hash.digest('hex');
}

/**
 * What people are served, whoever asks for it: under a runner of tests, which says NODE_ENV=test, the bundler would build the console of a
 * developer, with the paths of this machine in it.
 */
async function build(): Promise<void> {
  const { NODE_ENV: before } = process.env;
  process.env.NODE_ENV = 'production';
  try {
    const vite = await import('vite');
    const configFile = join(here, 'vite.config.ts');
    await vite.build({ root: here, configFile, mode: 'production', logLevel: 'warn' });
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}

/** Returns the folder with the built console, and whether it had to be built. */
export async function buildConsole(): Promise<{ folder: string; built: boolean }> {
  const folder = join(here, 'dist');
  const hash = hashSources();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return { folder, built: false };
  await build();
  writeFileSync(stamp, hash);
  return { folder, built: true };
}

if (import.meta.main) {
  const { folder, built } = await buildConsole();
  process.stdout.write(`${built ? 'Built' : 'Up to date'}: ${folder}\n`);
}
