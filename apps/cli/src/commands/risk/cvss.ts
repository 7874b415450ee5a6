import { readCvss, scoreCvss } from '@wardline/risk';
import type { Command } from 'commander';
import { CommandError } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';

const examples = `
Examples:
  wardline risk cvss CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H
  wardline risk cvss CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:A/MSI:S --json`;

export function addCvss(noun: Command): void {
  noun
    .command('cvss')
    .summary('score a CVSS vector')
    .description('Works out the score of a vector of CVSS 2.0, 3.0, 3.1 or 4.0, without a server.')
    .argument('<vector>', 'with threat and environmental metrics, where they are known')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', examples)
    .action(runCvss);
}

async function runCvss(text: string, flags: { json?: boolean }): Promise<void> {
  const reading = readCvss(text);
  if (!reading.ok) {
    const { at, message } = reading.fault;
    throw new CommandError(printable(`This is no CVSS vector: at character ${at + 1}, ${message}.`));
  }
  const { version } = reading.vector;
  const { base, score, name, rating } = scoreCvss(reading.vector);
  if (flags.json) return await writeOut([`${JSON.stringify({ version, base, score, name, rating })}\n`]);
  const rest = score === base ? '' : `; its base score is ${base.toFixed(1)}`;
  await writeOut([`${score.toFixed(1)} ${rating} (CVSS ${version}, ${name})${rest}\n`]);
}
