/**
 * Packs the IEEE registry (npm `oui-data`, blocks of 24, 28 and 36 bits) into `oui.tsv`: one line per organisation,
 * its name, a tab, and its prefixes in hexadecimal. Usage: node packages/knowledge/tools/oui.ts
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const LONGEST_NAME = 48;

const registry = createRequire(import.meta.url)('oui-data') as Record<string, string>;
const byName = new Map<string, string[]>();
for (const [prefix, entry] of Object.entries(registry)) {
  const name = (entry.split('\n')[0] ?? '').replace(/\s+/g, ' ').trim().slice(0, LONGEST_NAME);
  if (name === '' || /^private$/i.test(name)) continue;
  const list = byName.get(name) ?? [];
  list.push(prefix.toLowerCase());
  byName.set(name, list);
}
const names = [...byName.keys()].sort((a, b) => (a < b ? -1 : 1));
const lines = names.map((name) => `${name}\t${byName.get(name)!.sort().join(' ')}`);
writeFileSync(new URL('../data/oui/oui.tsv', import.meta.url), `${lines.join('\n')}\n`);
console.log(`${Object.keys(registry).length} blocks of ${lines.length} organisations`);
