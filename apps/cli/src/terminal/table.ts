import { displayWidth, fitted, fittedInside, printable } from './printable.ts';

export interface Column<T> {
  heading: string;
  value: (row: T) => string;
  /** Narrowest width that still says something. */
  least: number;
  align?: 'right';
  /** Where a text that is too long is cut; the end where nothing is said. */
  cut?: 'middle';
  /** Columns with a lower rank are left out first where the terminal is too narrow for all. */
  rank?: number;
}

const GAP = 2;

/** Lines of a table that fits `width`: wide columns give way first, then columns of the lowest rank are left out. */
export function tableLines<T>(rows: readonly T[], columns: readonly Column<T>[], width: number): string[] {
  const shown = columnsThatFit(columns, width);
  const cells = rows.map((row) => shown.map((column) => printable(column.value(row))));
  const widths = columnWidths(shown, cells, width);
  const line = (texts: readonly string[]) =>
    texts
      .map((text, index) => cell(text, widths[index] ?? 0, shown[index]))
      .join(' '.repeat(GAP))
      .trimEnd();
  return [
    line(shown.map((column) => column.heading)),
    line(widths.map((size) => '─'.repeat(size))),
    ...cells.map(line),
  ];
}

function cell<T>(text: string, width: number, column: Column<T> | undefined): string {
  const cut = column?.cut === 'middle' ? fittedInside(text, width) : fitted(text, width);
  return padded(cut, width, column?.align);
}

function columnsThatFit<T>(columns: readonly Column<T>[], width: number): Column<T>[] {
  const shown = [...columns];
  const need = () => shown.reduce((sum, column) => sum + column.least + GAP, -GAP);
  while (need() > width && shown.length > 1) {
    const lowest = shown.reduce((a, b) => ((b.rank ?? 99) < (a.rank ?? 99) ? b : a));
    shown.splice(shown.indexOf(lowest), 1);
  }
  return shown;
}

function columnWidths<T>(columns: readonly Column<T>[], cells: readonly string[][], width: number): number[] {
  const widths = columns.map((column, index) =>
    cells.reduce((most, row) => Math.max(most, displayWidth(row[index] ?? '')), displayWidth(column.heading)),
  );
  let excess = widths.reduce((sum, size) => sum + size + GAP, -GAP) - width;
  while (excess > 0) {
    const widest = widths.reduce(
      (best, _size, index) => (spare(columns, widths, best) < spare(columns, widths, index) ? index : best),
      0,
    );
    if (spare(columns, widths, widest) <= 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess--;
  }
  return widths;
}

function spare<T>(columns: readonly Column<T>[], widths: readonly number[], index: number): number {
  return (widths[index] ?? 0) - (columns[index]?.least ?? 0);
}

function padded(text: string, width: number, align?: 'right'): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'right' ? space + text : text + space;
}
