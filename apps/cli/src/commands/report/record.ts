import { replay } from '@wardline/compliance';
import { loadKnowledge, readKnowledgeFolder } from '@wardline/knowledge';
import { boardReport, catalogueReport, type Subject } from '@wardline/reports';
import type { Command } from 'commander';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { userPath } from '../../working-directory.ts';
import { checked, readRecorded } from '../compliance/verify.ts';
import { keyFrom } from '../ledger/key.ts';
import { mustBePage, writePage } from './page.ts';

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

/** Reports of a recorded judgement, made from its file alone. */
export function addRecordReports(noun: Command): void {
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
  mustBePage(out);
  const recorded = await readRecorded(file);
  const own = knowledge === undefined ? [] : readKnowledgeFolder(userPath(knowledge));
  const { controls } = loadKnowledge(own);
  const faults = key === undefined ? null : checked(recorded, keyFrom(key, '--key'), controls).faults;
  const page = make({ recorded, controls, judged: replay(recorded, controls).judged, faults });
  await writePage(page, out);
  await writeOut([`${printable(out)} is written.\n`]);
  if (faults !== null && faults.length > 0)
    throw new CommandError(
      'The record does not come out as it says; the report says so too.',
      exitCodes.failed,
    );
}
