import { readFile } from 'node:fs/promises';
import { type Mds2Answer, type Mds2Form, type Mds2Reading, readMds2 } from '@wardline/formats';
import { type Mds2Added, type Mds2Row, mds2AddResponse, mds2ListResponse } from '@wardline/model';
import type { Command } from 'commander';
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
  wardline mds2 read pump.xlsx
  wardline mds2 read pump.pdf --section AUDT
  wardline mds2 add pump.xlsx --reason "sent with the offer"
  wardline mds2 read pump.pdf --json | jq '.form.answers[] | select(.value == "no")'

Read are Excel (.xlsx), CSV and PDF of HN 1-2019 and HN 1-2013. Exit codes: 0 read, 1 no such file, 2 bad usage, 3 no form.`;

export function addMds2(program: Command): void {
  const noun = program.command('mds2').description("Work with manufacturers' security statements (MDS2).");
  noun
    .command('read')
    .summary('show what a form says, where it says it, and what is doubtful')
    .description(
      'Shows each answer with its cell or line, what is not answered, and what was read with a doubt.',
    )
    .argument('<file>', 'a form: .xlsx, CSV or PDF')
    .option('--section <code>', 'only the answers of one section, as AUDT')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', examples)
    .action(runRead);
  serverVerb(noun, 'add', 'hand over forms; what was seen of their devices is held against them', examples)
    .argument('<file...>', 'forms: .xlsx, CSV or PDF')
    .option('--vendor <name>', 'whose product it is; else as the form says')
    .option('--model <name>', 'which model; else as the form says')
    .option('--reason <text>', 'goes into the ledger', 'imported from files')
    .option('--json', 'print one JSON object and nothing else')
    .action(runAdd);
  serverVerb(noun, 'list', 'list the forms that the server holds', examples)
    .argument('[words...]', 'words that must each occur in vendor or model')
    .option('--json', 'print one JSON object and nothing else')
    .action(runList);
}

type AddFlags = ServerFlags & { vendor?: string; model?: string; reason: string; json?: boolean };

async function runAdd(files: string[], flags: AddFlags): Promise<void> {
  const access = await serverAccess(flags);
  const { vendor, model, reason } = flags;
  const results: (Mds2Added & { file: string })[] = [];
  for (const file of files) {
    const content = Buffer.from(await bytesOf(file)).toString('base64');
    const body = { name: file.slice(-300), content, vendor, model, reason };
    results.push({ file, ...(await sendJson(access, 'api/v1/mds2', body, mds2AddResponse)) });
  }
  if (results.some(({ outcome }) => outcome === 'refused')) process.exitCode = exitCodes.nothingRead;
  if (flags.json) return await writeOut([`${JSON.stringify({ results }, null, 2)}\n`]);
  const lines = results.map(({ file, outcome, id, fault, warnings }) =>
    printable(
      fault === null
        ? `${file}: ${outcome} as ${id}, ${counted(warnings, 'doubt')}`
        : `${file}: refused, ${fault.place}: ${fault.message}`,
    ),
  );
  await writeOut([`${lines.join('\n')}\n`]);
}

async function runList(words: string[], flags: ServerFlags & { json?: boolean }): Promise<void> {
  const query = words.length === 0 ? '' : `?${new URLSearchParams({ q: words.join(' ') }).toString()}`;
  const found = await askFor(await serverAccess(flags), `api/v1/mds2${query}`, mds2ListResponse);
  if (flags.json) return await writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  const lines = tableLines(found.items, formColumns, process.stdout.columns ?? 120);
  await writeOut([`${[`${counted(found.total, 'form')}.`, ...lines].join('\n')}\n`]);
}

const formColumns = [
  { heading: 'Id', value: ({ id }: Mds2Row) => id, least: 26 },
  { heading: 'Vendor', value: ({ vendor }: Mds2Row) => vendor, least: 8 },
  { heading: 'Model', value: ({ model }: Mds2Row) => model, least: 10 },
  { heading: 'Edition', value: ({ edition }: Mds2Row) => edition, least: 7 },
  { heading: 'Open', value: ({ open }: Mds2Row) => String(open), least: 5 },
];

async function runRead(file: string, flags: { section?: string; json?: boolean }): Promise<void> {
  const reading = await readMds2(await bytesOf(file));
  if ('fault' in reading) process.exitCode = exitCodes.nothingRead;
  if (flags.json) return await writeOut([`${JSON.stringify(reading, null, 2)}\n`]);
  await writeOut([`${linesOf(reading, flags.section?.toUpperCase()).join('\n')}\n`]);
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(userPath(file));
  } catch (error) {
    throw new CommandError(`${file} ${explainSystemError(error)}`, exitCodes.failed);
  }
}

function linesOf(reading: Mds2Reading, section: string | undefined): string[] {
  if ('fault' in reading) return [printable(`${reading.fault.place}: ${reading.fault.message}`)];
  const { form } = reading;
  const width = process.stdout.columns ?? 120;
  const answers = form.answers.filter((one) => section === undefined || one.section === section);
  const { manufacturer, model, released } = form.product;
  const product =
    [manufacturer, model].filter((part) => part !== null).join(' ') || 'a product that it does not name';
  return [
    printable(`MDS2 of ${form.edition} of ${product}${released === null ? '' : `, ${released}`}`),
    countsOf(form),
    '',
    ...tableLines(answers, columns, width),
    ...missingLines(form, width),
    ...form.warnings.flatMap(({ place, message }, index) => [
      ...(index === 0 ? ['', 'Doubtful'] : []),
      ...indented(printable(`${place}: ${message}`), width, '  · ', '    '),
    ]),
  ];
}

function countsOf({ answers, missing }: Mds2Form): string {
  const count = (value: Mds2Answer['value']) => answers.filter((one) => one.value === value).length;
  const open = count('blank') + count('unclear') + missing.length;
  return `${count('yes')} yes, ${count('no')} no, ${count('not-applicable')} not applicable, ${count('see-note')} in notes; ${counted(open, 'question')} without a clear answer.`;
}

const words: Readonly<Record<Mds2Answer['value'], string>> = {
  yes: 'yes',
  no: 'no',
  'not-applicable': 'n/a',
  'see-note': 'see note',
  text: '',
  blank: 'not answered',
  unclear: 'unclear',
};

const columns = [
  { heading: 'Question', value: ({ id }: Mds2Answer) => id, least: 9 },
  { heading: 'About', value: ({ about }: Mds2Answer) => about, least: 16 },
  { heading: 'Answer', value: ({ value, text }: Mds2Answer) => words[value] || text, least: 12 },
  { heading: 'Note', value: ({ note }: Mds2Answer) => note ?? '', least: 10, rank: 20 },
  { heading: 'Where', value: ({ place }: Mds2Answer) => place, least: 10, rank: 10 },
];

const missingLines = ({ missing }: Mds2Form, width: number): string[] =>
  missing.length === 0 ? [] : ['', ...indented(`Not in the file: ${missing.join(' ')}`, width, '', '  ')];
