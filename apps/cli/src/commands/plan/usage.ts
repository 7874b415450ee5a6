import {
  type AssetUsage,
  assetUsageResponse,
  type SafeWindow,
  type UsageClass,
  type UsageRow,
  usageClassesResponse,
  usageListResponse,
} from '@wardline/model';
import type { Command } from 'commander';
import { z } from 'zod';
import { askFor, type ServerFlags, sendJson, serverAccess } from '../../api/client.ts';
import { CommandError } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { tableLines } from '../../terminal/table.ts';
import { counted } from '../../terminal/units.ts';
import { serverVerb } from '../server-verb.ts';
import { dayNamed, days } from './days.ts';

type Flags = ServerFlags & { json?: boolean };
type HolderFlags = Flags & { asset?: string; class?: string };

const examples = `
Examples:
  wardline plan usage list --use known           the most used devices first
  wardline plan usage show a-1f2e…               hours, and when it might be taken out of use
  wardline plan usage show --class ct            when no device of a class often is in use
  wardline plan usage adopt --asset a-1f2e… --day sunday --from 2 --hours 4 --reason "agreed with radiology"

Unknown hours are those that nobody heard to their end, or of devices whose work the wire does not show; they are never
free. The same from captures, without a server: wardline usage.`;

/** When devices were in use, as a server has heard, and windows that it proposes. */
export function addUsageOfServer(noun: Command): void {
  const usage = noun.command('usage').description('When devices were in use, and when they seldom are.');
  serverVerb(usage, 'list', 'list devices, the most used first', examples)
    .argument('[words...]', 'words that must each occur')
    .option('--class <classes>', 'only these, parted by commas')
    .option('--use <which>', 'known or unknown: whether anything is known of its use')
    .option('--limit <number>', 'how many at the most, up to 500', '100')
    .option('--json', 'print one JSON object and nothing else')
    .action(runList);
  serverVerb(usage, 'show', 'show how a device or a class was used, with proposed windows', examples)
    .argument('[asset]', 'its id')
    .option('--class <class>', 'every device of this class instead')
    .option('--json', 'print one JSON object and nothing else')
    .action(runShow);
  serverVerb(usage, 'adopt', 'make a proposed window, or a part of it, a maintenance window', examples)
    .option('--asset <id>', 'of this asset')
    .option('--class <class>', 'of every device of this class')
    .requiredOption('--day <day>', days.join(', '))
    .requiredOption('--from <hour>', 'the full hour at which it begins, 0 to 23, in the time of the site')
    .requiredOption('--hours <number>', 'how long, 1 to 24')
    .option('--note <text>', 'who agreed, what to mind', '')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .option('--json', 'print one JSON object and nothing else')
    .action(runAdopt);
}

async function runList(
  words: string[],
  flags: Flags & { class?: string; use?: string; limit: string },
): Promise<void> {
  const query = new URLSearchParams({ limit: flags.limit, sort: 'utilisation', order: 'desc' });
  if (words.length > 0) query.set('q', words.join(' '));
  if (flags.class !== undefined) query.set('class', flags.class);
  if (flags.use !== undefined) query.set('use', flags.use);
  const found = await askFor(
    await serverAccess(flags),
    `api/v1/usage?${query.toString()}`,
    usageListResponse,
  );
  if (flags.json) return await writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  const lines = tableLines(found.items, columns, process.stdout.columns ?? 120);
  await writeOut([`${[`${counted(found.total, 'device')}.`, ...lines].join('\n')}\n`]);
}

const share = (value: number | null) => (value === null ? 'unknown' : `${Math.round(value * 100)} %`);
const columns = [
  { heading: 'Id', value: ({ asset }: UsageRow) => asset, least: 14 },
  { heading: 'Device', value: ({ assetName }: UsageRow) => assetName, least: 12 },
  { heading: 'Class', value: ({ classLabel }: UsageRow) => classLabel || '–', least: 10, rank: 5 },
  { heading: 'In use', value: ({ utilisation }: UsageRow) => share(utilisation), least: 7 },
  { heading: 'Unknown h', value: ({ hours }: UsageRow) => String(hours.unknown), least: 9 },
  { heading: 'Last in use', value: ({ lastInUse }: UsageRow) => lastInUse?.slice(0, 13) ?? '–', least: 13 },
  {
    heading: 'Seldom in use',
    value: ({ windows }: UsageRow) => (windows[0] === undefined ? '–' : spanText(windows[0])),
    least: 22,
    rank: 10,
  },
];

