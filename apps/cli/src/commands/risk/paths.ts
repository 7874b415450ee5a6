import {
  type AttackPathsAnswer,
  type AttackRoute,
  type AttackTarget,
  attackDifficulties,
  attackPathsResponse,
} from '@wardline/model';
import type { Command } from 'commander';
import {
  askFor,
  dataOption,
  type ServerFlags,
  serverAccess,
  serverOption,
  tokenOption,
} from '../../api/client.ts';
import { writeOut } from '../../terminal/output.ts';
import { indented, printable } from '../../terminal/printable.ts';
import { counted } from '../../terminal/units.ts';

type Flags = ServerFlags & { json?: boolean; level: string; limit: string };

const examples = `
Examples:
  wardline risk paths
  wardline risk paths --level demanding --limit 50
  wardline risk paths --json > paths.json

Grades, the easiest first: open (nothing to overcome), exploited (a weakness that is known to be exploited), published
(usable over the network without an account), demanding (takes an account, help or luck, or may not be there),
undisclosed (no weakness is known).`;

export function addPaths(noun: Command): void {
  noun
    .command('paths')
    .summary('ways of attack to life-critical devices')
    .description(
      'Tells the easiest way of attack to each life-critical device, and the least that cuts them all.',
    )
    .option(
      '--level <grade>',
      `choke points and plan are about ways up to: ${attackDifficulties.join(', ')}`,
      'published',
    )
    .option('--limit <number>', 'devices told in full, up to 1000', '20')
    .option('--json', 'print one JSON object and nothing else')
    .option(...serverOption)
    .option(...tokenOption)
    .option(...dataOption)
    .addHelpText('after', examples)
    .action(runPaths);
}

async function runPaths(flags: Flags): Promise<void> {
  const access = await serverAccess(flags);
  const query = new URLSearchParams({ level: flags.level, limit: flags.limit });
  const answer = await askFor(access, `api/v1/attack-paths?${query.toString()}`, attackPathsResponse);
  if (flags.json) return await writeOut([`${JSON.stringify(answer, null, 2)}\n`]);
  const width = process.stdout.columns ?? 120;
  const lines = [...headLines(answer), ...answer.targets.flatMap((target) => targetLines(target, width))];
  await writeOut([`${[...lines, ...chokeLines(answer), ...planLines(answer, width)].join('\n')}\n`]);
}

function headLines({ total, counts, footholds }: AttackPathsAnswer): string[] {
  const row = (name: string, of: Record<string, number>) =>
    `  ${name.padEnd(22)}${[...attackDifficulties, 'none'].map((grade) => `${of[grade] ?? 0} ${grade}`).join(', ')}`;
  return [
    `${counted(total, 'life-critical device')}. Easiest way to each, from ${counted(footholds.internet, 'service')} open to the internet, ${counted(footholds.workstation, 'workstation')}, ${counted(footholds.guest, 'guest device')} and ${counted(footholds.supplier, 'connection')} with suppliers:`,
    row('by what was seen', counts.shown),
    row('by what is not excluded', counts.notExcluded).replace('excluded', 'excluded '),
    '',
  ];
}

function targetLines({ asset, name, classLabel, shown, notExcluded }: AttackTarget, width: number): string[] {
  const same = JSON.stringify(shown) === JSON.stringify(notExcluded);
  return [
    printable(`${name} (${classLabel ?? 'class unknown'}) ${asset}`),
    ...routeLines('seen', shown, width),
    ...(same ? [] : routeLines('not excluded', notExcluded, width)),
    '',
  ];
}

function routeLines(label: string, route: AttackRoute | null, width: number): string[] {
  if (route === null) return [`  ${label}: no way`];
  const steps = route.steps.map(({ text }, at) => ({ text, lead: `    ${at + 1}. ` }));
  return [
    ...indented(printable(`${route.difficulty}. ${route.foothold.because}`), width, `  ${label}: `),
    ...steps.flatMap(({ text, lead }) => indented(printable(text), width, lead)),
  ];
}

function chokeLines({ chokePoints, level }: AttackPathsAnswer): string[] {
  if (chokePoints.length === 0) return [];
  return [
    `Every way up to “${level}” runs through:`,
    ...chokePoints.map(({ kind, name, targets }) =>
      printable(`  ${kind} ${name}, for ${counted(targets, 'device')}`),
    ),
    '',
  ];
}

function planLines({ plan, level }: AttackPathsAnswer, width: number): string[] {
  const proved = plan.effort === plan.bound ? 'no plan takes less' : `no plan takes less than ${plan.bound}`;
  const head = `Plan: ${counted(plan.before, 'device')} within reach up to “${level}”, ${plan.after} after it. Effort ${plan.effort}; ${proved}.`;
  const steps = plan.steps.flatMap(({ text, freed, left }, at) =>
    indented(
      printable(
        `${text} ${freed.length === 0 ? 'Needed by what follows' : `Frees ${freed.map(({ name }) => name).join(', ')}`}; ${left} left.`,
      ),
      width,
      `  ${at + 1}. `,
    ),
  );
  const stubborn = plan.stubborn.map(({ name }) => name).join(', ');
  return [
    head,
    ...steps,
    ...(stubborn === ''
      ? []
      : indented(printable(`No change that is known cuts the ways to: ${stubborn}`), width, '  ')),
  ];
}
