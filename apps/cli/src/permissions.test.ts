import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { nouns } from './commands/nouns.ts';
import { verbActions } from './permissions.ts';
import { createProgram } from './program.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../../docs/permissions.md'), 'utf8');

function verbsOf(command: Command, path: string[] = []): string[] {
  const children = command.commands.filter((child) => child.name() !== 'help');
  return children.length === 0
    ? [path.join(' ')]
    : children.flatMap((child) => verbsOf(child, [...path, child.name()]));
}

it('every verb says which actions it asks a server for', async () => {
  expect(verbsOf(await createProgram()).toSorted()).toEqual(Object.keys(verbActions).toSorted());
});

it('a noun loaded alone has the verbs that it has among all', async () => {
  const all = (await createProgram()).commands;
  expect(all.map((one) => one.name())).toEqual([...nouns.keys()]);
  for (const noun of all) {
    const { commands } = await createProgram(noun.name());
    expect(commands.length).toBeLessThan(3);
    const alone = commands.find((one) => one.name() === noun.name());
    expect(alone && verbsOf(alone)).toEqual(verbsOf(noun));
  }
});

it('and each of them is one that the policies know', () => {
  const actions = Object.values(verbActions).flatMap((one) => (one === 'local' ? [] : one));
  expect(actions.filter((action) => !page.includes(`\`${action}\``))).toEqual([]);
});

it('no verb has an option that the program itself takes', async () => {
  const program = await createProgram();
  const own = program.options.flatMap(({ long, short }) => [long, short]);
  expect(own).toContain('--version');
  const colliding = (command: Command): string[] => [
    ...command.options
      .filter(({ long, short }) => own.includes(long) || (short && own.includes(short)))
      .map(({ flags }) => `${command.name()} ${flags}`),
    ...command.commands.flatMap(colliding),
  ];
  expect(program.commands.flatMap(colliding)).toEqual([]);
});
