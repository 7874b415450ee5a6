import { writeFile } from 'node:fs/promises';
import {
  type CatalogueRow,
  type ControlDetail,
  type ControlRow,
  catalogueListResponse,
  complianceExportSchema,
  complianceRecordListResponse,
  controlDetailSchema,
  controlListResponse,
  controlStatuses,
  type EvidenceRow,
  evidenceListResponse,
} from '@wardline/model';
import type { Command } from 'commander';
import { askFor, type ServerFlags, serverAccess } from '../../api/client.ts';
import { explainSystemError } from '../../assessment/captures.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { indented, printable } from '../../terminal/printable.ts';
import { tableLines } from '../../terminal/table.ts';
import { counted } from '../../terminal/units.ts';
import { userPath } from '../../working-directory.ts';
import { serverVerb } from '../server-verb.ts';

type Flags = ServerFlags & { json?: boolean; day?: string };

const examples = `
Examples:
  wardline compliance status
  wardline compliance list hipaa-security --status not-met,unknown
  wardline compliance show "hipaa-security:164.312(b)" --day 2026-11-20
  wardline compliance export 12 november.json`;

/** What is true of controls, as it is read. */
export function addReading(noun: Command): void {
  const verb = (name: string, summary: string) =>
    serverVerb(noun, name, summary, examples).option('--json', 'print one JSON object and nothing else');
  const dated = (name: string, summary: string) =>
    verb(name, summary).option('--day <day>', 'as it was recorded on that day, as 2026-11-20');
  dated('status', 'how the controls of every catalogue stand').action(runStatus);
  dated('list', 'controls of a catalogue with their status')
    .argument('<catalogue>', 'id of the catalogue, as hipaa-security')
    .option('--status <statuses>', `only: ${controlStatuses.join(', ')}`)
    .action(runList);
  dated('show', 'one control with how its status came about')
    .argument('<control>', 'catalogue and id, as hipaa-security:164.312(b)')
    .action(runShow);
  dated('evidence', 'the questions of the evidence with their answers').action(runEvidence);
  verb('records', 'judgements that were recorded').action(runRecords);
  serverVerb(noun, 'export', 'a recorded judgement with its evidence, to be checked anywhere', examples)
    .argument('<record>', 'its number, as wardline compliance records lists it')
    .argument('<file>', 'file to write')
    .action(runExport);
}

const width = (): number => process.stdout.columns ?? 120;
const query = (given: Record<string, string | undefined>): string => {
  const some = Object.entries(given).filter((one): one is [string, string] => one[1] !== undefined);
  return some.length === 0 ? '' : `?${new URLSearchParams(some).toString()}`;
};
const printed = (value: unknown): Promise<void> => writeOut([`${JSON.stringify(value, null, 2)}\n`]);
const moment = ({ asOf, record }: { asOf: string; record: number | null }): string =>
  record === null ? `As of ${asOf}.` : `As it was recorded at ${asOf}, record ${record}.`;

async function runStatus(flags: Flags): Promise<void> {
  const path = `api/v1/compliance/catalogues${query({ day: flags.day })}`;
  const found = await askFor(await serverAccess(flags), path, catalogueListResponse);
  if (flags.json) return await printed(found);
  const number = (heading: string, value: (row: CatalogueRow) => number) => ({
    heading,
    value: (row: CatalogueRow) => String(value(row)),
    least: heading.length,
    align: 'right' as const,
  });
  const columns = [
    { heading: 'Catalogue', value: ({ id }: CatalogueRow) => id, least: 20 },
    { heading: 'Standing', value: ({ standing }: CatalogueRow) => standing, least: 9 },
    number('Met', ({ counts }) => counts.met),
    number('Not met', ({ counts }) => counts['not-met']),
    number('Unknown', ({ counts }) => counts.unknown),
    number('Not applicable', ({ counts }) => counts['not-applicable']),
  ];
  await writeOut([`${[moment(found), ...tableLines(found.items, columns, width())].join('\n')}\n`]);
}

async function runList(catalogue: string, flags: Flags & { status?: string }): Promise<void> {
  const path = `api/v1/compliance/controls${query({ catalogue, status: flags.status, day: flags.day })}`;
  const found = await askFor(await serverAccess(flags), path, controlListResponse);
  if (flags.json) return await printed(found);
  const columns = [
    { heading: 'Control', value: ({ id }: ControlRow) => id, least: 14 },
    { heading: 'Status', value: ({ status }: ControlRow) => status, least: 8 },
    { heading: 'By', value: ({ basis }: ControlRow) => basis, least: 8 },
    { heading: 'What', value: ({ title }: ControlRow) => title, least: 20 },
  ];
  const lines = tableLines(found.items, columns, width());
  await writeOut([`${[`${counted(found.total, 'control')}. ${moment(found)}`, ...lines].join('\n')}\n`]);
}

