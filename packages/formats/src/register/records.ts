import { type Options, parse } from 'csv-parse/sync';
import { CELL_CHARS, RECORD_CHARS, REGISTER_COLUMNS, REGISTER_ROWS } from '../limits.ts';
import { sniffDelimiter } from './delimiter.ts';
import type { IssueList } from './issues.ts';

/** One record of the file; `row` counts from 1 with the headings, as a spreadsheet does. */
export interface CsvRecord {
  row: number;
  cells: string[];
}

export interface Table {
  delimiter: string;
  columns: string[];
  records: CsvRecord[];
}

/** Cuts the text into headings and records; what does not follow RFC 4180 is an issue, never an exception. */
export function readTable(csv: string, issues: IssueList): Table {
  const text = csv.startsWith('\uFEFF') ? csv.slice(1) : csv;
  // Excel's own hint: the first line may say which delimiter follows.
  const hint = /^sep=([,;\t|])\r?\n/i.exec(text);
  const delimiter = hint?.[1] ?? sniffDelimiter(text);
  const records = parseRecords(hint ? text.slice(hint[0].length) : text, delimiter, hint ? 1 : 0, issues);
  const filled = records.filter((record) => record.cells.some((cell) => cell.trim() !== ''));
  const headings = filled.shift();
  if (!headings) issues.error(1, null, 'the file is empty; expected a row of column headings');
  return { delimiter, columns: nameColumns(headings?.cells ?? [], issues), records: filled };
}

function parseRecords(text: string, delimiter: string, skipped: number, issues: IssueList): CsvRecord[] {
  const records: CsvRecord[] = [];
  let row = skipped;
  const options: Options = {
    delimiter,
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: RECORD_CHARS,
    // One more than the bound shows that there was more, and the heading counts too.
    to: REGISTER_ROWS + 2,
    on_record: (cells: string[]) => {
      row++;
      records.push({ row, cells });
      return null;
    },
  };
  try {
    parse(text, options);
  } catch (error) {
    issues.error(row + 1, null, explain(error));
  }
  if (records.length > REGISTER_ROWS + 1) {
    issues.error(row, null, `more than ${REGISTER_ROWS} rows; those from here on were not read`);
    records.length = REGISTER_ROWS + 1;
  }
  return records;
}

function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'CSV_QUOTE_NOT_CLOSED')
    return 'a quotation mark opens here and never closes; this row and those behind it were not read';
  if (code === 'CSV_MAX_RECORD_SIZE')
    return 'this row is longer than any row can be, probably for a missing quotation mark; it and those behind it were not read';
  return 'this row is no CSV; it and those behind it were not read';
}

/** Headings trimmed; empty ones are numbered and equal ones told apart, so that each names one column. */
function nameColumns(cells: readonly string[], issues: IssueList): string[] {
  if (cells.length > REGISTER_COLUMNS)
    issues.warning(1, null, `${cells.length} columns; those after column ${REGISTER_COLUMNS} were not read`);
  const columns: string[] = [];
  const seen = new Set<string>();
  for (const [index, cell] of cells.slice(0, REGISTER_COLUMNS).entries()) {
    const base = cell.replaceAll(/\s+/g, ' ').trim().slice(0, CELL_CHARS) || `column ${index + 1}`;
    let name = base;
    for (let copy = 2; seen.has(name); copy++) name = `${base} (${copy})`;
    seen.add(name);
    columns.push(name);
  }
  return columns;
}
