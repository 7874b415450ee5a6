import type { Cell } from '../spreadsheet/sheet.ts';
import { answerIn, isBareAnswer } from './answers.ts';
import { type Columns, isMark } from './columns.ts';
import type { Question } from './find-questions.ts';
import {
  asksForText,
  isHeading,
  type Mds2Answer,
  type Mds2Edition,
  type Mds2Warning,
  questionsOf,
  sectionOf,
} from './form.ts';
import type { Grid } from './grid.ts';
import { isPointer, type Notes } from './notes.ts';

interface Asked {
  grid: Grid;
  columns: Columns;
  notes: Notes;
  asked: ReadonlySet<number>;
  edition: Mds2Edition;
  warn: (warning: Mds2Warning) => void;
}

interface Found {
  cell: Cell | null;
  text: string;
  /** Cells behind the answer. */
  behind: Cell[];
}

/** The answer of one question, where it stands, and what was doubtful about it. */
export function answerOf(question: Question, the: Asked): Mds2Answer {
  const cells = cellsOf(question, the);
  const found = asksForText(question.id) ? textOf(question, cells, the) : choiceOf(question, cells, the);
  const said = answerIn(found.text);
  const isText = asksForText(question.id) && found.text !== '' && said.value !== 'blank';
  const value = isText ? 'text' : said.value;
  const note = noteOf(said.rest, isText, found, question, the);
  const answer: Mds2Answer = {
    id: question.id,
    section: sectionOf(the.edition, question.id),
    about: questionsOf(the.edition)[question.id]!,
    value,
    text: found.text,
    note: note === '' ? null : note,
    place: (found.cell ?? question.cell).place,
  };
  doubt(answer, the);
  return answer;
}

/** The cells of a question's row, of the rows that its id is merged over, and of rows below that go on with it. */
function cellsOf({ cell }: Question, { grid, columns, asked }: Asked): Cell[] {
  const own = grid.row(cell.row).filter(({ column }) => column > cell.column);
  const last = grid.bottomOf(cell);
  const further: Cell[] = [];
  for (let row = cell.row + 1; row <= Math.max(last, cell.row + FURTHER) && !asked.has(row); row++) {
    const cells = grid.row(row).filter((one) => one.row === row);
    const isOver = cells.some(({ column }) => column <= cell.column) || (cells.length === 0 && row > last);
    if (isOver) break;
    further.push(
      ...cells.filter(({ column }) => row <= last || column >= (columns.answer ?? cell.column + 2)),
    );
  }
  return [...own, ...further].filter(({ column }) => !columns.references.has(column));
}

/** Rows that may go on with a question that is not merged. */
const FURTHER = 8;

function choiceOf(question: Question, cells: readonly Cell[], the: Asked): Found {
  const marked = marksIn(cells, the);
  if (marked !== null) return marked;
  const { answer } = the.columns;
  const inColumn = cells.find(({ column }) => column === answer);
  if (inColumn !== undefined && answerIn(inColumn.text).value !== 'unclear')
    return placed(question, inColumn, cells, the);
  const elsewhere = cells.find(({ column, text }) => column !== answer && isBareAnswer(text));
  if (elsewhere !== undefined && (inColumn === undefined || elsewhere.column < inColumn.column)) {
    const where = answer === null ? '' : ', besides the column of the others';
    if (answer !== null)
      the.warn({ place: elsewhere.place, message: `the answer of ${question.id} stands here${where}` });
    return placed(question, elsewhere, cells, the);
  }
  if (inColumn !== undefined) return { cell: inColumn, text: inColumn.text, behind: behind(inColumn, cells) };
  return inline(question, cells, the);
}

function placed(question: Question, cell: Cell, cells: readonly Cell[], the: Asked): Found {
  const { row } = question.cell;
  if (cell.row < row && !cellIsOfMergedId(question, cell, the))
    the.warn({
      place: cell.place,
      message: `this cell is merged over several questions; read for ${question.id} too`,
    });
  if (cell.row > the.grid.bottomOf(question.cell))
    the.warn({ place: cell.place, message: `the answer of ${question.id} stands below it` });
  return { cell, text: cell.text, behind: behind(cell, cells) };
}

