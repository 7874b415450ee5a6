import type { Cell } from '../spreadsheet/sheet.ts';
import { answerIn, isBareAnswer } from './answers.ts';
import type { Question } from './find-questions.ts';
import type { Grid } from './grid.ts';

/** Where a sheet has what, by column. */
export interface Columns {
  /** Where most answers stand, or null where no cell is an answer alone. */
  answer: number | null;
  /** The question's own words. */
  words: number | null;
  /** References to other standards, which are no notes. */
  references: ReadonlySet<number>;
  /** Columns that are answers themselves, in which a mark is set. */
  marks: ReadonlyMap<number, 'yes' | 'no' | 'not-applicable' | 'see-note'>;
}

export function columnsOf(grid: Grid, questions: readonly Question[]): Columns {
  const rows = questions.map(({ cell }) => grid.row(cell.row).filter(({ column }) => column > cell.column));
  const marks = marksOf(grid, questions);
  const answer = answerColumn(rows);
  const words = mostFrequent(
    rows.flatMap((row) => {
      const first = row[0];
      return first !== undefined && (answer === null || first.column < answer) ? [first.column] : [];
    }),
  );
  return { answer, words, references: referencesOf(grid, questions), marks };
}

/** Some forms have the note in the cell of each answer, so that hardly one is an answer alone. */
const FEW = 0.2;

function answerColumn(rows: readonly (readonly Cell[])[]): number | null {
  const bare = rows.flatMap((row) => row.find(({ text }) => isBareAnswer(text))?.column ?? []);
  const led = rows.flatMap((row) => row.find(({ text }) => isChoice(text))?.column ?? []);
  return mostFrequent(bare.length >= led.length * FEW ? bare : led);
}

const isChoice = (text: string): boolean =>
  ['yes', 'no', 'not-applicable', 'see-note'].includes(answerIn(text).value);

function mostFrequent(columns: readonly number[]): number | null {
  const counts = new Map<number, number>();
  for (const column of columns) counts.set(column, (counts.get(column) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? null;
}

const standards = /\b(IEC\s*(TR\s*)?80001|NIST|SP\s*800-53|ISO(\/IEC)?\s*27002)\b/i;

function referencesOf(grid: Grid, questions: readonly Question[]): Set<number> {
  const asked = new Set(questions.map(({ cell }) => cell.row));
  const found = new Set<number>();
  for (const row of grid.rows)
    if (!asked.has(row[0]!.row))
      for (const { column, text } of row) if (text.length < 60 && standards.test(text)) found.add(column);
  // A title that names a standard stands where the ids stand.
  for (const { cell } of questions) found.delete(cell.column);
  return found;
}

/** A row above the questions in which two cells or more are answers heads columns of marks. */
function marksOf(grid: Grid, questions: readonly Question[]): Columns['marks'] {
  const asked = new Set(questions.map(({ cell }) => cell.row));
  for (const row of grid.rows) {
    if (asked.has(row[0]!.row)) continue;
    const heads = row.filter(({ text }) => text.length <= 24 && isBareAnswer(text));
    const values = heads.map(({ text }) => answerIn(text).value);
    if (values.includes('yes') && values.includes('no') && hasMarks(grid, questions, heads))
      return new Map(heads.map(({ column }, index) => [column, values[index] as 'yes' | 'no']));
  }
  return new Map();
}

export const isMark = (text: string): boolean => /^[xX×✓✔☑☒●•■✗]$|^\[[xX]\]$/u.test(text.trim());

function hasMarks(grid: Grid, questions: readonly Question[], heads: readonly Cell[]): boolean {
  const columns = new Set(heads.map(({ column }) => column));
  return questions.some(({ cell }) =>
    grid.row(cell.row).some(({ column, text }) => columns.has(column) && isMark(text)),
  );
}
