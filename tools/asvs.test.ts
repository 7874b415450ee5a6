import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './run-step.ts';

const page = readFileSync(join(root, 'docs/asvs.md'), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => /^\| V\d/.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim()));

/** How many points of levels 1 and 2 each section of ASVS 5.0.0 has; they are numbered from 1. Sections of level 3 alone are left out. */
const sections: Readonly<Record<string, readonly number[]>> = {
  V1: [2, 9, 11, 3, 2],
  V2: [3, 3, 4, 1],
  V3: [0, 2, 4, 6, 5, 0, 2],
  V4: [3, 1, 2, 4],
  V5: [1, 3, 2, 3],
  V6: [3, 12, 4, 4, 5, 3, 0, 4],
  V7: [3, 4, 2, 5, 2, 2],
  V8: [2, 3, 1, 1],
  V9: [3, 4],
  V10: [2, 2, 4, 11, 5, 2, 3],
  V11: [2, 3, 3, 4, 1, 1],
  V12: [3, 2, 4],
  V13: [1, 5, 2, 5],
  V14: [2, 4, 3],
  V15: [3, 3, 7],
  V16: [1, 5, 4, 3, 3],
  V17: [1, 4, 2],
};
const points = Object.entries(sections).flatMap(([chapter, counts]) =>
  counts.flatMap((count, section) =>
    Array.from({ length: count }, (_, point) => `${chapter}.${section + 1}.${point + 1}`),
  ),
);

it('has every point of both levels, in order and once', () => {
  expect(points).toHaveLength(253);
  expect(rows.map(([point]) => point)).toEqual(points);
});

/** Names of files and folders in a cell: what has a slash, or ends as code and pages do. */
const named = (cell: string): string[] =>
  [...cell.matchAll(/`([\w/.-]+)`/g)]
    .map(([, name]) => name!)
    .filter((name) => (name.includes('/') && !name.startsWith('/') ? true : /\.(tsx?|md)$/.test(name)));

it('answers each with what shows it, or with why not', () => {
  for (const [point, words, answer, why] of rows) {
    expect(['met', 'not met', 'not applicable'], point).toContain(answer);
    expect(words!.length, point).toBeGreaterThan(3);
    if (answer === 'met') expect(named(why!), point).not.toEqual([]);
    else expect(why!.length, point).toBeGreaterThan(6);
  }
});

it('counts its answers as they are', () => {
  const count = (answer: string) => rows.filter((row) => row[2] === answer).length;
  expect(page).toContain(
    `${rows.length} points: ${count('met')} met, ${count('not met')} not met, ${count('not applicable')} not applicable.`,
  );
});

const files = ['apps', 'packages', 'tools'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter(
    (file) => !file.includes('node_modules'),
  ),
);
const bases = new Set(files.map((file) => basename(file)));

it('names nothing that does not exist', () => {
  const all = [...new Set(named(page))];
  expect(all.length).toBeGreaterThan(60);
  const exists = (name: string) =>
    name.includes('/') ? existsSync(join(root, name)) : bases.has(name) || existsSync(join(root, name));
  expect(all.filter((name) => !exists(name))).toEqual([]);
});
