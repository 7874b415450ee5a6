import { SNIFF_CHARS } from '../limits.ts';

const candidates = [',', ';', '\t', '|'] as const;

/** Records that the guess looks at. */
const RECORDS = 20;

/**
 * Which character parts the cells: the one that occurs equally often in most of the first records, outside of
 * quotation marks; of several such, the one that makes more columns. A comma where none occurs (a single column).
 */
export function sniffDelimiter(csv: string): string {
  const counts = countByRecord(csv.slice(0, SNIFF_CHARS));
  let best: { delimiter: string; score: number } = { delimiter: ',', score: 0 };
  for (const [index, delimiter] of candidates.entries()) {
    const score = scoreOf(counts.map((record) => record[index] ?? 0));
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

/**
 * The heading decides the number of columns; records that have as many speak for the delimiter. Where a title stands above it, most
 * of the records decide, and speak half as loudly.
 */
function scoreOf(counts: number[]): number {
  const heading = counts[0] ?? 0;
  const columns = heading === 0 ? mostFrequent(counts.filter((count) => count > 0)) : heading;
  if (columns === 0) return 0;
  const agreeing = counts.filter((count) => count === columns).length;
  return ((agreeing / counts.length) * 1000 + columns) / (heading === 0 ? 2 : 1);
}

function mostFrequent(counts: readonly number[]): number {
  const often = Map.groupBy(counts, (count) => count);
  return [...often].toSorted((a, b) => b[1].length - a[1].length || b[0] - a[0])[0]?.[0] ?? 0;
}

function countByRecord(text: string): number[][] {
  const records: number[][] = [];
  let current = candidates.map(() => 0);
  let quoted = false;
  let empty = true;
  for (const char of text) {
    if (char === '"') quoted = !quoted;
    if (char === '\n' && !quoted) {
      if (!empty) records.push(current);
      if (records.length === RECORDS) return records;
      current = candidates.map(() => 0);
      empty = true;
      continue;
    }
    empty &&= char === '\r';
    const index = quoted ? -1 : candidates.indexOf(char as (typeof candidates)[number]);
    if (index >= 0) current[index] = (current[index] ?? 0) + 1;
  }
  if (!empty) records.push(current);
  return records;
}
