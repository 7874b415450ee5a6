import {
  type BluetoothDevice,
  bluetoothDevicesResponse,
  type NfcChecklist,
  nfcAnswers,
  nfcChecklistResponse,
} from '@wardline/model';
import type { Command } from 'commander';
import { z } from 'zod';
import { askFor, type ServerFlags, sendJson, serverAccess } from '../api/client.ts';
import { CommandError } from '../exit-codes.ts';
import { writeOut } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { tableLines } from '../terminal/table.ts';
import { counted, minute } from '../terminal/units.ts';
import { serverVerb } from './server-verb.ts';

const examples = `
Examples:
  wardline wireless bluetooth                          devices that advertise themselves, those of care first
  wardline wireless nfc                                what to look at, and what people found
  wardline wireless nfc-answer badge not-met --reason "cards of wards 1 to 4 can be copied"

Networks and the house's own access points: wardline access-point.`;

type Flags = ServerFlags & { json?: boolean; site?: string };

/** Bluetooth as it was heard, and NFC as people found it. */
export function addWireless(program: Command): void {
  const noun = program
    .command('wireless')
    .description('Bluetooth devices that were heard, and the checklist of NFC.');
  serverVerb(noun, 'bluetooth', 'list devices that advertise themselves by Bluetooth', examples)
    .option('--json', 'print one JSON object and nothing else')
    .action(runBluetooth);
  serverVerb(noun, 'nfc', 'show the checklist of NFC with what people found', examples)
    .option('--site <number>', 'of wardline site list', '1')
    .option('--json', 'print one JSON object and nothing else')
    .action(runNfc);
  serverVerb(noun, 'nfc-answer', 'say what you found for one question', examples)
    .argument('<question>', 'as wardline wireless nfc names it')
    .argument('<answer>', nfcAnswers.join(', '))
    .option('--site <number>', 'of wardline site list', '1')
    .requiredOption('--reason <text>', 'what you saw, and where; goes into the ledger')
    .option('--json', 'print one JSON object and nothing else')
    .action(runAnswer);
}

function siteOf(site: string | undefined): number {
  const number = Number(site ?? '1');
  if (!Number.isInteger(number) || number < 1)
    throw new CommandError('--site: expected the number of a site');
  return number;
}

async function runBluetooth(flags: Flags): Promise<void> {
  const found = await askFor(
    await serverAccess(flags),
    'api/v1/wireless/bluetooth',
    bluetoothDevicesResponse,
  );
  if (flags.json) return writeOut(`${JSON.stringify(found)}\n`);
  if (found.items.length === 0) return writeOut('No device was heard by Bluetooth.\n');
  const lines = tableLines(found.items, columns, process.stdout.columns ?? 120);
  return writeOut(`${counted(found.items.length, 'device')}.\n${printable(lines.join('\n'))}\n`);
}

const columns = [
  { heading: 'Device', value: ({ assetName }: BluetoothDevice) => assetName, least: 20 },
  { heading: 'Address', value: ({ address }: BluetoothDevice) => address, least: 17 },
  { heading: 'Name', value: ({ name }: BluetoothDevice) => name ?? '–', least: 10 },
  {
    heading: 'Services of care',
    value: ({ services }: BluetoothDevice) => services.join(', ') || '–',
    least: 16,
  },
  { heading: 'Last heard', value: ({ lastSeen }: BluetoothDevice) => minute(lastSeen), least: 16 },
];

const words = {
  met: 'yes',
  'not-met': 'NO',
  'not-applicable': 'does not apply',
  unknown: 'nobody looked',
} as const;

async function runNfc(flags: Flags): Promise<void> {
  const path = `api/v1/wireless/nfc?site=${siteOf(flags.site)}`;
  const found = await askFor(await serverAccess(flags), path, nfcChecklistResponse);
  if (flags.json) return writeOut(`${JSON.stringify(found)}\n`);
  return writeOut(found.items.flatMap(itemLines).map((line) => `${printable(line)}\n`));
}

function itemLines({
  id,
  question,
  look,
  answer,
  isOld,
  note,
  at,
  by,
}: NfcChecklist['items'][number]): string[] {
  return [
    `${id}: ${question}`,
    `  ${isOld ? 'answered too long ago' : words[answer]}${at === null ? '' : ` (${by}, ${minute(at)}: ${note})`}`,
    ...(answer === 'unknown' ? [`  look at: ${look}`] : []),
  ];
}

async function runAnswer(item: string, answer: string, flags: Flags & { reason: string }): Promise<void> {
  if (!nfcAnswers.some((one) => one === answer))
    throw new CommandError(`${answer}: expected ${nfcAnswers.join(', ')}`);
  const body = { site: siteOf(flags.site), item, answer, reason: flags.reason };
  const kept = z.object({ site: z.int(), item: z.string() });
  const result = await sendJson(await serverAccess(flags), 'api/v1/wireless/nfc', body, kept);
  return writeOut(flags.json ? `${JSON.stringify(result)}\n` : 'The answer is kept.\n');
}
