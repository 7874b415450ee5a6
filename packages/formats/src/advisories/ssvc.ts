import { parse } from 'csv-parse/sync';
import { SSVC_CHARS, SSVC_ROWS } from '../limits.ts';
import type { AdvisoryFault } from './advisory.ts';
import { parseTree, refuse, type Tree, textOf, treeOf, treesOf } from './tree.ts';

/** A decision point: its values in words, lower case, in the order of the table. */
export interface DecisionPoint {
  name: string;
  version: string;
  values: readonly string[];
}

/** A decision table of SSVC: for every combination of values one outcome. */
export interface DecisionTable {
  name: string;
  points: readonly DecisionPoint[];
  outcome: DecisionPoint;
  rows: readonly { values: readonly string[]; outcome: string }[];
}

export type SsvcReading =
  | { ok: true; table: DecisionTable }
  | { ok: false; faults: readonly AdvisoryFault[] };

/** Reads a decision table as SSVC publishes it, CSV or JSON. It has to decide every combination, and each once. */
export function readSsvc(text: string): SsvcReading {
  if (text.length > SSVC_CHARS) return refuse('', `longer than ${SSVC_CHARS} characters`);
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const reading = plain.trimStart().startsWith('{') ? readJson(plain) : readCsvTable(plain);
  if (!reading.ok) return reading;
  const fault = incomplete(reading.table);
  return fault === null ? reading : refuse(fault.place, fault.message);
}

const heading = /^(.{1,100}?) v(\d{1,4}(?:\.\d{1,4}){0,2})(?: \([a-z0-9./#-]{1,60}\))?$/;

function readCsvTable(text: string): SsvcReading {
  let lines: string[][];
  try {
    lines = parse(text, { skip_empty_lines: true, to: SSVC_ROWS + 2, max_record_size: 10_000 });
  } catch (error) {
    return refuse('', `not CSV: ${(error as Error).message.slice(0, 200)}`);
  }
  const [head = [], ...body] = lines;
  if (head[0] !== 'row' || head.length < 3)
    return refuse('line 1', 'expected row, decision points and an outcome');
  if (body.length > SSVC_ROWS) return refuse(`line ${SSVC_ROWS + 2}`, `more than ${SSVC_ROWS} rows`);
  const columns: DecisionPoint[] = [];
  for (const [index, title] of head.slice(1).entries()) {
    const named = heading.exec(title);
    if (named === null) return refuse('line 1', `expected "name vN.N.N" in column ${index + 2}`);
    const values = [...new Set(body.map((line) => (line[index + 1] ?? '').toLowerCase()))];
    columns.push({ name: named[1]!, version: named[2]!, values });
  }
  const rows = body.map((line) => line.slice(1).map((value) => value.toLowerCase()));
  return { ok: true, table: tableOf(columns.at(-1)!.name, columns, rows) };
}

const tableOf = (name: string, columns: DecisionPoint[], rows: string[][]): DecisionTable => ({
  name,
  points: columns.slice(0, -1),
  outcome: columns.at(-1)!,
  rows: rows.map((row) => ({ values: row.slice(0, -1), outcome: row.at(-1)! })),
});

function readJson(text: string): SsvcReading {
  const parsed = parseTree(text);
  if (!parsed.ok) return parsed;
  const { tree } = parsed;
  const points = treeOf(tree.decision_points);
  const last = textOf(tree.outcome) ?? '';
  if (!Object.hasOwn(points, last)) return refuse('/outcome', 'expected the key of a decision point');
  const keys = [...Object.keys(points).filter((key) => key !== last), last];
  const columns: DecisionPoint[] = [];
  for (const key of keys) {
    const point = pointOf(treeOf(points[key]));
    if (point === null) return refuse(`/decision_points/${key}`, 'expected name, version and values');
    columns.push(point);
  }
  const words = keys.map((key) => wordsOf(treeOf(points[key])));
  const mapping = treesOf(tree.mapping);
  if (mapping.length > SSVC_ROWS) return refuse('/mapping', `more than ${SSVC_ROWS} rows`);
  const rows: string[][] = [];
  for (const [index, row] of mapping.entries()) {
    const values = keys.map((key, column) => words[column]!.get(textOf(row[key]) ?? ''));
    const missing = values.indexOf(undefined);
    if (missing !== -1)
      return refuse(`/mapping/${index}/${keys[missing]}`, 'expected a value of the decision point');
    rows.push(values as string[]);
  }
  return { ok: true, table: tableOf(columns.at(-1)!.name, columns, rows) };
}

function pointOf(point: Tree): DecisionPoint | null {
  const name = textOf(point.name);
  const version = textOf(point.version);
  const values = [...wordsOf(point).values()];
  return name === null || version === null || values.length === 0 ? null : { name, version, values };
}

const wordsOf = (point: Tree): Map<string, string> =>
  new Map(
    treesOf(point.values).flatMap((value) => {
      const [key, name] = [textOf(value.key), textOf(value.name)];
      return key === null || name === null ? [] : [[key, name.toLowerCase()]];
    }),
  );

/** Null where each combination of values occurs once. */
function incomplete({ points, rows }: DecisionTable): AdvisoryFault | null {
  const seen = new Map<string, number>();
  for (const [index, { values, outcome }] of rows.entries()) {
    if (values.length !== points.length || values.includes('') || outcome === '')
      return { place: `row ${index}`, message: 'expected a value in every column' };
    const key = values.join('\n');
    const first = seen.get(key);
    if (first !== undefined) return { place: `row ${index}`, message: `decides what row ${first} decides` };
    seen.set(key, index);
  }
  const wanted = points.reduce((product, point) => product * point.values.length, 1);
  return rows.length > 0 && seen.size === wanted
    ? null
    : { place: '', message: `decides ${seen.size} of ${wanted} combinations` };
}
