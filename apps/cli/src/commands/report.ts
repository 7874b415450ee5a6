import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { replay } from '@wardline/compliance';
import { loadKnowledge, readKnowledgeFolder } from '@wardline/knowledge';
import { boardReport, catalogueReport, type Subject } from '@wardline/reports';
import type { Command } from 'commander';
import { explainSystemError } from '../assessment/captures.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { writeOut } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { userPath } from '../working-directory.ts';
import { checked, readRecorded } from './compliance/verify.ts';
import { keyFrom } from './ledger/key.ts';

interface Flags {
  out: string;
  key?: string;
  knowledge?: string;
  catalogue: string;
}

const examples = `
Examples:
  wardline compliance record --reason "quarterly report"
  wardline compliance export 12 november.json
  wardline report board november.json --out board.html --key log.key
  wardline report controls november.json --catalogue hipaa-security --out hipaa.pdf --key log.key

The report is one page for screen and paper. Where the file's name ends in .pdf, Chromium prints it; where there is none, print the
page from any browser. It is made from the record alone, without a server.`;

export function addReport(program: Command): void {
  const noun = program.command('report').description('Reports to hand over, made of a recorded judgement.');
  const verb = (name: string, summary: string) =>
    noun
      .command(name)
      .summary(summary)
      .description(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`)
      .argument('<record>', 'a file of wardline compliance export')
      .requiredOption('--out <file>', 'file to write, .html or .pdf')
      .option(
        '--key <key>',
        'the public key of the ledger, or a file with it: the report then says that it was checked',
      )
      .option('--knowledge <folder>', 'the hospital’s own catalogues and questions, where it has any')
      .addHelpText('after', examples);
  verb('board', 'what a board has to know').action((file: string, flags: Flags) =>
    run(file, flags, boardReport),
  );
  verb('controls', 'one catalogue, control by control, with its evidence')
    .option('--catalogue <id>', 'which', 'hipaa-security')
    .action((file: string, flags: Flags) =>
      run(file, flags, (subject) => {
        if (subject.controls.catalogues.has(flags.catalogue))
          return catalogueReport(subject, flags.catalogue);
        const known = [...subject.controls.catalogues.keys()].join(', ');
        throw new CommandError(
          printable(`There is no catalogue ${flags.catalogue}; expected one of ${known}`),
        );
      }),
    );
}

async function run(
  file: string,
  { out, key, knowledge }: Flags,
  make: (subject: Subject) => string,
): Promise<void> {
  if (!/\.(html|pdf)$/.test(out))
    throw new CommandError(`--out ${printable(out)}: expected a name that ends in .html or .pdf`);
  const recorded = await readRecorded(file);
  const own = knowledge === undefined ? [] : readKnowledgeFolder(userPath(knowledge));
  const { controls } = loadKnowledge(own);
  const faults = key === undefined ? null : checked(recorded, keyFrom(key, '--key'), controls).faults;
  const page = make({ recorded, controls, judged: replay(recorded, controls).judged, faults });
  try {
    if (out.endsWith('.pdf')) await print(page, userPath(out));
    else await writeFile(userPath(out), page);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${out} ${explainSystemError(error)}`, exitCodes.failed);
  }
  await writeOut([`${printable(out)} is written.\n`]);
  if (faults !== null && faults.length > 0)
    throw new CommandError(
      'The record does not come out as it says; the report says so too.',
      exitCodes.failed,
    );
}

const PRINT_MILLISECONDS = 120_000;
const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

async function print(page: string, out: string): Promise<void> {
  const browser = [process.env.WARDLINE_CHROMIUM, ...browsers].find(
    (path) => path !== undefined && existsSync(path),
  );
  if (browser === undefined)
    throw new CommandError(
      'No Chromium is here to print with; write .html, and print it from any browser',
      exitCodes.failed,
    );
  const folder = await mkdtemp(join(tmpdir(), 'wardline-report-'));
  try {
    const source = join(folder, 'report.html');
    await writeFile(source, page, { mode: 0o600 });
    // The page is ours, runs no script and asks for nothing; Chromium refuses its sandbox to root.
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const args = [
      '--headless',
      '--disable-gpu',
      '--no-pdf-header-footer',
      `--user-data-dir=${folder}`,
      ...asRoot,
    ];
    await promisify(execFile)(browser, [...args, `--print-to-pdf=${out}`, pathToFileURL(source).href], {
      timeout: PRINT_MILLISECONDS,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
