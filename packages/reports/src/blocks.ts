import type { ReportBlock, ReportDocument } from '@wardline/model';

/** Rows of a table that are printed; how many more there are is said beneath. */
export const ROWS = 400;

type Section = ReportDocument['sections'][number];

export const section = (title: string, ...blocks: readonly (ReportBlock | null)[]): Section => ({
  title,
  newPage: false,
  blocks: blocks.filter((one) => one !== null),
});
export const onNewPage = (one: Section): Section => ({ ...one, newPage: true });

const text =
  (tone: 'lead' | 'plain' | 'soft' | 'warning') =>
  (words: string): ReportBlock => ({
    kind: 'text',
    tone,
    text: words,
  });
export const lead = text('lead');
export const plain = text('plain');
export const soft = text('soft');
export const warning = text('warning');

export const list = (items: readonly string[]): ReportBlock => ({
  kind: 'list',
  items: items.slice(0, ROWS),
});
export const pairs = (rows: readonly (readonly [string, string])[]): ReportBlock => ({
  kind: 'pairs',
  rows: rows.map(([label, value]) => [label, cut(value)]),
});
export const bars = (label: string, rows: readonly { label: string; count: number }[]): ReportBlock => ({
  kind: 'bars',
  label,
  rows: [...rows],
});

/** `1 device`, `4 devices`. */
export const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** A column of numbers has a `#` before its name. Where there are no rows, the words stand instead. */
export function table(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  { total = rows.length, none }: { total?: number; none: string },
): ReportBlock {
  if (rows.length === 0) return plain(none);
  const shown = rows.slice(0, ROWS);
  return {
    kind: 'table',
    columns: columns.map((label) => ({ label: label.replace(/^#/, ''), numeric: label.startsWith('#') })),
    rows: shown.map((cells) => cells.map(cut)),
    more: Math.max(0, total - shown.length),
  };
}

const LONGEST_CELL = 1000;
const cut = (value: string): string =>
  value.length > LONGEST_CELL ? `${value.slice(0, LONGEST_CELL - 1)}…` : value;

export const day = (instant: string | null): string => (instant === null ? '' : instant.slice(0, 10));
