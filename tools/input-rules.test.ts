import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './run-step.ts';

const page = readFileSync(join(root, 'docs/guides/input-rules.md'), 'utf8');
const sources = globSync(['apps/server/src/**/*.ts', 'packages/model/src/**/*.ts'], { cwd: root })
  .filter((file) => !file.endsWith('.test.ts'))
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n');

it('tells the rules that bind several fields in the words by which they are refused', () => {
  const cells = page
    .split('\n')
    .flatMap((line) => (line.startsWith('| ') ? [line.split(' | ').at(-1)!] : []));
  const words = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text!));
  expect(words.length).toBeGreaterThan(30);
  const known = (text: string) => sources.includes(text) || /^domains\/[a-z/-]+$/.test(text);
  expect(words.filter((text) => !known(text))).toEqual([]);
});
