import type { Grid } from './grid.ts';

const word = '(?:note|notes|anmerkung|hinweis|remarque|nota|opmerking|anmärkning|merknad|uwaga|comment)';
const named = new RegExp(
  `^${word}\\s*(?:no\\.?|nr\\.?|#)?\\s*(\\d{1,3})\\s*[:.)\\-–]?\\s*(\\S[\\s\\S]*)$`,
  'i',
);
const pointer = new RegExp(
  `^(?:(?:see|siehe|voir|ver|vedi|zie|se)\\s+)?(?:${word}\\s*)?(?:no\\.?|nr\\.?|#)?\\s*(\\d{1,3})[.)]?$`,
  'i',
);
const heading = new RegExp(`\\b${word}\\s*:?\\s*$`, 'i');
const numbered = /^\(?(\d{1,3})[.):]\s+(\S[\s\S]*)$/;

/** Notes that stand apart from their questions, by number; those of a section before those of the whole form. */
export class Notes {
  readonly #all = new Map<string, { text: string; row: number }[]>();

  constructor(grid: Grid, asked: ReadonlySet<number>) {
    let isBelowHeading = false;
    for (const row of grid.rows) {
      if (asked.has(row[0]!.row)) {
        isBelowHeading = false;
        continue;
      }
      for (const [index, { text, row: at }] of row.entries()) {
        if (text.length < 80 && heading.test(text)) isBelowHeading = true;
        const beside = row[index + 1]?.text;
        if (isBelowHeading && /^\d{1,3}[.)]?$/.test(text) && beside !== undefined)
          this.#keep(String(Number.parseInt(text, 10)), beside, at);
        this.#readLines(text, at, isBelowHeading);
      }
    }
  }

  /** The note that a cell points at, else the cell's own words. `row`: the nearest note below comes first. */
  resolve(text: string, row: number): string {
    const number = pointer.exec(text.trim())?.[1];
    const found = number === undefined ? undefined : this.#all.get(String(Number(number)));
    if (found === undefined) return text;
    return (found.find((note) => note.row > row) ?? found.at(-1)!).text;
  }

  /** A cell may hold several notes, one a line; a line without a number goes on with the note above it. */
  #readLines(text: string, row: number, isBelowHeading: boolean): void {
    let last: { text: string } | null = null;
    for (const line of text.split(/\r?\n/)) {
      const match = named.exec(line.trim()) ?? (isBelowHeading ? numbered.exec(line.trim()) : null);
      if (match) last = this.#keep(String(Number(match[1])), match[2]!, row);
      else if (last !== null && line.trim() !== '') last.text += `\n${line.trim()}`;
    }
  }

  #keep(number: string, text: string, row: number): { text: string } {
    const note = { text: text.trim(), row };
    this.#all.set(number, [...(this.#all.get(number) ?? []), note]);
    return note;
  }
}

/** Whether the text only names a note. */
export const isPointer = (text: string): boolean => pointer.test(text.trim());
