import { type RegisterEntry, type RegisterField, type RegisterIssue, registerFields } from '@wardline/model';
import { REGISTER_CHARS } from '../limits.ts';
import { withoutDuplicates } from './duplicates.ts';
import { type FieldColumns, readEntry } from './entry.ts';
import { guessMapping, normaliseHeading } from './headings.ts';
import { IssueList } from './issues.ts';
import { readTable } from './records.ts';

/** A register as its CSV has it, with everything that was wrong or doubtful in it. */
export interface ParsedRegister {
  columns: string[];
  /** Column → field, as given or as guessed from the headings. */
  mapping: Record<string, RegisterField>;
  delimiter: string;
  entries: RegisterEntry[];
  issues: RegisterIssue[];
}

/**
 * Reads a CMMS register from CSV text (comma, semicolon, tab or bar; byte-order mark, CRLF and quotes as they come).
 * Rows are counted from 1 with the headings, as a spreadsheet shows them. Without `mapping` (column → field) the
 * headings are guessed, in English, German, Spanish and French. Never throws: what is wrong is an issue with its place.
 */
export function parseRegister(
  csv: string,
  mapping?: Readonly<Record<string, RegisterField>>,
): ParsedRegister {
  const issues = new IssueList();
  if (csv.length > REGISTER_CHARS)
    issues.error(
      1,
      null,
      `the file has ${csv.length} characters; those after ${REGISTER_CHARS} were not read`,
    );
  const table = readTable(csv.slice(0, REGISTER_CHARS), issues);
  const used = mapping ? matchMapping(mapping, table.columns, issues) : guessMapping(table.columns);
  const fields = columnsByField(table.columns, used);
  checkFields(fields, table.columns, issues);
  const identifying = [...fields.keys()].some(isIdentifying);
  const entries = identifying ? table.records.map((record) => readEntry(record, fields, issues)) : [];
  return {
    columns: table.columns,
    mapping: used,
    delimiter: table.delimiter,
    entries: withoutDuplicates(
      entries.filter((entry) => entry !== null),
      issues,
    ),
    issues: issues.list(),
  };
}

function isIdentifying(field: RegisterField): boolean {
  return field === 'tag' || field === 'serial' || field === 'mac' || field === 'hostname';
}

/** Columns of a mapping are found by their exact heading, else by their heading without case and signs. */
function matchMapping(
  mapping: Readonly<Record<string, RegisterField>>,
  columns: readonly string[],
  issues: IssueList,
): Record<string, RegisterField> {
  const pairs: [string, RegisterField][] = [];
  for (const [wanted, field] of Object.entries(mapping)) {
    const column =
      columns.find((name) => name === wanted) ??
      columns.find((name) => normaliseHeading(name) === normaliseHeading(wanted));
    if (!registerFields.includes(field))
      issues.error(1, wanted, `is mapped to "${field}"; expected one of ${registerFields.join(', ')}`);
    else if (column) pairs.push([column, field]);
    else issues.error(1, wanted, `is no column of this file; expected one of ${columns.join(', ')}`);
  }
  return Object.fromEntries(pairs);
}

function columnsByField(
  columns: readonly string[],
  mapping: Readonly<Record<string, RegisterField>>,
): FieldColumns {
  const fields = new Map<RegisterField, { index: number; column: string }[]>();
  for (const [index, column] of columns.entries()) {
    const field = Object.hasOwn(mapping, column) ? mapping[column] : undefined;
    if (field) fields.set(field, [...(fields.get(field) ?? []), { index, column }]);
  }
  return fields;
}

function checkFields(fields: FieldColumns, columns: readonly string[], issues: IssueList): void {
  if (columns.length === 0) return;
  if (![...fields.keys()].some(isIdentifying)) {
    const message = `no column names a device; expected one for the asset tag, serial number, MAC address or host name among ${columns.slice(0, 20).join(', ')}`;
    issues.error(1, null, message);
  } else if (!fields.has('tag'))
    issues.warning(1, null, 'no column holds the asset tag; the next best name stands in for it');
}
