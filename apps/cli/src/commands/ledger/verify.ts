import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { ExportReader, type ExportSummary, type Verifier } from '@wardline/ledger';
import { formatMicros } from '@wardline/model';
import type { Command } from 'commander';
import { explainSystemError } from '../../assessment/captures.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { counted } from '../../terminal/units.ts';
import { userPath } from '../../working-directory.ts';
import { keyFrom } from './key.ts';

const verifyExamples = `
Examples:
  wardline ledger export ledger.jsonl
  wardline ledger verify ledger.jsonl --key wardline-ledger-1f2e3d4c+1f2e3d4c+AbCd…
  wardline ledger verify ledger.jsonl --key log.key --witness auditor.key

Verifying needs no server and no network: the file and the public key, which should have come another way, are enough.`;

export function addVerify(ledger: Command): void {
  ledger
    .command('verify')
    .summary('verify an export with nothing but a public key')
    .argument('<file>', 'an export of the ledger')
    .requiredOption('--key <key>', 'the public key of the ledger, or a file with it')
    .option('--witness <key...>', 'public keys of witnesses, or files with them')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', verifyExamples)
    .action(runVerify);
}

async function runVerify(
  file: string,
  flags: { key: string; witness?: string[]; json?: boolean },
): Promise<void> {
  const witnesses = (flags.witness ?? []).map((text) => keyFrom(text, '--witness'));
  const reader = new ExportReader(keyFrom(flags.key, '--key'), witnesses);
  const result = await readExport(userPath(file), reader);
  const isWhole = !('message' in result);
  if (flags.json) await writeOut(`${JSON.stringify({ verified: isWhole, ...plain(result) })}\n`);
  else if (isWhole) await writeOut(`${summaryLines(result, witnesses).join('\n')}\n`);
  else await writeOut(`NOT VERIFIED: ${file}, line ${result.line}: ${result.message}.\n`);
  if (!isWhole || missing(result, witnesses).length > 0) process.exitCode = exitCodes.failed;
}

const plain = (result: object): object =>
  'root' in result ? { ...result, root: Buffer.from(result.root as Uint8Array).toString('hex') } : result;

async function readExport(path: string, reader: ExportReader) {
  try {
    for await (const line of createInterface({
      input: createReadStream(path),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      const fault = reader.take(line);
      if (fault !== null) return fault;
    }
    return reader.end();
  } catch (error) {
    throw new CommandError(`${path} ${explainSystemError(error)}`, exitCodes.failed);
  }
}

const missing = (summary: ExportSummary, witnesses: readonly Verifier[]): Verifier[] =>
  witnesses.filter(({ name }) => !summary.witnesses.some((seen) => seen.name === name));

function summaryLines(summary: ExportSummary, witnesses: readonly Verifier[]): string[] {
  const { entries, first, last, disclosed, erased, origin } = summary;
  const when =
    first === null || last === null ? '' : `, from ${formatMicros(first)} to ${formatMicros(last)}`;
  const seen = summary.witnesses.map(
    ({ name, seconds }) =>
      `Witnessed by ${name}${seconds === null ? '' : ` on ${formatMicros(seconds * 1_000_000)}`}.`,
  );
  return [
    `Verified: ${counted(entries, 'act')} of ${origin}${when}.`,
    'Each stands where it stood when the ledger was signed; none was changed, left out or put in.',
    `${counted(disclosed, 'personal text')} ${disclosed === 1 ? 'fits its commitment' : 'fit their commitments'}; ${erased} erased.`,
    ...seen,
    ...missing(summary, witnesses).map(({ name }) => `NOT WITNESSED by ${name}.`),
    ...(witnesses.length === 0
      ? ['No witness was asked for: whoever holds the ledger’s key could have signed another history.']
      : []),
  ];
}
