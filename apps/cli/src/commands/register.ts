import type { ParsedRegister } from '@wardline/formats';
import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { collected, readRegister } from '../register-file.ts';
import { writeOut } from '../terminal/output.ts';
import { indented, printable } from '../terminal/printable.ts';
import { tableLines } from '../terminal/table.ts';
import { counted } from '../terminal/units.ts';

const examples = `
Examples:
  wardline register check cmms.csv
  wardline register check cmms.csv --map "Our no.=tag" --map "Netz=mac"
  wardline register check cmms.csv --json | jq .issues

Exit codes: 0 at least one device could be read, 2 bad usage, 3 none could.`;

export function addRegister(program: Command): void {
  const register = program.command('register').description('Work with a CMMS register (CSV).');
  register
    .command('check')
    .summary('show how a register would be read, and what is wrong in it')
    .description(
      'Shows how the columns of a register are understood, its first devices, and every doubtful cell with row and column.',
    )
    .argument('<file>', 'CSV with comma, semicolon, tab or bar; rows count from 1 with the headings')
    .option(
      '--map <column=field>',
      'which column is which field, over what the headings say; may be given several times',
      collected,
    )
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', examples)
    .action(runCheck);
}

async function runCheck(file: string, flags: { map?: string[]; json?: boolean }): Promise<void> {
  const register = await readRegister(file, flags.map ?? []);
  if (register.entries.length === 0) process.exitCode = exitCodes.nothingRead;
  if (flags.json) return await writeOut([`${JSON.stringify(register, null, 2)}\n`]);
  await writeOut([`${previewLines(register, process.stdout.columns ?? 100).join('\n')}\n`]);
}

const PREVIEW = 8;

function previewLines(register: ParsedRegister, width: number): string[] {
  const { entries, issues } = register;
  const ignored = register.columns.filter((column) => !Object.hasOwn(register.mapping, column));
  const errors = issues.filter((issue) => issue.severity === 'error').length;
  const delimiter = register.delimiter === '\t' ? 'tab' : register.delimiter;
  const lines = [
    `${counted(entries.length, 'device')} can be read; ${counted(errors, 'error')}, ${counted(issues.length - errors, 'doubt')}. Cells are parted by "${delimiter}".`,
    '',
    'Columns',
    ...Object.entries(register.mapping).map(([column, field]) => printable(`  ${column} → ${field}`)),
    ...(ignored.length > 0 ? indented(printable(`not used: ${ignored.join(', ')}`), width, '  ') : []),
  ];
  if (entries.length > 0) lines.push('', 'First devices', ...deviceLines(register, width));
  if (issues.length > 0) lines.push('', 'Issues', ...issueLines(register, width));
  return lines;
}

function deviceLines(register: ParsedRegister, width: number): string[] {
  const columns = [
    { heading: 'Row', value: (e: ParsedRegister['entries'][number]) => String(e.row), least: 4 },
    { heading: 'Tag', value: (e: ParsedRegister['entries'][number]) => e.tag, least: 8 },
    { heading: 'Maker', value: (e: ParsedRegister['entries'][number]) => e.vendor ?? '–', least: 8 },
    { heading: 'Model', value: (e: ParsedRegister['entries'][number]) => e.model ?? '–', least: 8 },
    { heading: 'Serial', value: (e: ParsedRegister['entries'][number]) => e.serial ?? '–', least: 8 },
    {
      heading: 'MACs',
      value: (e: ParsedRegister['entries'][number]) => e.macs.join(' ') || '–',
      least: 17,
      rank: 20,
    },
    {
      heading: 'IPs',
      value: (e: ParsedRegister['entries'][number]) => e.ips.join(' ') || '–',
      least: 12,
      rank: 10,
    },
  ];
  return tableLines(register.entries.slice(0, PREVIEW), columns, width).map((line) => `  ${line}`);
}

function issueLines(register: ParsedRegister, width: number): string[] {
  return register.issues.flatMap((issue) => {
    const column = issue.column === null ? '' : `, ${issue.column}`;
    return indented(
      printable(`${issue.severity}, row ${issue.row}${column}: ${issue.message}`),
      width,
      '  · ',
      '    ',
    );
  });
}
