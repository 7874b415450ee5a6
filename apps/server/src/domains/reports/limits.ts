/** Reports that are listed: one a day for a year, and some. */
export const REPORTS_SHOWN = 400;
/** A document, unpacked: a hundred tables of 400 rows with a dozen cells are 40 MB at the most. */
export const DOCUMENT_BYTES = 64 * 1024 * 1024;
/** Rows that a report asks of any list; how many more there are is counted. */
export const ROWS_ASKED = 400;
