import type { Cell } from '../spreadsheet/sheet.ts';
import { isBareAnswer } from './answers.ts';
import { printed2013, printed2019 } from './ids.ts';

/** A piece of text at its place: points from the left and from the bottom of the page. */
export interface Snippet {
  text: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Page {
  number: number;
  snippets: Snippet[];
}

interface Chunk extends Snippet {
  line: number;
}

interface Line {
  page: number;
  /** From the top of the page, counted from 1. */
  line: number;
  y: number;
  chunks: Chunk[];
}

/** Where the answers of the document stand, from left to right. */
interface Zone {
  left: number;
  right: number;
}

/**
 * Lays pages out as rows of cells: column 1 the id, 2 the question, 3 the answer, 4 and on what is behind it. A table's row
 * may be several lines high, with its id at the top, in the middle or at the bottom; rows part at the widest gap between two ids.
 */
export function rowsOf(pages: readonly Page[]): Cell[] {
  const lines = withoutRunningTitles(withWholeIds(pages.flatMap(linesOf)));
  const zone = answerZone(lines);
  const cells: Cell[] = [];
  let row = 0;
  for (const band of bandsOf(lines)) {
    row++;
    cells.push(...cellsOf(band, zone, row));
  }
  return cells;
}

/** Snippets on one base line, those that touch joined. */
function linesOf({ number, snippets }: Page): Line[] {
  const sorted = snippets.toSorted((a, b) => b.y - a.y || a.x - b.x);
  const groups: Snippet[][] = [];
  for (const snippet of sorted) {
    const group = groups.at(-1);
    const isSame =
      group !== undefined && Math.abs(group[0]!.y - snippet.y) < Math.min(3, snippet.height * 0.35);
    if (isSame) group.push(snippet);
    else groups.push([snippet]);
  }
  return groups.map((group, index) => {
    const line = index + 1;
    return { page: number, line, y: group[0]!.y, chunks: joined(group, line) };
  });
}

function joined(group: readonly Snippet[], line: number): Chunk[] {
  const chunks: Chunk[] = [];
  for (const snippet of group.toSorted((a, b) => a.x - b.x)) {
    const last = chunks.at(-1);
    const gap = last === undefined ? Number.POSITIVE_INFINITY : snippet.x - (last.x + last.width);
    // A space is about a quarter of the height wide; between columns is more than a letter.
    if (last === undefined || gap > snippet.height * 0.7) chunks.push({ ...snippet, line });
    else {
      const space = gap > snippet.height * 0.15 && !/\s$/.test(last.text) && !/^\s/.test(snippet.text);
      last.text += `${space ? ' ' : ''}${snippet.text}`;
      last.width = Math.max(last.width, snippet.x + snippet.width - last.x);
    }
  }
  return chunks.map((chunk) => ({ ...chunk, text: chunk.text.replaceAll(/\s+/g, ' ').trim() }));
}

const idIn = (text: string) => printed2019(text) ?? printed2013(text);
const textOf = ({ chunks }: Line): string => chunks.map(({ text }) => text).join(' ');
const opensWithId = ({ chunks }: Line): boolean => chunks[0] !== undefined && idIn(chunks[0].text) !== null;

/** In a narrow column an id breaks behind its hyphen or point, and goes on below. */
function withWholeIds(lines: readonly Line[]): Line[] {
  for (const [index, { page, chunks }] of lines.entries()) {
    const id = chunks[0];
    if (id === undefined || !/^[A-Z]{3,5}[-–](\d{1,2}\.)*$/.test(id.text)) continue;
    for (const below of lines.slice(index + 1, index + 4)) {
      const at = below.chunks.findIndex(({ x, text }) => Math.abs(x - id.x) < 3 && /^\d[\d.]*$/.test(text));
      if (below.page !== page || at < 0) continue;
      id.text += below.chunks.splice(at, 1)[0]!.text;
      break;
    }
  }
  return lines.filter(({ chunks }) => chunks.length > 0);
}

/** Titles and feet of pages stand on several pages, but for the number of the page. */
function withoutRunningTitles(lines: readonly Line[]): Line[] {
  const pages = new Map<string, Set<number>>();
  const key = (line: Line) => `${textOf(line).replaceAll(/\d+/g, '#')} ${Math.round(line.y / 4)}`;
  for (const line of lines) pages.set(key(line), (pages.get(key(line)) ?? new Set()).add(line.page));
  return lines.filter(
    (line) =>
      opensWithId(line) ||
      (pages.get(key(line))!.size < 2 && !/^(page|seite) \d+|©|copyright/i.test(textOf(line))),
  );
}

/** The answers stand above each other: the span that most of the chunks which are answers alone overlap. */
function answerZone(lines: readonly Line[]): Zone | null {
  const answers = lines.flatMap(({ chunks }) => chunks.slice(1).filter(({ text }) => isBareAnswer(text)));
  let best: { zone: Zone; count: number } | null = null;
  for (const { x, width } of answers.slice(0, 400)) {
    const over = answers.filter((other) => other.x < x + width && other.x + other.width > x);
    if (best !== null && over.length <= best.count) continue;
    const left = Math.min(...over.map((one) => one.x));
    const right = Math.max(...over.map((one) => one.x + one.width));
    best = { zone: { left, right }, count: over.length };
  }
  return best?.zone ?? null;
}

/** Lines by row of the table; what stands between sections is a row of its own without an id. */
function bandsOf(lines: readonly Line[]): Line[][] {
  const bands: Line[][] = [];
  const starts = lines.flatMap((line, index) => (opensWithId(line) ? [index] : []));
  let from = 0;
  for (const [index, at] of starts.entries()) {
    const first = cutBetween(lines, starts[index - 1] ?? -1, at);
    bands.push(...lines.slice(from, first).map((line) => [line]));
    const next = starts[index + 1] ?? lines.length;
    const last = index + 1 < starts.length ? cutBetween(lines, at, next) : endOf(lines, at);
    from = Math.min(last, untilHeading(lines, at, last));
    bands.push(lines.slice(first, from));
  }
  bands.push(...lines.slice(from).map((line) => [line]));
  return bands.filter((band) => band.length > 0);
}

/** The line before which the widest gap lies; rows do not go over pages. */
function cutBetween(lines: readonly Line[], above: number, at: number): number {
  const page = lines[at]!.page;
  let first = above + 1;
  while (first < at && lines[first]!.page !== page) first++;
  if (above < 0 || lines[above]!.page !== page)
    return above < 0 || first === at ? at : firstOfRow(lines, first, at);
  let cut = at;
  let widest = 0;
  for (let index = above + 1; index <= at; index++) {
    const gap = lines[index - 1]!.y - lines[index]!.y;
    if (gap < widest - 0.5) continue;
    widest = Math.max(widest, gap);
    cut = index;
  }
  return cut;
}

/** On a new page: lines above the first id that stand as close to it as lines of one cell do. */
function firstOfRow(lines: readonly Line[], first: number, at: number): number {
  let cut = at;
  while (cut > first && lines[cut - 1]!.y - lines[cut]!.y < lineHeight(lines[cut]!) * 1.35) cut--;
  return cut;
}

const lineHeight = ({ chunks }: Line): number => Math.max(...chunks.map(({ height }) => height), 6);

/** The last row of the document ends with its page, or with a wide gap. */
function endOf(lines: readonly Line[], at: number): number {
  let end = at + 1;
  while (
    end < lines.length &&
    lines[end]!.page === lines[at]!.page &&
    lines[end - 1]!.y - lines[end]!.y < lineHeight(lines[end]!) * 2.2
  )
    end++;
  return end;
}

/** A heading ends a row: a section with its code, or words in capitals alone. */
function untilHeading(lines: readonly Line[], at: number, last: number): number {
  for (let index = at + 1; index < last; index++) {
    const [chunk] = lines[index]!.chunks;
    const text = textOf(lines[index]!);
    const isHeading =
      /\((MPII|ALOF|AUDT|AUTH|CNFS|CSUP|DIDT|DTBK|EMRG|IGAU|MLDP|NAUT|CONN|PAUT|PLOK|RDMP|SBO?M|SAHD|SGUD|STCF|TXCF|TXIG|RMOT|OTHR)\)/i.test(
        text,
      );
    const isCapitals =
      (chunk?.text.length ?? 0) > 14 &&
      chunk!.text === chunk!.text.toUpperCase() &&
      /^[A-Z]/.test(chunk!.text);
    if (isHeading || isCapitals || /\bnotes\s*:/i.test(text)) return index;
  }
  return last;
}

function cellsOf(band: readonly Line[], zone: Zone | null, row: number): Cell[] {
  const start = band.find(opensWithId);
  if (start === undefined) return looseCells(band, row);
  const id = start.chunks[0]!;
  const columns = new Map<number, Chunk[]>();
  for (const { chunks } of band)
    for (const chunk of chunks) {
      const column = chunk === id ? 1 : columnOf(chunk, zone);
      columns.set(column, [...(columns.get(column) ?? []), chunk]);
    }
  return [...columns]
    .toSorted(([a], [b]) => a - b)
    .map(([column, chunks]) => cellOf(chunks, row, column, start.page));
}

/** Where no answer stands alone anywhere, everything is the question's. */
function columnOf({ x, width }: Chunk, zone: Zone | null): number {
  if (zone === null || x + width < zone.left - 2) return 2;
  if (x > zone.right + 2) return 4 + Math.floor((x - zone.right) / 60);
  return x >= zone.left - 12 ? 3 : 2;
}

function cellOf(chunks: readonly Chunk[], row: number, column: number, page: number): Cell {
  const text = chunks.map((chunk) => chunk.text).join(' ');
  return { row, column, text, place: `page ${page}, line ${chunks[0]!.line}` };
}

/** A line without an id: its chunks as they come. */
const looseCells = (band: readonly Line[], row: number): Cell[] =>
  band.flatMap(({ chunks, page, line }) =>
    chunks.map(({ text }, index) => ({ row, column: index + 1, text, place: `page ${page}, line ${line}` })),
  );
