import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isStrict, longFiles } from './long-tests.ts';
import { root } from './run-step.ts';

it('names test files that are there, so that none is left out by a slip and run by nobody', () => {
  expect(longFiles.filter((file) => !file.endsWith('.test.ts') || !existsSync(join(root, file)))).toEqual([]);
  expect(new Set(longFiles).size).toBe(longFiles.length);
});

it('leaves nothing out where CI is set', () => {
  expect([{}, { CI: 'false' }, { CI: 'true' }, { CI: '1' }].map(isStrict)).toEqual([
    false,
    false,
    true,
    true,
  ]);
});
