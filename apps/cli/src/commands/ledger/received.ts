import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { readReceived } from '@wardline/formats';
import { ReceivedReader, type ReceivedSummary } from '@wardline/ledger';
import type { Command } from 'commander';
import { explainSystemError } from '../../assessment/captures.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { counted } from '../../terminal/units.ts';
import { userPath } from '../../working-directory.ts';
import { keyFrom } from './key.ts';

const examples = `
Example:
  wardline ledger received /var/log/audit/wardline.log --key log.key

The file is what a collector wrote of the messages that Wardline sent it, a message a line, whatever else stands in the lines.`;

export function addReceived(ledger: Command): void {
  ledger
    .command('received')
    .summary('prove that a collector’s file misses no act')
    .argument('<file...>', 'files of a collector, the oldest first')
    .requiredOption('--key <key>', 'the public key of the ledger, or a file with it')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', examples)
    .action(runReceived);
}

async function runReceived(files: string[], flags: { key: string; json?: boolean }): Promise<void> {
  const reader = new ReceivedReader(keyFrom(flags.key, '--key'));
  for (const file of files) await readFile(userPath(file), reader);
  const summary = reader.end();
  if (flags.json) await writeOut(`${JSON.stringify(summary)}\n`);
  else await writeOut(`${receivedLines(summary).join('\n')}\n`);
  if (summary.missing.length > 0 || summary.faults.length > 0) process.exitCode = exitCodes.failed;
}

async function readFile(path: string, reader: ReceivedReader): Promise<void> {
  try {
    const input = createReadStream(path);
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }))
      take(line, reader);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${path} ${explainSystemError(error)}`, exitCodes.failed);
  }
}

function take(line: string, reader: ReceivedReader): void {
  const message = readReceived(line);
  if (message.kind === 'checkpoint') reader.head(message.note);
  if (message.kind === 'act' && !reader.act(message.sequence, Buffer.from(message.leaf, 'hex')))
    throw new CommandError('more acts are missing than can be kept track of', exitCodes.failed);
}

/** Gaps that are listed; a person needs to see where, not every one. */
const GAPS = 20;

function receivedLines({ first, last, acts, again, missing, proved, faults }: ReceivedSummary): string[] {
  const range = ({ from, to }: { from: number; to: number }) =>
    from === to ? `  act ${from}` : `  acts ${from} to ${to}`;
  const more = missing.length > GAPS ? [`  and ${counted(missing.length - GAPS, 'more gap')}`] : [];
  return [
    acts === 0
      ? 'No act came.'
      : `${counted(acts, 'act')} came, numbers ${first} to ${last}; ${again} came again.`,
    ...(missing.length === 0
      ? ['None between is missing.']
      : ['MISSING:', ...missing.slice(0, GAPS).map(range), ...more]),
    ...faults.map((fault) => `ALTERED: ${fault}.`),
    proved === null
      ? 'No signed head fits what came: that nothing was changed is not proved.'
      : `Proved: the first ${counted(proved, 'act')} are those that the ledger signed.`,
  ];
}
