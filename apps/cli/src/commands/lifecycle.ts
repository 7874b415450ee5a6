import { type Lifecycle, type LifecycleRow, lifecycleListResponse, lifecycleResponse } from '@wardline/model';
import type { Command } from 'commander';
import { askFor, type ServerFlags, serverAccess } from '../api/client.ts';
import { writeOut } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { tableLines } from '../terminal/table.ts';
import { counted } from '../terminal/units.ts';
import { serverVerb } from './server-verb.ts';

const examples = `
Examples:
  wardline lifecycle list --state maintenance,lost
  wardline lifecycle show A-1d2c…                what is to be done before it serves, and its history

Exit codes: 0 done, 1 the server could not be asked, 2 bad usage.`;

export function addLifecycle(program: Command): void {
  const noun = program.command('lifecycle').description('Devices between purchase and disposal.');
  serverVerb(noun, 'list', 'list devices by where they stand', examples)
    .argument('[words...]', 'words that must each occur')
    .option('--state <states>', 'only these, parted by commas')
    .option('--limit <number>', 'how many at the most, up to 500', '100')
    .option('--json', 'print one JSON object and nothing else')
    .action(runList);
  serverVerb(noun, 'show', 'show one device: its checklist and history', examples)
    .argument('<asset>', 'its id')
    .option('--json', 'print one JSON object and nothing else')
    .action(runShow);
}

type Flags = ServerFlags & { json?: boolean };

async function runList(words: string[], flags: Flags & { state?: string; limit: string }): Promise<void> {
  const query = new URLSearchParams({ limit: flags.limit });
  if (words.length > 0) query.set('q', words.join(' '));
  if (flags.state !== undefined) query.set('state', flags.state);
  const found = await askFor(
    await serverAccess(flags),
    `api/v1/lifecycle?${query.toString()}`,
    lifecycleListResponse,
  );
  if (flags.json) return await writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  const columns = [
    { heading: 'Id', value: ({ asset }: LifecycleRow) => asset, least: 14 },
    { heading: 'Device', value: ({ assetName }: LifecycleRow) => assetName, least: 12 },
    { heading: 'State', value: ({ state }: LifecycleRow) => state, least: 14 },
    { heading: 'Since', value: ({ since }: LifecycleRow) => since?.slice(0, 10) ?? '–', least: 10 },
    { heading: 'Conditions', value: ({ conditions }: LifecycleRow) => String(conditions), least: 10 },
    { heading: 'Identifier', value: ({ device }: LifecycleRow) => device ?? '–', least: 14, rank: 10 },
  ];
  const lines = tableLines(found.items, columns, process.stdout.columns ?? 120);
  await writeOut([`${[`${counted(found.total, 'device')}.`, ...lines].join('\n')}\n`]);
}

async function runShow(asset: string, flags: Flags): Promise<void> {
  const found = await askFor(
    await serverAccess(flags),
    `api/v1/assets/${encodeURIComponent(asset)}/lifecycle`,
    lifecycleResponse,
  );
  if (flags.json) return await writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  await writeOut([`${linesOf(found).map(printable).join('\n')}\n`]);
}

function linesOf({ assetName, state, since, udi, purchase, checks, leaving, history }: Lifecycle): string[] {
  const list = state === 'decommissioned' || state === 'lost' ? leaving : checks;
  return [
    `${assetName}: ${state}${since === null ? '' : ` since ${since.slice(0, 10)}`}`,
    ...(udi === null ? [] : [`Identifier: ${udi.agency} ${udi.device}`]),
    ...(purchase === null ? [] : [`Bought by: ${purchase.title}`]),
    '',
    ...list.map(({ answer, title, reason }) => `${answer.padEnd(8)} ${title}. ${reason}`),
    ...(history.length === 0 ? [] : ['', 'History']),
    ...history.map(
      ({ at, from, to, actor, reason }) => `${at.slice(0, 16)} ${from} → ${to} by ${actor}: ${reason}`,
    ),
  ];
}
