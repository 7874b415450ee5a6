import { readFile } from 'node:fs/promises';
import { type Recall, readRecalls } from '@wardline/formats';
import {
  type RecallDetail,
  type RecallMatchRow,
  type RecallRow,
  recallDetailResponse,
  recallImportResponse,
  recallListResponse,
} from '@wardline/model';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { askFor, type ServerFlags, sendJson, serverAccess } from '../api/client.ts';
import { explainSystemError } from '../assessment/captures.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { writeOut } from '../terminal/output.ts';
import { indented, printable } from '../terminal/printable.ts';
import { tableLines } from '../terminal/table.ts';
import { counted } from '../terminal/units.ts';
import { userPath } from '../working-directory.ts';
import { serverVerb } from './server-verb.ts';

const examples = `
Examples:
  wardline recall read device-recall.json            what is in a download of openFDA, without a server
  wardline recall import notices.csv --reason "letter of the maker"
  wardline recall list --open
  wardline recall decide N-1a2b… A-1d2c… --as not-ours --reason "serial number read from its label"

Read are answers of openFDA (device/recall, device/enforcement) as JSON, and tables of field safety notices as CSV.
Exit codes: 0 done, 1 the server or file could not be read, 2 bad usage, 3 no notice in the file.`;

export function addRecall(program: Command): void {
  const noun = program
    .command('recall')
    .description('Recalls and field safety notices, and which devices they are about.');
  noun
    .command('read')
    .summary('show what is in a file')
    .description('Shows each notice with the units that it is about, and what could not be read.')
    .argument('<file>', 'JSON of openFDA, or CSV')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', examples)
    .action(runRead);
  serverVerb(noun, 'import', 'hand notices over; they are held against all devices', examples)
    .argument('<file>', 'JSON of openFDA, or CSV')
    .option('--reason <text>', 'goes into the ledger', 'imported from a file')
    .option('--json', 'print one JSON object and nothing else')
    .action(runImport);
  serverVerb(noun, 'list', 'list notices, those with devices to decide on first', examples)
    .argument('[words...]', 'words that must each occur in number, firm or product')
    .option('--open', 'only those where somebody still has to say or do something')
    .option('--limit <number>', 'how many at the most, up to 500', '100')
    .option('--json', 'print one JSON object and nothing else')
    .action(runList);
  serverVerb(noun, 'show', 'show one notice with the devices that it may be about', examples)
    .argument('<notice>', 'its id')
    .option('--json', 'print one JSON object and nothing else')
    .action(runShow);
  serverVerb(noun, 'decide', 'say whether a notice is about a device, or that it is done', examples)
    .argument('<notice>', 'its id')
    .argument('<asset>', "the device's id")
    .addOption(
      new Option('--as <what>', 'what is so').choices(['ours', 'not-ours', 'done']).makeOptionMandatory(),
    )
    .requiredOption('--reason <text>', 'how it was found out, or what was done; goes into the ledger')
    .action(runDecide);
}

type Flags = ServerFlags & { json?: boolean };

const path = (id: string) => `api/v1/recalls/${encodeURIComponent(id)}`;

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(userPath(file), 'utf8');
  } catch (error) {
    throw new CommandError(`${file} ${explainSystemError(error)}`, exitCodes.failed);
  }
}

async function runRead(file: string, flags: { json?: boolean }): Promise<void> {
  const read = readRecalls(await textOf(file));
  if (read.recalls.length === 0) process.exitCode = exitCodes.nothingRead;
  if (flags.json) return await writeOut([`${JSON.stringify(read, null, 2)}\n`]);
  const columns = [
    { heading: 'Number', value: ({ id }: Recall) => id, least: 12 },
    { heading: 'Firm', value: ({ firm }: Recall) => firm, least: 10 },
    { heading: 'Class', value: ({ grade }: Recall) => grade ?? '–', least: 5 },
    { heading: 'Units', value: ({ units }: Recall) => unitWords(units), least: 20 },
    { heading: 'Product', value: ({ product }: Recall) => product, least: 20 },
  ];
  const lines = tableLines(read.recalls, columns, process.stdout.columns ?? 120);
  const faults = read.faults.map(({ place, message }) => printable(`${place}: ${message}`));
  await writeOut([`${[`${counted(read.recalls.length, 'notice')}.`, ...lines, ...faults].join('\n')}\n`]);
}

