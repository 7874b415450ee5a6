import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './run-step.ts';

const page = readFileSync(join(root, 'docs/threat-model.md'), 'utf8');
const rows = page
  .slice(page.indexOf('## Threats and answers'), page.indexOf('## Not defended yet'))
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| threat |') && !line.startsWith('|---'))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim()));

/** Every test and source file of the repository, by its path. */
const files = ['apps', 'packages', 'tools', 'testbed', 'bench', 'fuzz'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
    .map((file) => join(folder, file)),
);

describe('the threat model', () => {
  it('has an answer for each threat, and says what shows it', () => {
    expect(rows.length).toBeGreaterThan(30);
    for (const row of rows) {
      expect(row, row[0]).toHaveLength(3);
      expect(
        row.every((cell) => cell.length > 3),
        row[0],
      ).toBe(true);
    }
  });

  const named = [...page.matchAll(/`([\w/.-]+\.ts)`/g)].map(([, name]) => name!);
  it.each([...new Set(named)])('names %s, which exists', (name) => {
    const found = files.filter((file) => (name.includes('/') ? file === name : basename(file) === name));
    expect(found, name).not.toEqual([]);
  });
});
