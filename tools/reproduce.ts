/**
 * Builds the console twice, at another time of day, in another language and time zone, from a copy at another place, and compares
 * every byte. What runs beside it is source as it stands in the repository: there is nothing else to build.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './run-step.ts';

/** A checkout of its own with what the console is made of. */
function copyAt(place: string): string {
  const checkout = mkdtempSync(join(tmpdir(), place));
  for (const part of ['package.json', 'package-lock.json', 'tsconfig.base.json', 'apps/console', 'packages'])
    cpSync(join(root, part), join(checkout, part), {
      recursive: true,
      filter: (path) => !/\/(dist|node_modules)$/.test(path),
    });
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
  return checkout;
}

/** SHA-256 of every file of a build, by its path. */
function built(place: string, environment: Record<string, string>): Map<string, string> {
  const checkout = copyAt(place);
  try {
    execFileSync(process.execPath, [join(checkout, 'apps/console/build.ts')], {
      cwd: checkout,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const folder = join(checkout, 'apps/console/dist');
    const files = globSync('**/*', { cwd: folder }).filter((file) => statSync(join(folder, file)).isFile());
    return new Map(
      files.map((file) => [
        file,
        createHash('sha256')
          .update(readFileSync(join(folder, file)))
          .digest('hex'),
      ]),
    );
  } finally {
    rmSync(checkout, { recursive: true, force: true });
  }
}

const one = built('wardline-one-', { TZ: 'UTC', LANG: 'C' });
const other = built('wardline-other-place-', { TZ: 'Asia/Kathmandu', LANG: 'de_DE.UTF-8' });
const different = [...new Set([...one.keys(), ...other.keys()])].filter(
  (file) => one.get(file) !== other.get(file),
);
for (const file of different) process.stdout.write(`differs: ${file}\n`);
process.stdout.write(`${one.size} files, ${different.length} of them different\n`);
process.exit(one.size > 0 && different.length === 0 ? 0 : 1);
