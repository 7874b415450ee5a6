import {
  type Disclosure,
  type DisclosureClock,
  type DisclosureDetail,
  disclosureDetailResponse,
  disclosureListResponse,
} from '@wardline/model';
import type { Command } from 'commander';
import { askFor, type ServerFlags, serverAccess } from '../api/client.ts';
import { writeOut } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { tableLines } from '../terminal/table.ts';
import { counted } from '../terminal/units.ts';
import { addDisclosureActs } from './life/disclosure-acts.ts';
import { serverVerb } from './server-verb.ts';

const examples = `
Examples:
  wardline disclosure list
  wardline disclosure show 7             its clocks, where it can be handed over to, and the letter
  wardline disclosure list --json | jq '.items[] | select(.closed | not)'

Exit codes: 0 done, 1 the server could not be asked, 2 bad usage.`;

export function addDisclosure(program: Command): void {
  const noun = program
    .command('disclosure')
    .description('Reports of weaknesses that somebody has told the hospital.');
  serverVerb(noun, 'list', 'list reports, the open ones first', examples)
    .option('--json', 'print one JSON object and nothing else')
    .action(runList);
  serverVerb(noun, 'show', 'show one report with its clocks', examples)
    .argument('<number>', 'its number')
    .option('--json', 'print one JSON object and nothing else')
    .action(runShow);
  addDisclosureActs(noun);
}

type Flags = ServerFlags & { json?: boolean };

const nextOf = ({ clocks }: Disclosure): DisclosureClock | undefined =>
  clocks.find(({ state }) => state === 'overdue') ?? clocks.find(({ state }) => state === 'running');

const nextWords = (row: Disclosure): string => {
  const next = nextOf(row);
  return next === undefined
    ? 'nothing'
    : `${next.step} by ${next.due}${next.state === 'overdue' ? ', overdue' : ''}`;
};

async function runList(flags: Flags): Promise<void> {
  const found = await askFor(await serverAccess(flags), 'api/v1/disclosures', disclosureListResponse);
  if (flags.json) return await writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  const columns = [
    { heading: 'No.', value: ({ number }: Disclosure) => String(number), least: 4 },
    { heading: 'Received', value: ({ received }: Disclosure) => received, least: 10 },
    { heading: 'Next', value: nextWords, least: 24 },
    {
      heading: 'Product',
      value: ({ details }: Disclosure) => `${details.vendor} ${details.model}`.trim() || '–',
      least: 10,
    },
    { heading: 'Title', value: ({ details }: Disclosure) => details.title, least: 16 },
  ];
  const lines = tableLines(found.items, columns, process.stdout.columns ?? 120);
  await writeOut([
    `${[`${counted(found.total, 'report')}, ${found.overdue} overdue.`, ...lines].join('\n')}\n`,
  ]);
}

async function runShow(number: string, flags: Flags): Promise<void> {
  const path = `api/v1/disclosures/${encodeURIComponent(number)}`;
  const found = await askFor(await serverAccess(flags), path, disclosureDetailResponse);
  if (flags.json) return await writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  await writeOut([`${linesOf(found).map(printable).join('\n')}\n`]);
}

function linesOf({ number, received, details, clocks, addresses, letter }: DisclosureDetail): string[] {
  return [
    `Report ${number}: ${details.title}, received ${received}`,
    '',
    ...clocks.map(({ step, state, due, day, note }) =>
      [
        `${state.padEnd(10)} ${step.padEnd(12)} by ${due}`,
        ...(day === null ? [] : [`done ${day}`]),
        ...(note === '' ? [] : [note]),
      ].join(', '),
    ),
    '',
    ...(addresses.length === 0 ? ['No address of a supplier is known for it.'] : []),
    ...addresses.map(
      ({ supplierName, address, expired }) =>
        `To ${supplierName}: ${address}${expired ? ' (its security.txt ran out)' : ''}`,
    ),
    '',
    ...letter.split('\n'),
  ];
}