async function runShow(control: string, flags: Flags): Promise<void> {
  const path = `api/v1/compliance/controls/${encodeURIComponent(control)}${query({ day: flags.day })}`;
  const found = await askFor(await serverAccess(flags), path, controlDetailSchema);
  if (flags.json) return await printed(found);
  await writeOut([`${detailLines(found).join('\n')}\n`]);
}

function detailLines(found: ControlDetail): string[] {
  const text = (sentence: string, indent: string) => indented(printable(sentence), width(), indent);
  const { id, title, status, basis, reason, evidence, attestations, decisions } = found;
  return [
    ...text(`${id} ${title}`, ''),
    ...text(`${status} (${basis}). ${moment(found)}`, ''),
    ...text(reason, ''),
    ...evidence.flatMap((one) => [
      ...text(`${one.query}: ${one.outcome}${one.covers === 'part' ? ', shows a part' : ''}`, '  '),
      ...text(`${one.reason}${one.asOf === null ? '' : ` Newest evidence ${one.asOf}.`}`, '    '),
      ...one.members.slice(0, 10).flatMap(({ name, note }) => text(`${name}: ${note}`, '      ')),
    ]),
    ...attestations.flatMap(({ ownerName, document, until, ended }) =>
      text(
        `${ownerName} vouches by “${document}” until ${until}${ended === null ? '' : ', taken back'}.`,
        '  ',
      ),
    ),
    ...decisions.flatMap(({ decision, rationale, byName, until }) =>
      text(`${byName} decided: ${decision}, until ${until}. ${rationale}`, '  '),
    ),
  ];
}

async function runEvidence(flags: Flags): Promise<void> {
  const path = `api/v1/compliance/evidence${query({ day: flags.day })}`;
  const found = await askFor(await serverAccess(flags), path, evidenceListResponse);
  if (flags.json) return await printed(found);
  const columns = [
    { heading: 'Question', value: ({ query: id }: EvidenceRow) => id, least: 20 },
    { heading: 'Answer', value: ({ outcome }: EvidenceRow) => outcome, least: 7 },
    { heading: 'Newest', value: ({ asOf }: EvidenceRow) => asOf?.slice(0, 16) ?? 'never', least: 16 },
    { heading: 'Why', value: ({ reason }: EvidenceRow) => reason, least: 20 },
  ];
  await writeOut([`${[moment(found), ...tableLines(found.items, columns, width())].join('\n')}\n`]);
}

async function runRecords(flags: Flags): Promise<void> {
  const found = await askFor(
    await serverAccess(flags),
    'api/v1/compliance/records',
    complianceRecordListResponse,
  );
  if (flags.json) return await printed(found);
  type Row = (typeof found.items)[number];
  const columns = [
    { heading: 'No.', value: ({ id }: Row) => String(id), least: 4, align: 'right' as const },
    { heading: 'When', value: ({ at }: Row) => at.slice(0, 16), least: 16 },
    { heading: 'Met', value: ({ counts }: Row) => String(counts.met), least: 4, align: 'right' as const },
    {
      heading: 'Not met',
      value: ({ counts }: Row) => String(counts['not-met']),
      least: 7,
      align: 'right' as const,
    },
    {
      heading: 'Unknown',
      value: ({ counts }: Row) => String(counts.unknown),
      least: 7,
      align: 'right' as const,
    },
    { heading: 'Act', value: ({ sequence }: Row) => String(sequence), least: 4, align: 'right' as const },
  ];
  await writeOut([
    `${[`${counted(found.items.length, 'record')}.`, ...tableLines(found.items, columns, width())].join('\n')}\n`,
  ]);
}

async function runExport(record: string, file: string, flags: ServerFlags): Promise<void> {
  if (!/^\d{1,12}$/.test(record)) throw new CommandError(`${printable(record)} is no number of a record`);
  const access = await serverAccess(flags);
  const found = await askFor(access, `api/v1/compliance/records/${record}/export`, complianceExportSchema);
  try {
    await writeFile(userPath(file), `${JSON.stringify(found)}\n`, { flag: 'wx' });
  } catch (error) {
    throw new CommandError(`${file} ${explainSystemError(error)}`, exitCodes.failed);
  }
  await writeOut([
    `Record ${record} is in ${file}. Check it with: wardline compliance verify ${file} --key KEY\n`,
  ]);
}
