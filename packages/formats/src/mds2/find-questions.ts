import { FORM_IDS } from '../limits.ts';
import type { Cell } from '../spreadsheet/sheet.ts';
import { type Mds2Edition, type Mds2Warning, questionsOf } from './form.ts';
import type { Grid } from './grid.ts';
import { codesLike, orderOf, type PrintedId, printed2013, printed2019 } from './ids.ts';

/** A row that asks a question. */
export interface Question {
  /** As the standard writes it. */
  id: string;
  cell: Cell;
  rest: string;
}

interface Hit {
  cell: Cell;
  printed: PrintedId;
  /** What it can mean; none where its number is no question of the edition. */
  candidates: string[];
  /** Whether it stands there as the standard writes it. */
  isExact: boolean;
}

/** Fewer than these are something else that happens to look like ids. */
const LEAST = 5;

/** Which edition the sheets are of, by the ids in them; null where they are no form. */
export function editionOf(grids: readonly Grid[]): Mds2Edition | null {
  const counts = (['2019', '2013'] as const).map((edition) => ({
    edition,
    count: new Set(grids.flatMap((grid) => hitsOf(grid, edition).flatMap((hit) => hit.candidates))).size,
  }));
  const best = counts.toSorted((a, b) => b.count - a.count)[0]!;
  return best.count >= LEAST ? best.edition : null;
}

/** The questions of a sheet in its order, their ids put right where one reading alone fits, with a warning each. */
export function questionsIn(
  grid: Grid,
  edition: Mds2Edition,
  warn: (warning: Mds2Warning) => void,
): Question[] {
  const hits = inColumns(hitsOf(grid, edition));
  const settled = hits.map((hit, index) => settle(hit, hits, index));
  placeBySequence(hits, settled, edition);
  return hits.flatMap((hit, index) => {
    const id = settled[index]!;
    explain(hit, id, warn);
    return id === null ? [] : [{ id, cell: hit.cell, rest: hit.printed.rest }];
  });
}

function hitsOf(grid: Grid, edition: Mds2Edition): Hit[] {
  const hits: Hit[] = [];
  for (const row of grid.rows) {
    const hit = row
      .slice(0, 4)
      .map((cell) => hitOf(cell, edition))
      .find((found) => found !== null);
    if (hit) hits.push(hit);
    if (hits.length >= FORM_IDS) break;
  }
  return hits;
}

function hitOf(cell: Cell, edition: Mds2Edition): Hit | null {
  const printed = edition === '2019' ? printed2019(cell.text) : printed2013(cell.text);
  if (printed === null) return null;
  const known = questionsOf(edition);
  const all =
    edition === '2019'
      ? codesLike(printed.code).map((code) => `${code}-${printed.number}`)
      : [printed.number];
  if (all.length === 0) return null;
  const candidates = all.filter((id) => Object.hasOwn(known, id));
  const isExact =
    candidates.length === 1 && printed.printed.replace(/[\s:.)]+$/, '').startsWith(candidates[0]!);
  return { cell, printed, candidates, isExact };
}

/** What only resembles an id counts in the columns in which ids stand. */
function inColumns(hits: readonly Hit[]): Hit[] {
  const columns = new Map<number, number>();
  const hasExact = hits.some(({ isExact }) => isExact);
  for (const { cell, isExact } of hits)
    if (isExact || !hasExact) columns.set(cell.column, (columns.get(cell.column) ?? 0) + 1);
  const most = Math.max(0, ...columns.values());
  return hits.filter(
    ({ cell, isExact }) => isExact || (columns.get(cell.column) ?? 0) >= Math.max(1, most / 10),
  );
}

/** A code that can be two is the one of its neighbours. */
function settle(hit: Hit, hits: readonly Hit[], index: number): string | null {
  if (hit.candidates.length < 2) return hit.candidates[0] ?? null;
  const near = [hits[index - 1], hits[index + 1]].flatMap((other) =>
    other?.candidates.length === 1 ? [sectionCode(other.candidates[0]!)] : [],
  );
  const fitting = hit.candidates.filter((id) => near.includes(sectionCode(id)));
  return fitting.length === 1 ? fitting[0]! : null;
}

const sectionCode = (id: string): string => id.slice(0, id.indexOf('-'));

/**
 * Wrong or repeated ids between two questions that enclose exactly as many others, which are nowhere else, are those. A form is
 * filled in from top to bottom, so nothing else fits.
 */
function placeBySequence(hits: readonly Hit[], settled: (string | null)[], edition: Mds2Edition): void {
  const ids = orderOf(edition);
  const isPresent = new Set(hits.flatMap((hit, index) => (hit.isExact ? [settled[index]!] : [])));
  const repeated = repeats(settled);
  let previous = -1;
  for (let index = 0; index < settled.length; index++) {
    if (settled[index] !== null && !repeated.has(index)) previous = index;
    else if (previous === index - 1 && previous >= 0) {
      let next = index;
      while (next < settled.length && (settled[next] === null || repeated.has(next))) next++;
      const from = ids.indexOf(settled[previous]!) + 1;
      const enclosed = ids.slice(from, Math.max(from, ids.indexOf(settled[next] ?? '')));
      if (enclosed.length === next - index && enclosed.every((id) => !isPresent.has(id)))
        settled.splice(index, enclosed.length, ...enclosed);
    }
  }
}

function repeats(settled: readonly (string | null)[]): Set<number> {
  const seen = new Set<string>();
  const repeated = new Set<number>();
  for (const [index, id] of settled.entries()) {
    if (id !== null && seen.has(id)) repeated.add(index);
    if (id !== null) seen.add(id);
  }
  return repeated;
}

function explain(
  { cell, printed, candidates, isExact }: Hit,
  id: string | null,
  warn: (w: Mds2Warning) => void,
) {
  const say = (message: string) => warn({ place: cell.place, message });
  if (id === null)
    say(
      candidates.length > 1
        ? `"${printed.printed}" can be ${candidates.join(' or ')}; it was not read`
        : `"${printed.printed}" is no question of this form; it was not read`,
    );
  else if (!candidates.includes(id))
    say(
      candidates.length === 0
        ? `"${printed.printed}" is no question of this form; by its place it is ${id}`
        : `"${printed.printed}" stands here again; by its place it is ${id}`,
    );
  else if (!isExact) say(`"${printed.printed}" was read as ${id}`);
}
