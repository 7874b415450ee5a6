import { stringify } from 'csv-stringify/sync';
import { guardCell } from './csv-safety.ts';

/**
 * Writes rows as CSV (RFC 4180: comma, CRLF, quotes where needed) that no spreadsheet runs as formulas. Control
 * characters other than line breaks and tabs are dropped: they come from hostile names and help nobody.
 */
export function writeCsv(rows: readonly (readonly (string | number | null)[])[]): string {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'string' ? safeCell(cell) : cell)));
  return stringify(cells, { record_delimiter: '\r\n', quoted_match: /^\s|\s$/ });
}

function safeCell(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
  return guardCell(text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, ''));
}
