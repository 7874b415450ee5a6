import { writeFile } from 'node:fs/promises';
import { type PatchItem, patchPlanResponse } from '@wardline/model';
import type { Command } from 'commander';
import { askFor, type ServerFlags, serverAccess } from '../../api/client.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { indented, printable } from '../../terminal/printable.ts';
import { counted } from '../../terminal/units.ts';
import { userPath } from '../../working-directory.ts';
import { serverVerb } from '../server-verb.ts';

type Flags = ServerFlags & { json?: boolean };

const examples = `
Examples:
  wardline plan show
  wardline plan export --as csv --out work-list.csv
  wardline plan export --as ics --out maintenance.ics`;

/** The plan as it is read and handed on. */
export function addPlanList(noun: Command): void {
  serverVerb(noun, 'show', 'what is to be done about which product, and when', examples)
    .option('--json', 'print one JSON object and nothing else')
    .action(runShow);
  serverVerb(noun, 'export', 'write the plan as a work list or as a calendar', examples)
    .requiredOption('--as <form>', 'csv: one line for each device; ics: a calendar of the proposed slots')
    .option('--out <file>', 'where to; without it to the standard output')
    .action(runExport);
}

async function runShow(flags: Flags): Promise<void> {
  const plan = await askFor(await serverAccess(flags), 'api/v1/patch-plan', patchPlanResponse);
  if (flags.json) return await writeOut([`${JSON.stringify(plan, null, 2)}\n`]);
  const width = process.stdout.columns ?? 120;
  const lines = [
    `${counted(plan.items.length, 'product')} with open weaknesses${plan.more ? ', and more' : ''}.`,
    ...plan.items.flatMap((item) => itemLines(item, width)),
  ];
  await writeOut([`${lines.join('\n')}\n`]);
}

const doing: Readonly<Record<PatchItem['action'], string>> = {
  update: 'update',
  compensate: 'do what the vendor advises',
  replace: 'replace',
  ask: 'ask the vendor',
};

function itemLines(item: PatchItem, width: number): string[] {
  const told = (text: string, lead = '  ') => indented(printable(text), width, lead);
  const facts = [
    `patients up to ${item.patient.to}`,
    `${counted(item.weaknesses, 'weakness', 'weaknesses')}: ${item.gravest.join(', ')}`,
    item.exploited ? 'exploited' : null,
    item.compensated ? 'compensated' : null,
    item.deadline === null ? null : `due ${item.deadline.slice(0, 10)}`,
    item.supportEnded === null ? null : `support ended ${item.supportEnded}`,
  ].filter((fact) => fact !== null);
  return [
    '',
    ...told(`${item.product}: ${doing[item.action]}`, ''),
    ...told(facts.join('; ')),
    ...(item.vendorSays === null ? [] : told(`The vendor says: ${item.vendorSays}`)),
    ...item.assets.flatMap(({ name, id, slot }) =>
      told(
        `${name} (${id}): ${slot === null ? 'nobody said when' : `${slot.from.slice(0, 16)} to ${slot.until.slice(0, 16)} UTC`}`,
        '    ',
      ),
    ),
  ];
}

async function runExport(flags: ServerFlags & { as: string; out?: string }): Promise<void> {
  if (flags.as !== 'csv' && flags.as !== 'ics')
    throw new CommandError(`--as ${flags.as}: expected csv or ics`);
  const { base, token } = await serverAccess(flags);
  const answer = await fetch(new URL(`api/v1/patch-plan.${flags.as}`, base), {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!answer.ok)
    throw new CommandError(`The plan cannot be had: the server answered ${answer.status}`, exitCodes.failed);
  const text = await answer.text();
  if (flags.out === undefined) await writeOut([text]);
  else await writeFile(userPath(flags.out), text);
}