function unitWords({ devices, lots, serials, all }: Recall['units']): string {
  const parts = [
    ...(devices.length > 0 ? [counted(devices.length, 'identifier')] : []),
    ...(all ? ['all units'] : []),
    ...(serials.length > 0 ? [`${counted(serials.length, 'span')} of serial numbers`] : []),
    ...(lots.length > 0 ? [`${counted(lots.length, 'span')} of lots`] : []),
  ];
  return parts.length === 0 ? 'not told' : parts.join(', ');
}

async function runImport(file: string, flags: Flags & { reason: string }): Promise<void> {
  const body = { name: file.slice(-300), text: await textOf(file), reason: flags.reason };
  const done = await sendJson(await serverAccess(flags), 'api/v1/recalls', body, recallImportResponse);
  if (flags.json) return await writeOut([`${JSON.stringify(done, null, 2)}\n`]);
  const { read, added, changed, devices, faults } = done;
  const lines = [
    `${counted(read, 'notice')} read, ${added} new, ${changed} changed; ${counted(devices, 'device')} may be meant by these.`,
    ...faults.map(({ place, message }) => printable(`${place}: ${message}`)),
  ];
  await writeOut([`${lines.join('\n')}\n`]);
}

async function runList(words: string[], flags: Flags & { open?: boolean; limit: string }): Promise<void> {
  const query = new URLSearchParams({ limit: flags.limit, sort: 'open', order: 'desc' });
  if (words.length > 0) query.set('q', words.join(' '));
  if (flags.open) query.set('only', 'open');
  const found = await askFor(
    await serverAccess(flags),
    `api/v1/recalls?${query.toString()}`,
    recallListResponse,
  );
  if (flags.json) return await writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  const columns = [
    { heading: 'Id', value: ({ id }: RecallRow) => id, least: 22 },
    { heading: 'Number', value: ({ number }: RecallRow) => number, least: 12 },
    { heading: 'Class', value: ({ grade }: RecallRow) => grade ?? '–', least: 5 },
    { heading: 'To decide', value: ({ open }: RecallRow) => String(open), least: 9 },
    { heading: 'Devices', value: ({ devices }: RecallRow) => String(devices), least: 7 },
    { heading: 'Firm', value: ({ firm }: RecallRow) => firm, least: 10 },
    { heading: 'Product', value: ({ product }: RecallRow) => product, least: 16 },
  ];
  const lines = tableLines(found.items, columns, process.stdout.columns ?? 120);
  await writeOut([`${[`${counted(found.total, 'notice')}.`, ...lines].join('\n')}\n`]);
}

async function runShow(notice: string, flags: Flags): Promise<void> {
  const found = await askFor(await serverAccess(flags), path(notice), recallDetailResponse);
  if (flags.json) return await writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  await writeOut([`${linesOf(found).join('\n')}\n`]);
}

function linesOf({ recall, matches }: RecallDetail): string[] {
  const width = process.stdout.columns ?? 120;
  const { number, firm, product, grade, why, action, unitsText } = recall;
  const part = (label: string, text: string) =>
    text === '' ? [] : indented(printable(text), width, label.padEnd(9), ' '.repeat(9));
  return [
    printable(`${firm} ${number}${grade === null ? '' : `, class ${grade}`}`),
    ...part('Product', product),
    ...part('Reason', why),
    ...part('Action', action),
    ...part('Units', unitsText),
    '',
    ...(matches.length === 0 ? ['No device of the house is meant, as far as is known.'] : []),
    ...matches.flatMap((match) => matchLines(match, width)),
  ];
}

function matchLines(match: RecallMatchRow, width: number): string[] {
  const { asset, assetName, certainty, state, reasons, reconsider } = match;
  const said = reconsider ? 'said not to be ours, look again' : state;
  return [
    printable(`${certainty.padEnd(8)} ${assetName} (${asset}): ${said}`),
    ...reasons.flatMap((one) => indented(printable(one), width, '  · ', '    ')),
  ];
}

const done = z.object({ done: z.literal(true) });

async function runDecide(
  notice: string,
  asset: string,
  flags: Flags & { as: string; reason: string },
): Promise<void> {
  const body = { state: flags.as, reason: flags.reason };
  const at = `api/v1/assets/${encodeURIComponent(asset)}/recalls/${encodeURIComponent(notice)}`;
  await sendJson(await serverAccess(flags), at, body, done);
  await writeOut([`${printable(`${asset}: ${flags.as}`)}\n`]);
}
