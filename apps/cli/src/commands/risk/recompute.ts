import { readFile } from 'node:fs/promises';
import { type RiskRecord, riskRecordSchema } from '@wardline/model';
import { type Recomputed, recompute } from '@wardline/risk';
import type { Command } from 'commander';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { indented, printable } from '../../terminal/printable.ts';
import { userPath } from '../../working-directory.ts';

const examples = `
Examples:
  wardline risk explain r-1f2e3d --json > score.json
  wardline risk recompute score.json

The record holds everything: what the score rests on, the decision tables, and the sentences. Ends with 1 where what
comes out is not what the record says.`;

export function addRecompute(noun: Command): void {
  noun
    .command('recompute')
    .summary('work a score out again')
    .description('Works out the score of a record again, from the record alone and without a server.')
    .argument('<file>', 'a record as wardline risk explain --json prints it')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', examples)
    .action(runRecompute);
}

async function runRecompute(file: string, flags: { json?: boolean }): Promise<void> {
  const again = recomputed(file, await readRecord(file));
  await writeOut([flags.json ? `${JSON.stringify(again)}\n` : `${lines(again).join('\n')}\n`]);
  if (again.differences.length > 0)
    throw new CommandError('The record does not come out as it says.', exitCodes.failed);
}

async function readRecord(file: string): Promise<RiskRecord> {
  const text = await readFile(userPath(file), 'utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CommandError(
      printable(`${file} is no JSON: ${(error as Error).message}`),
      exitCodes.nothingRead,
    );
  }
  const parsed = riskRecordSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = `/${issue?.path.join('/') ?? ''}`;
  throw new CommandError(
    printable(`${file} is no record of a score: ${place}: ${issue?.message}`),
    exitCodes.nothingRead,
  );
}

function recomputed(file: string, record: RiskRecord): Recomputed {
  try {
    return recompute(record);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CommandError(printable(`${file}: ${error.message}.`), exitCodes.nothingRead);
  }
}

function lines({ record, differences, otherTables }: Recomputed): string[] {
  const width = process.stdout.columns ?? 120;
  return [
    ...record.sentences.flatMap((sentence) => indented(printable(sentence), width, '')),
    '',
    ...(otherTables.length === 0
      ? ['Worked out by the tables that ship with this version.']
      : indented(
          printable(`Worked out by other tables than those that ship: ${otherTables.join(', ')}.`),
          width,
          '',
        )),
    ...(differences.length === 0
      ? ['It comes out as the record says.']
      : differences.flatMap((difference) => indented(printable(difference), width, '  '))),
  ];
}
