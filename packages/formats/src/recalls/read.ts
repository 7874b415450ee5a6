import { parseTree, treesOf } from '../advisories/tree.ts';
import { RECALL_CHARS, RECALL_FAULTS, RECALL_RECORDS } from '../limits.ts';
import { readNotices } from './notices.ts';
import { readOpenFda } from './openfda.ts';
import type { Recall, RecallFault, RecallFile } from './recall.ts';

/**
 * Recalls of a file: an answer or download of openFDA (`device/recall`, `device/enforcement`) as JSON, or a table of field safety notices
 * as CSV. A faulty record is left out and named with its place.
 */
export function readRecalls(text: string): RecallFile {
  if (text.length > RECALL_CHARS) return refused('', `longer than ${RECALL_CHARS} characters`);
  const isJson = /^\uFEFF?\s*[{[]/.test(text);
  const { recalls, faults } = isJson ? readJson(text) : readNotices(text);
  return { recalls: withoutTwins(recalls), faults: faults.slice(0, RECALL_FAULTS) };
}

const refused = (place: string, message: string): RecallFile => ({
  recalls: [],
  faults: [{ place, message }],
});

function readJson(text: string): RecallFile {
  const parsed = parseTree(text);
  if (!parsed.ok) return { recalls: [], faults: parsed.faults };
  const { results } = parsed.tree;
  if (!Array.isArray(results)) return refused('/results', 'expected the list of records, as openFDA has it');
  const recalls: Recall[] = [];
  const faults: RecallFault[] = [];
  for (const [index, record] of treesOf(results).slice(0, RECALL_RECORDS).entries()) {
    const read = readOpenFda(record);
    if (typeof read === 'string') faults.push({ place: `/results/${index}`, message: read });
    else recalls.push(read);
  }
  if (results.length > RECALL_RECORDS)
    faults.unshift({
      place: `/results/${RECALL_RECORDS}`,
      message: `more than ${RECALL_RECORDS} records; those from here on were not read`,
    });
  return { recalls, faults };
}

/** One number may stand in several rows, one for each product: they are told apart by a count. */
function withoutTwins(recalls: readonly Recall[]): Recall[] {
  const seen = new Map<string, number>();
  return recalls.map((one) => {
    const key = `${one.source} ${one.id}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count === 1 ? one : { ...one, id: `${one.id} (${count})` };
  });
}
