/**
 * A spreadsheet runs a cell as a formula when it starts with one of these (OWASP, "CSV injection"); the full-width
 * forms are what some Asian locales accept for them.
 */
const dangerous = /^'*[=+\-@\t\r\n＝＋－＠]/u;
const guarded = /^''*[=+\-@\t\r\n＝＋－＠]/u;

/** Puts an apostrophe before a cell that a spreadsheet would run; {@link unguardCell} takes it away again. */
export function guardCell(value: string): string {
  return dangerous.test(value) ? `'${value}` : value;
}

/** The inverse of {@link guardCell}. */
export function unguardCell(value: string): string {
  return guarded.test(value) ? value.slice(1) : value;
}
