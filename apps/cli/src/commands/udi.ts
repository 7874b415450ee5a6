import { createReadStream } from 'node:fs';
import { findInGudid, GudidFault, type GudidRecord, readUdi, type UdiReading } from '@wardline/formats';
import type { Command } from 'commander';
import { explainSystemError } from '../assessment/captures.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { writeOut } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { userPath } from '../working-directory.ts';

const examples = `
Examples:
  wardline udi read "(01)51022222233336(17)150707(10)A213B1(21)1234"
  wardline udi read "+A99912345/\\$\\$52001510X3/16D20111212/S77DEFG457"
  wardline udi read "(01)00844588018923" --gudid FULLDownload_Part1.xml --json

Exit codes: 0 read, 1 the file cannot be read, 2 bad usage, 3 no device identifier.`;

export function addUdi(program: Command): void {
  const noun = program.command('udi').description('Work with unique device identifiers (UDI).');
  noun
    .command('read')
    .summary('take the code of a label apart: GS1, HIBCC or ICCBBA')
    .description(
      'Shows what the code of a label says, with its check digits tried, and what the FDA knows of the device.',
    )
    .argument('<code>', 'as it is printed, or as a reader sends it')
    .option('--gudid <file>', "a release file of the FDA's GUDID (XML) in which the device is looked up")
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', examples)
    .action(runRead);
}

async function runRead(code: string, flags: { gudid?: string; json?: boolean }): Promise<void> {
  const reading = readUdi(code, new Date().getUTCFullYear());
  const wanted = flags.gudid !== undefined && 'udi' in reading ? reading.udi.device : null;
  const gudid = wanted === null ? null : await lookUp(flags.gudid!, wanted);
  if ('fault' in reading) process.exitCode = exitCodes.nothingRead;
  if (flags.json) return await writeOut([`${JSON.stringify({ ...reading, gudid }, null, 2)}\n`]);
  const found = flags.gudid === undefined || 'fault' in reading ? [] : recordLines(gudid);
  await writeOut([`${[...readingLines(reading), ...found].map(printable).join('\n')}\n`]);
}

async function lookUp(file: string, device: string): Promise<GudidRecord | null> {
  try {
    return await findInGudid(createReadStream(userPath(file)), device);
  } catch (error) {
    const why =
      error instanceof GudidFault ? `line ${error.line}: ${error.message}` : explainSystemError(error);
    throw new CommandError(`${file} ${why}`, exitCodes.failed);
  }
}

function readingLines(reading: UdiReading): string[] {
  if ('fault' in reading) return [`At character ${reading.fault.offset + 1}: ${reading.fault.message}`];
  const { agency, device, lot, serial, made, expires, version, donation, others } = reading.udi;
  return linesOf([
    ['Issued by', agency],
    ['Device', device],
    ['Lot', lot],
    ['Serial', serial],
    ['Made', made],
    ['Expires', expires],
    ['Version', version],
    ['Donation', donation],
    ...others.map(({ key, value }): [string, string] => [`(${key})`, value]),
  ]);
}

function recordLines(record: GudidRecord | null): string[] {
  if (record === null) return ['', 'The file does not know this device.'];
  return [
    '',
    ...linesOf([
      ['Brand', record.brand],
      ['Model', record.model],
      ['Maker', record.company],
      ['Kind', record.terms.join('; ') || null],
      ['What it is', record.description],
      ['On sale', record.distribution],
      ['MRI', record.mri],
    ]),
  ];
}

const linesOf = (rows: readonly [string, string | null][]): string[] =>
  rows.flatMap(([label, value]) => (value === null ? [] : [`${label.padEnd(11)} ${value}`]));
