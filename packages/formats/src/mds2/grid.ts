import type { Cell, Merge, Sheet } from '../spreadsheet/sheet.ts';

/** One sheet as rows; a cell that is covered by a merge is found by its first cell. */
export class Grid {
  readonly name: string;
  readonly rows: readonly (readonly Cell[])[];
  readonly #byPlace = new Map<string, Cell>();
  readonly #byNumber: ReadonlyMap<number, readonly Cell[]>;
  readonly #merges: readonly Merge[];

  constructor(sheet: Sheet) {
    this.name = sheet.name;
    const rows = new Map<number, Cell[]>();
    for (const cell of sheet.cells) {
      this.#byPlace.set(`${cell.row} ${cell.column}`, cell);
      const row = rows.get(cell.row);
      if (row) row.push(cell);
      else rows.set(cell.row, [cell]);
    }
    this.rows = [...rows.values()];
    this.#byNumber = rows;
    // Only what is merged over rows matters: over columns the text stands in the first cell, as it would anyway.
    this.#merges = sheet.merges.filter(({ top, bottom }) => bottom > top);
  }

  /** The filled cells of a row, with those of cells that are merged over it from above. */
  row(number: number): Cell[] {
    const own = this.#byNumber.get(number) ?? [];
    const merged = this.#merges
      .filter(({ top, bottom }) => top < number && bottom >= number)
      .map(({ top, left }) => this.#byPlace.get(`${top} ${left}`))
      .filter((cell) => cell !== undefined);
    return [...own, ...merged].toSorted((a, b) => a.column - b.column);
  }

  /** The last row that the cell reaches. */
  bottomOf({ row, column }: Cell): number {
    return this.#merges.find(({ top, left }) => top === row && left === column)?.bottom ?? row;
  }
}
