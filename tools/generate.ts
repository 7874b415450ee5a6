/**
 * `npm run generate` writes what is derived from the code: the API's OpenAPI document and the assessment's JSON
 * Schema. With `--check` it writes nothing and fails where a file differs.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generators } from './generators.ts';
import { root } from './run-step.ts';

const check = process.argv.includes('--check');
const stale: string[] = [];
for (const [file, make] of Object.entries(generators)) {
  const path = join(root, file);
  const text = await make();
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  stale.push(file);
  if (check) continue;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
console.log(stale.length === 0 ? 'all up to date' : `${check ? 'stale' : 'written'}: ${stale.join(', ')}`);
if (check && stale.length > 0) process.exit(1);
// The server's document needs no database, but its plug-ins may keep handles open.
process.exit(0);