async function runShow(asset: string | undefined, flags: Flags & { class?: string }): Promise<void> {
  if ((asset === undefined) === (flags.class === undefined))
    throw new CommandError('expected an asset or --class');
  const access = await serverAccess(flags);
  if (asset !== undefined) {
    const path = `api/v1/assets/${encodeURIComponent(asset)}/usage`;
    return await tell(await askFor(access, path, assetUsageResponse), flags, assetLines);
  }
  const { items } = await askFor(access, 'api/v1/usage/classes', usageClassesResponse);
  const found = items.find((one) => one.class === flags.class);
  if (found === undefined) throw new CommandError(`there is no device of the class ${flags.class}`);
  await tell(found, flags, classLines);
}

async function tell<T>(found: T, flags: Flags, linesOf: (found: T) => string[]): Promise<void> {
  const text = flags.json ? JSON.stringify(found, null, 2) : linesOf(found).map(printable).join('\n');
  await writeOut([`${text}\n`]);
}

function assetLines({ assetName, from, until, hours, utilisation, ...rest }: AssetUsage): string[] {
  if (from === null || until === null) return [`${assetName}: nothing was watched at its site.`];
  return [
    `${assetName}, ${from.slice(0, 10)} to ${until.slice(0, 10)}`,
    hoursLine(hours, utilisation),
    ...windowLines(rest.windows, rest.timeZone),
  ];
}

function classLines({ classLabel, devices, knownDevices, ...rest }: UsageClass): string[] {
  return [
    `${classLabel}: ${counted(devices, 'device')}, something is known of ${knownDevices}`,
    hoursLine(rest.hours, rest.utilisation),
    ...windowLines(rest.windows, rest.timeZone ?? ''),
    ...(knownDevices < devices && rest.windows.length > 0
      ? [`The windows say nothing of ${counted(devices - knownDevices, 'device')}: ask where they are used.`]
      : []),
  ];
}

function hoursLine(hours: AssetUsage['hours'], utilisation: number | null): string {
  const { 'in-use': inUse, idle, off, unknown } = hours;
  return `${share(utilisation)} in use: hours in use ${inUse}, idle ${idle}, off ${off}, unknown ${unknown}`;
}

function windowLines(windows: readonly SafeWindow[], timeZone: string): string[] {
  if (windows.length === 0)
    return ['No window is proposed: too little is known, or it is in use at all hours.'];
  return [
    `Seldom in use (${timeZone}):`,
    ...windows.map(
      (window) =>
        `  ${spanText(window)}: each hour seen ${window.times} times at the least, in use ${window.timesInUse} times at the most; at most ${Math.ceil(window.atMostInUse * 100)} % of its hours (95 %)`,
    ),
  ];
}

function spanText({ day, fromHour, hours }: SafeWindow): string {
  const hour = (at: number) => `${String(at).padStart(2, '0')}:00`;
  return `${days[day]} ${hour(fromHour)}–${hour(fromHour + hours)}`;
}

type AdoptFlags = HolderFlags & { day: string; from: string; hours: string; note: string; reason: string };

async function runAdopt(flags: AdoptFlags): Promise<void> {
  const { asset, class: kind, from, hours, note, reason } = flags;
  if ((asset === undefined) === (kind === undefined))
    throw new CommandError('expected one of --asset and --class');
  const body = {
    on: asset === undefined ? 'class' : 'asset',
    onId: asset ?? kind,
    day: dayNamed(flags.day),
    fromHour: Number(from),
    hours: Number(hours),
    note,
    reason,
  };
  const done = z.object({ id: z.string() });
  const answer = await sendJson(await serverAccess(flags), 'api/v1/usage/windows', body, done);
  await writeOut([flags.json ? JSON.stringify(answer) : printable(`Noted: ${answer.id}`), '\n']);
}
