import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { scanArchitecture } from './architecture.ts';
import { root } from './run-step.ts';

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

function violationsOf(file: string, text: string): string[] {
  const base = mkdtempSync(join(tmpdir(), 'wardline-architecture-'));
  made.push(base);
  mkdirSync(join(base, dirname(file)), { recursive: true });
  writeFileSync(join(base, file), text);
  return scanArchitecture(base)
    .violations.filter((violation) => violation.file === file)
    .map((violation) => violation.message);
}

it('finds no violation in this repository, and has looked', () => {
  const scan = scanArchitecture(root);
  expect(scan.violations).toEqual([]);
  expect(scan.files).toBeGreaterThan(100);
  expect(scan.imports).toBeGreaterThan(300);
});

it.each([
  ['packages/sensor/src/a.ts', "import { loadKnowledge } from '@wardline/knowledge';", 'may not'],
  ['packages/sensor/src/a.ts', "import { readFileSync } from 'node:fs';", 'may not'],
  ['packages/sensor/src/a.ts', "import {\n  a,\n  b,\n} from '../../identify/src/b.ts';", 'reaches into'],
  ['packages/identify/src/a.ts', "import { x } from '@wardline/model/src/time.ts';", 'index.ts'],
  ['packages/identify/src/a.ts', 'const now = Date.now();', 'clock'],
  ['packages/identify/src/a.ts', "const m = await import('@wardline/server');", 'downward'],
  ['packages/novel/src/a.ts', 'export {};', 'no rule'],
  ['apps/console/src/a.tsx', "import { sense } from '@wardline/sensor';", 'may not'],
  ['apps/server/src/domains/a/b.ts', "import { c } from '../d/store.ts';", 'ask its index.ts'],
])('refuses in %s: %s', (file, text, expected) => {
  expect(violationsOf(file, text).join()).toContain(expected);
});

it('lets tests, and nothing else, use what another workspace gives to tests', () => {
  const help = "import { Ceremony } from '@wardline/server/testing/ceremony';";
  expect(violationsOf('apps/console/src/e2e/a.ts', help)).toEqual([]);
  expect(violationsOf('apps/cli/src/a.ts', help).join()).toContain('index.ts');
});

it('lets a domain ask another through its face', () => {
  expect(violationsOf('apps/server/src/domains/a/b.ts', "import { c } from '../d/index.ts';")).toEqual([]);
});
