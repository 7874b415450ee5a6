import { ADVISORY_CHARS, EPSS_ROWS } from '../limits.ts';
import type { AdvisoryFault } from './advisory.ts';
import { parseTree, refuse, textOf, treesOf } from './tree.ts';

/** How likely it is that anybody is seen exploiting a weakness within 30 days (FIRST's EPSS). */
export interface EpssScore {
  vulnerability: string;
  /** 0 to 1. */
  probability: number;
  /** The share of all weaknesses that are no likelier, 0 to 1. */
  percentile: number;
}

export type EpssReading =
  | { ok: true; date: string; model: string; scores: readonly EpssScore[] }
  | { ok: false; faults: readonly AdvisoryFault[] };

/** Reads the scores of one day: FIRST's CSV with its heading of model and date, or an answer of its API. */
export function readEpss(text: string): EpssReading {
  if (text.length > ADVISORY_CHARS) return refuse('', `longer than ${ADVISORY_CHARS} characters`);
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return plain.trimStart().startsWith('{') ? readAnswer(plain) : readTable(plain);
}

const heading = /^#model_version:([^,\s]{1,40}),score_date:(\d{4}-\d\d-\d\d)[T\d:+Z-]*$/;

function readTable(text: string): EpssReading {
  const lines = linesOf(text);
  const named = heading.exec(lines.next().value ?? '');
  if (named === null)
    return refuse(
      'line 1',
      'expected #model_version:…,score_date:YYYY-MM-DD…; a score without its date tells nothing',
    );
  if (lines.next().value !== 'cve,epss,percentile') return refuse('line 2', 'expected cve,epss,percentile');
  const scores: EpssScore[] = [];
  let number = 2;
  for (const line of lines) {
    number += 1;
    if (line === '') continue;
    const score = scoreOf(line.split(','));
    if (score === null) return refuse(`line ${number}`, 'expected a CVE and two numbers from 0 to 1');
    scores.push(score);
    if (scores.length > EPSS_ROWS) return refuse(`line ${number}`, `more than ${EPSS_ROWS} scores`);
  }
  return { ok: true, date: named[2]!, model: named[1]!, scores };
}

/** One line after the other: the file is not held twice. */
function* linesOf(text: string): Generator<string, undefined> {
  for (let start = 0; start <= text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    yield text.slice(start, end).trimEnd();
    start = end + 1;
  }
  return undefined;
}

function readAnswer(text: string): EpssReading {
  const parsed = parseTree(text);
  if (!parsed.ok) return parsed;
  const rows = treesOf(parsed.tree.data);
  const date = /^\d{4}-\d\d-\d\d/.exec(textOf(rows[0]?.date) ?? '')?.[0];
  if (date === undefined) return refuse('/data/0/date', 'expected the date of the scores');
  const scores: EpssScore[] = [];
  for (const [index, row] of rows.entries()) {
    if (!textOf(row.date)?.startsWith(date)) return refuse(`/data/${index}/date`, 'expected the same date');
    const score = scoreOf([row.cve, row.epss, row.percentile].map((value) => textOf(value) ?? ''));
    if (score === null) return refuse(`/data/${index}`, 'expected a CVE and two numbers from 0 to 1');
    scores.push(score);
  }
  return { ok: true, date, model: textOf(parsed.tree.model_version) ?? 'not told', scores };
}

function scoreOf([vulnerability, epss, rank, ...rest]: readonly string[]): EpssScore | null {
  const probability = shareOf(epss);
  const percentile = shareOf(rank);
  if (rest.length > 0 || probability === null || percentile === null) return null;
  return /^CVE-\d{4}-\d{4,19}$/.test(vulnerability ?? '')
    ? { vulnerability: vulnerability!, probability, percentile }
    : null;
}

function shareOf(text: string | undefined): number | null {
  if (text === undefined || !/^\d(\.\d{1,20})?(e-\d{1,2})?$/i.test(text)) return null;
  const value = Number(text);
  return value <= 1 ? value : null;
}