const cellIsOfMergedId = ({ cell: own }: Question, cell: Cell, { grid }: Asked): boolean =>
  own.row <= cell.row && cell.row <= grid.bottomOf(own);

const behind = (cell: Cell, cells: readonly Cell[]): Cell[] =>
  cells.filter((other) => other !== cell && other.column >= cell.column);

/** A form on which columns are answers and marks are set. */
function marksIn(cells: readonly Cell[], { columns, warn }: Asked): Found | null {
  const set = cells.filter(({ column, text }) => columns.marks.has(column) && isMark(text));
  const [first, second] = set;
  if (first === undefined) return null;
  const rest = cells.filter(({ column }) => column > first.column && !columns.marks.has(column));
  if (second === undefined)
    return { cell: first, text: wordOf[columns.marks.get(first.column)!], behind: rest };
  warn({ place: second.place, message: 'more than one mark is set' });
  return { cell: first, text: 'more than one mark', behind: rest };
}

const wordOf = { yes: 'Yes', no: 'No', 'not-applicable': 'N/A', 'see-note': 'See Note' } as const;

/** The answer that stands in one cell with its question: behind the last question mark or colon. */
function inline({ rest, cell, id }: Question, cells: readonly Cell[], the: Asked): Found {
  const nothing: Found = {
    cell: null,
    text: '',
    behind: cells.filter(({ column }) => column !== the.columns.words),
  };
  for (const [text, place] of [[rest, cell] as const, ...cells.map((one) => [one.text, one] as const)]) {
    const [, tail] = /[?:]\s*:?\s*([^?]{1,200})$/s.exec(text.replace(/[,;\s]+$/, '')) ?? [];
    const parts = tail === undefined ? [] : [tail, tail.slice(tail.lastIndexOf(':') + 1)];
    const answer = parts
      .map((part) => part.trim())
      .find((part) => answerIn(part).value !== 'unclear' && part !== '');
    if (answer === undefined) continue;
    the.warn({ place: place.place, message: `the answer of ${id} stands in the cell of its question` });
    return { cell: place, text: answer, behind: cells.filter((one) => one !== place) };
  }
  return nothing;
}

/** An answer in words: not the question's own words, so the last cell, or what stands behind a colon. */
function textOf({ rest, cell }: Question, cells: readonly Cell[], { columns }: Asked): Found {
  const words = columns.words ?? cell.column + 1;
  const filled = cells.filter(({ column, text }) => column !== words || (rest !== '' && text !== ''));
  const own = filled.find(({ column }) => column === columns.answer) ?? filled[0];
  if (own !== undefined) return { cell: own, text: own.text, behind: behind(own, filled) };
  const [, tail] = /^[^:?]*[:?]\s*(\S[\s\S]*)$/.exec(rest) ?? [];
  return { cell: tail === undefined ? null : cell, text: tail?.trim() ?? '', behind: [] };
}

function noteOf(
  rest: string,
  isText: boolean,
  { behind: others, text }: Found,
  { cell }: Question,
  the: Asked,
): string {
  const own = isText || rest === text.trim() ? '' : rest;
  const parts = [own, ...others.map((other) => other.text)]
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const pointed = isPointer(text) && parts.length === 0 ? [text] : parts;
  return [...new Set(pointed.map((part) => the.notes.resolve(part, cell.row)))].join('\n');
}

function doubt({ id, value, text, place }: Mds2Answer, { warn }: Asked): void {
  if (value === 'unclear') warn({ place, message: `${id}: "${text.slice(0, 80)}" is neither yes nor no` });
  else if (value === 'blank' && !isHeading(id))
    warn({
      place,
      message: text === '' ? `${id} is not answered` : `${id}: "${text.slice(0, 40)}" is no answer`,
    });
}
