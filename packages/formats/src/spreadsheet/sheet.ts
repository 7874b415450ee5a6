/** A cell with something in it; rows and columns count from 1. */
export interface Cell {
  row: number;
  column: number;
  text: string;
  place: string;
}

/** Cells that are shown as one; its text stands in the first. */
export interface Merge {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

export interface Sheet {
  name: string;
  /** By row, then column. */
  cells: Cell[];
  merges: Merge[];
}

/** What could be read, and what was left out, with its place. */
export interface Sheets {
  sheets: Sheet[];
  warnings: { place: string; message: string }[];
}

/** `A` to `XFD`. */
export function columnName(column: number): string {
  let name = '';
  for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / 26))
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  return name;
}

/** `B12` as row and column, or null. */
export function cellAt(reference: string): { row: number; column: number } | null {
  const [, letters, digits] = /^([A-Z]{1,3})([1-9]\d{0,6})$/.exec(reference.replaceAll('$', '')) ?? [];
  if (letters === undefined || digits === undefined) return null;
  const column = Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
  return { row: Number(digits), column };
}
