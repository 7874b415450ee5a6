import { type Lifecycle, type LifecycleRow, lifecycleListResponse, lifecycleResponse } from '@wardline/model';
import type { Command } from 'commander';
import { z } from 'zod';
import { askFor, type ServerFlags, sendJson, serverAccess } from '../api/client.ts';
import { digestOf } from '../file-digest.ts';
import { writeOut } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { tableLines } from '../terminal/table.ts';
import { counted } from '../terminal/units.ts';
import { addLifecycleActs } from './life/lifecycle-acts.ts';
import { serverVerb } from './server-verb.ts';

const examples = `
Examples:
  wardline lifecycle list --state maintenance,lost
  wardline lifecycle show A-1d2c…                what is to be done before it serves, and its history
  wardline lifecycle backup A-1d2c… --made 2026-11-02 --place "safe of biomedical engineering" --file pump.cfg --reason "after the update"

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
  serverVerb(noun, 'backup', "enter that a copy of a device's settings was made", examples)
    .argument('<asset>', 'its id')
    .requiredOption('--made <day>', 'the day on which it was made, as 2026-12-31')
    .option('--place <text>', 'where the copy lies')
    .option('--file <path>', 'the copy itself: its SHA-256 is entered, the file is not handed over')
    .option('--nothing-to-save', 'the device has no settings')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(runBackup);
  serverVerb(noun, 'backup-tried', 'enter that a copy was restored for a try', examples)
    .argument('<asset>', 'its id')
    .argument('<backup>', "the copy's number, as lifecycle show tells it")
    .requiredOption('--day <day>', 'when, as 2026-12-31')
    .requiredOption('--how <text>', 'on which device, and what was compared')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(runTried);
  addLifecycleActs(noun);
}

interface BackupFlags extends ServerFlags {
  made: string;
  place?: string;
  file?: string;
  nothingToSave?: boolean;
  reason: string;
}

const backupsAt = (asset: string) => `api/v1/assets/${encodeURIComponent(asset)}/backups`;

async function runBackup(asset: string, flags: BackupFlags): Promise<void> {
  const { made, place = '', file, nothingToSave, reason } = flags;
  const kind = nothingToSave ? 'nothing-to-save' : 'settings';
  const sha256 = file === undefined ? null : await digestOf(file);
  const body = { made, kind, place, sha256, reason };
  const { id } = await sendJson(await serverAccess(flags), backupsAt(asset), body, z.object({ id: z.int() }));
  await writeOut([`${printable(`${asset}: backup ${id}`)}\n`]);
}

type TriedFlags = ServerFlags & { day: string; how: string; reason: string };

async function runTried(asset: string, backup: string, flags: TriedFlags): Promise<void> {
  const { day, how, reason } = flags;
  const at = `${backupsAt(asset)}/${encodeURIComponent(backup)}/tried`;
  await sendJson(await serverAccess(flags), at, { day, how, reason }, z.object({ done: z.literal(true) }));
  await writeOut([`${printable(`${asset}: backup ${backup} was tried on ${day}`)}\n`]);
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

function linesOf({
  assetName,
  state,
  since,
  udi,
  purchase,
  checks,
  leaving,
  history,
  backups,
}: Lifecycle): string[] {
  const list = state === 'decommissioned' || state === 'lost' ? leaving : checks;
  return [
    `${assetName}: ${state}${since === null ? '' : ` since ${since.slice(0, 10)}`}`,
    ...(udi === null ? [] : [`Identifier: ${udi.agency} ${udi.device}`]),
    ...(purchase === null ? [] : [`Bought by: ${purchase.title}`]),
    '',
    ...list.map(({ answer, title, reason }) => `${answer.padEnd(8)} ${title}. ${reason}`),
    ...(backups.length === 0 ? [] : ['', 'Backups of its settings']),
    ...backups.map(
      ({ id, made, place, tried }) =>
        `${String(id).padEnd(8)} ${made} ${place === '' ? 'nothing to save' : place}${tried === null ? '' : `, tried on ${tried}`}`,
    ),
    ...(history.length === 0 ? [] : ['', 'History']),
    ...history.map(
      ({ at, from, to, actor, reason }) => `${at.slice(0, 16)} ${from} → ${to} by ${actor}: ${reason}`,
    ),
  ];
}
