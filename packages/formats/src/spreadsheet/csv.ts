import { type Options, parse } from 'csv-parse/sync';
import { CELL_CHARS, RECORD_CHARS, SHEET_CELLS } from '../limits.ts';
import { sniffDelimiter } from '../register/delimiter.ts';
import { type Cell, columnName, type Sheets } from './sheet.ts';

/** A text of cells (RFC 4180, with comma, semicolon, tab or bar) as one sheet. What is damaged is a warning. */
export function readCsv(text: string): Sheets {
  const cells: Cell[] = [];
  const warnings: Sheets['warnings'] = [];
  let row = 0;
  let isCut = false;
  const options: Options = {
    delimiter: sniffDelimiter(text),
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: RECORD_CHARS,
    skip_empty_lines: false,
    on_record: (record: string[]) => {
      row++;
      for (const [index, value] of record.entries()) {
        const cell = value.trim();
        if (cell === '') continue;
        if (cells.length >= SHEET_CELLS) {
          isCut = true;
          break;
        }
        const place = `row ${row}, column ${columnName(index + 1)}`;
        cells.push({ row, column: index + 1, text: cell.slice(0, CELL_CHARS), place });
      }
      return null;
    },
  };
  try {
    parse(text, options);
  } catch {
    warnings.push({
      place: `row ${row + 1}`,
      message: 'a quotation mark opens here and never closes; this row and those behind it were not read',
    });
  }
  if (isCut)
    warnings.push({
      place: `row ${row}`,
      message: `more than ${SHEET_CELLS} cells; the others were not read`,
    });
  return { sheets: [{ name: 'form', cells, merges: [] }], warnings };
}
