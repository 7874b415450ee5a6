import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { verbActions } from './permissions.ts';
import { createProgram } from './program.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../../docs/permissions.md'), 'utf8');

function verbsOf(command: Command, path: string[] = []): string[] {
  const children = command.commands.filter((child) => child.name() !== 'help');
  return children.length === 0
    ? [path.join(' ')]
    : children.flatMap((child) => verbsOf(child, [...path, child.name()]));
}

it('every verb says which actions it asks a server for', () => {
  expect(verbsOf(createProgram()).toSorted()).toEqual(Object.keys(verbActions).toSorted());
});

it('and each of them is one that the policies know', () => {
  const actions = Object.values(verbActions).flatMap((one) => (one === 'local' ? [] : one));
  expect(actions.filter((action) => !page.includes(`\`${action}\``))).toEqual([]);
});
