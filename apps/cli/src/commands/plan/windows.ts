import { type MaintenanceWindow, maintenanceWindowsResponse } from '@wardline/model';
import type { Command } from 'commander';
import { z } from 'zod';
import { askFor, type ServerFlags, sendJson, serverAccess } from '../../api/client.ts';
import { CommandError } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { tableLines } from '../../terminal/table.ts';
import { serverVerb } from '../server-verb.ts';
import { dayNamed, days } from './days.ts';

type Flags = ServerFlags & { json?: boolean };
type AddFlags = Flags & {
  asset?: string;
  class?: string;
  all?: boolean;
  day: string;
  from: string;
  hours: string;
  zone: string;
  note: string;
  reason: string;
};

const examples = `
Examples:
  wardline plan window add --asset a-1f2e… --day tuesday --from 3 --hours 2 --reason "agreed with ICU 3"
  wardline plan window add --class ct --day sunday --from 6 --hours 4 --zone Europe/Berlin --reason "no planned scans"
  wardline plan window list
  wardline plan window remove 0b0e… --reason "the ward has moved"

The nearest windows count alone: the asset's own, else its class's, else those of all.`;

/** When devices may be taken out of use, as persons say. */
export function addWindows(noun: Command): void {
  const windows = noun.command('window').description('When devices may be taken out of use, as persons say.');
  serverVerb(windows, 'list', 'list maintenance windows', examples)
    .option('--json', 'print one JSON object and nothing else')
    .action(runList);
  serverVerb(windows, 'add', 'say when devices may be taken out of use, each week', examples)
    .option('--asset <id>', 'this asset')
    .option('--class <class>', 'every device of this class')
    .option('--all', 'every device')
    .requiredOption('--day <day>', days.join(', '))
    .requiredOption('--from <hour>', 'the full hour at which it begins, 0 to 23')
    .requiredOption('--hours <number>', 'how long, 1 to 24')
    .option('--zone <zone>', 'the time zone of the hours', Intl.DateTimeFormat().resolvedOptions().timeZone)
    .option('--note <text>', 'who agreed, what to mind', '')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .option('--json', 'print one JSON object and nothing else')
    .action(runAdd);
  serverVerb(windows, 'remove', 'a maintenance window holds no more', examples)
    .argument('<window>', 'its id')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .option('--json', 'print one JSON object and nothing else')
    .action(async (id: string, flags: Flags & { reason: string }) =>
      send(
        flags,
        `maintenance-windows/${encodeURIComponent(id)}/removal`,
        { reason: flags.reason },
        'Holds no more:',
      ),
    );
}

async function runList(flags: Flags): Promise<void> {
  const found = await askFor(
    await serverAccess(flags),
    'api/v1/maintenance-windows',
    maintenanceWindowsResponse,
  );
  if (flags.json) return await writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  await writeOut([`${tableLines(found.items, columns, process.stdout.columns ?? 120).join('\n')}\n`]);
}

const columns = [
  { heading: 'Id', value: ({ id }: MaintenanceWindow) => id, least: 36 },
  { heading: 'Of', value: ({ onName }: MaintenanceWindow) => onName, least: 12 },
  { heading: 'Day', value: ({ day }: MaintenanceWindow) => days[day]!, least: 9 },
  { heading: 'From', value: ({ fromHour }: MaintenanceWindow) => `${fromHour}:00`, least: 5 },
  { heading: 'Hours', value: ({ hours }: MaintenanceWindow) => String(hours), least: 5 },
  { heading: 'Zone', value: ({ timeZone }: MaintenanceWindow) => timeZone, least: 10 },
  { heading: 'Note', value: ({ note }: MaintenanceWindow) => note, least: 10 },
];

async function runAdd(flags: AddFlags): Promise<void> {
  const { asset, class: kind, all, from, hours, zone: timeZone, note, reason } = flags;
  const named = [asset, kind, all].filter((one) => one !== undefined);
  if (named.length !== 1) throw new CommandError('expected one of --asset, --class and --all');
  const day = dayNamed(flags.day);
  const on = asset === undefined ? (kind === undefined ? 'all' : 'class') : 'asset';
  const body = {
    on,
    onId: asset ?? kind ?? null,
    day,
    fromHour: Number(from),
    hours: Number(hours),
    timeZone,
    note,
    reason,
  };
  await send(flags, 'maintenance-windows', body, 'Noted:');
}

async function send(flags: Flags, path: string, body: object, said: string): Promise<void> {
  const answer = await sendJson(
    await serverAccess(flags),
    `api/v1/${path}`,
    body,
    z.object({ id: z.string() }),
  );
  await writeOut([flags.json ? JSON.stringify(answer) : printable(`${said} ${answer.id}`), '\n']);
}
