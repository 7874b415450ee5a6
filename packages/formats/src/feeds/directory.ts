import { parse } from 'csv-parse/sync';
import { refuse } from '../advisories/tree.ts';
import { FEED_CHARS, FEED_ENTRIES, FEED_PATH } from '../limits.ts';
import type { FeedEntry, FeedReading } from './feed.ts';

/** Reads `changes.csv` of a CSAF directory (§7.1.13): path and time of the last change, without a heading. */
export function readChanges(text: string): FeedReading {
  if (text.length > FEED_CHARS) return refuse('', `longer than ${FEED_CHARS} characters`);
  let lines: string[][];
  try {
    lines = parse(text, { bom: true, skip_empty_lines: true, to: FEED_ENTRIES + 1, max_record_size: 10_000 });
  } catch (error) {
    return refuse('', `not CSV: ${(error as Error).message.slice(0, 200)}`);
  }
  const entries: FeedEntry[] = [];
  for (const [index, [path = '', updated = '', ...more]] of lines.entries()) {
    const place = `line ${index + 1}`;
    if (more.length > 0 || Number.isNaN(Date.parse(updated)))
      return refuse(place, 'expected a path and a date-time');
    const read = entryOf(path, updated, place);
    if ('faults' in read) return read;
    entries.push(read);
  }
  return within(entries);
}

/** Reads `index.txt` of a CSAF directory (§7.1.12): a path a line. */
export function readIndex(text: string): FeedReading {
  if (text.length > FEED_CHARS) return refuse('', `longer than ${FEED_CHARS} characters`);
  const entries: FeedEntry[] = [];
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split('\n', FEED_ENTRIES + 2)
    .entries()) {
    const path = line.trim();
    if (path === '') continue;
    const read = entryOf(path, null, `line ${index + 1}`);
    if ('faults' in read) return read;
    entries.push(read);
  }
  return within(entries);
}

const within = (entries: readonly FeedEntry[]): FeedReading =>
  entries.length > FEED_ENTRIES
    ? refuse(`line ${FEED_ENTRIES + 1}`, `more than ${FEED_ENTRIES} documents`)
    : { ok: true, entries };

function entryOf(path: string, updated: string | null, place: string): FeedEntry | ReturnType<typeof refuse> {
  if (!isPathBelow(path)) return refuse(place, 'expected the path of a .json file below the directory');
  return { location: path, updated, hashes: [`${path}.sha512`, `${path}.sha256`], signature: `${path}.asc` };
}

/** A path of plain names that leads nowhere else: hostile directories name what lies above them. */
export const isPathBelow = (path: string): boolean =>
  path.length <= FEED_PATH &&
  path.endsWith('.json') &&
  path.split('/').every((part) => /^[\w][\w.+~@-]*$/.test(part) && part !== '..');
