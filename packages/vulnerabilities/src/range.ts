import { VERSION_ALTERNATIVES, VERSION_TEXT } from './limits.ts';
import { compareVersions, reportedVersion, versionParts } from './version.ts';

type Comparator = '<' | '<=' | '>' | '>=' | '=' | '!=';
interface Bound {
  comparator: Comparator;
  version: string;
}
/** Bounds of one range hold together. */
type Range = readonly Bound[];

/** Which versions a text means. */
export type VersionSet =
  | { kind: 'all' }
  | { kind: 'ranges'; ranges: readonly Range[]; of: 'version' | 'serial'; condition: string | null }
  | { kind: 'unreadable'; text: string };

export type Containment = 'in' | 'out' | 'above' | 'unknown';

const before = new Set(['prior', 'before', 'earlier', 'below', 'older', 'lower', 'under']);
const after = new Set(['later', 'newer', 'higher', 'above', 'onwards', 'onward', 'after', 'greater']);
const until = new Set(['through', 'thru', 'until', 'up', 'to', '-', '–']);
const undated = /^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*$|^distributed$|^manufactured$/;
const markers = new Set(['patch', 'sp', 'hotfix', 'update', 'build']);

/** Reads a version, a list, a range or a phrase (`prior to 2.3`, `2.0 through 3.1`, `vers:generic/>=1|<2`). */
export function readVersions(text: string): VersionSet {
  const plain = text
    .slice(0, VERSION_TEXT)
    .trim()
    .toLowerCase()
    .replace(/^vers:[a-z0-9.+-]+\//, '');
  if (plain === '' || plain === '*' || plain === '-' || /^(all|any)( versions?)?( \*)?$/.test(plain))
    return { kind: 'all' };
  const serial = plain.includes('serial');
  const condition = conditionOf(plain);
  const bounds = boundsOf(wordsOf(condition === null ? plain : plain.slice(0, plain.indexOf(condition))));
  if (bounds === null || bounds.length === 0 || bounds.length > VERSION_ALTERNATIVES)
    return { kind: 'unreadable', text: text.slice(0, 120) };
  return { kind: 'ranges', ranges: joined(bounds), of: serial ? 'serial' : 'version', condition };
}

/** What follows `(with …` or `model …` narrows the range by something else than the version. */
function conditionOf(text: string): string | null {
  const place = text.search(/\(\s*(with|wireless|if|when|only)|\bmodel\b|\bwith\b/);
  return place > 0 ? text.slice(place) : null;
}

function wordsOf(text: string): string[] {
  return (
    text
      .replaceAll('≤', '<=')
      .replaceAll('≥', '>=')
      .replace(/[()]/g, ' ')
      .match(/<=|>=|!=|<|>|=|\||[^\s<>=|!,;]+|,|;/g) ?? []
  );
}

/** A number, letters with one, a single letter, or a wildcard within it. */
const isVersion = (word: string): boolean => /\d/.test(word) || /^[a-z]$/.test(word);
const isComparator = (word: string): word is Comparator => /^(<=|>=|!=|<|>|=)$/.test(word);

interface Scan {
  bounds: Bound[];
  comparator: Comparator | null;
  /** The interval's beginning: `between A and B`, `A through B`. */
  spans: boolean;
}

/** Walks the words; null where one of them is not understood. */
function boundsOf(words: readonly string[]): Bound[] | null {
  const scan: Scan = { bounds: [], comparator: null, spans: false };
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index]!;
    if (undated.test(word)) return null;
    if (isComparator(word)) scan.comparator = word;
    else if (markers.has(word) && isVersion(words[index + 1] ?? '') && scan.bounds.length > 0) {
      const last = scan.bounds.pop()!;
      scan.bounds.push({ ...last, version: `${last.version} ${word} ${words[++index]}` });
    } else if (isVersion(word) && !(word === 'v' && isVersion(words[index + 1] ?? '')))
      takeVersion(scan, word);
    else takeWord(scan, word, words[index - 1] ?? '');
  }
  return scan.bounds;
}

function takeVersion(scan: Scan, word: string): void {
  const version = word.replace(/[.:]+$/, '');
  const digits = scan.comparator === '<=' || scan.comparator === '>' ? '9' : '0';
  const glued = scan.comparator === null ? version : version.replace(/(\d)x\b/g, `$1${digits}`);
  scan.bounds.push({ comparator: scan.comparator ?? '=', version: glued });
  scan.comparator = null;
}

/** Phrases set the comparator of what follows, or mend that of what came before. */
function takeWord(scan: Scan, word: string, previous: string): void {
  const last = scan.bounds.at(-1);
  const follows = last !== undefined && /^(and|or|\|?|,|inclusive)$/.test(previous);
  if (word === 'excluding' || word === 'exclusive') swapLast(scan, { '<=': '<', '>=': '>' });
  else if (word === 'including' || word === 'inclusive') swapLast(scan, { '<': '<=', '>': '>=' });
  else if (before.has(word)) {
    if (follows && last.comparator === '=') swapLast(scan, { '=': '<=' });
    else scan.comparator ??= '<';
  } else if (after.has(word)) {
    if (last !== undefined && last.comparator === '=') swapLast(scan, { '=': '>=' });
    else scan.comparator ??= word === 'after' || word === 'later' || word === 'newer' ? '>' : '>=';
  } else if (word === 'between' || word === 'from' || word === 'starting') {
    scan.comparator = '>=';
    scan.spans = true;
  } else if (until.has(word) && scan.comparator === null) {
    if (last?.comparator === '=') swapLast(scan, { '=': '>=' });
    scan.comparator = '<=';
  } else if (word === 'and' && scan.spans) scan.comparator = '<=';
}

function swapLast(scan: Scan, swaps: Partial<Record<Comparator, Comparator>>): void {
  const last = scan.bounds.pop();
  if (last !== undefined)
    scan.bounds.push({ ...last, comparator: swaps[last.comparator] ?? last.comparator });
}

const isLower = (bound: Bound | undefined): boolean =>
  bound?.comparator === '>' || bound?.comparator === '>=';
const isUpper = (bound: Bound | undefined): boolean =>
  bound?.comparator === '<' || bound?.comparator === '<=';

/** A lower bound and the upper one that follows are one range; all else are alternatives. */
function joined(bounds: readonly Bound[]): Range[] {
  const ranges: Range[] = [];
  for (let index = 0; index < bounds.length; index += 1) {
    const [bound, next] = [bounds[index]!, bounds[index + 1]];
    if (isLower(bound) && next !== undefined && isUpper(next)) {
      ranges.push([bound, next]);
      index += 1;
    } else ranges.push([bound]);
  }
  return ranges;
}

/** Is the version that a device reports within the set? `above`: it is beyond everything that the set names. */
export function contains(set: VersionSet, reported: string | null): Containment {
  if (set.kind === 'all') return 'in';
  if (set.kind === 'unreadable' || reported === null || reported.trim() === '') return 'unknown';
  const all = set.ranges.map((range) => within(range, reportedVersion(reported)));
  // A range of another line of releases says nothing of this one, where a range of its own line is there.
  const own = all.filter((answer) => answer !== 'foreign');
  const answers: Containment[] = own.length > 0 ? own : ['unknown'];
  if (answers.includes('in')) return set.condition === null ? 'in' : 'unknown';
  if (answers.includes('unknown')) return 'unknown';
  const exact = set.ranges.every((range) => range.every((bound) => bound.comparator === '='));
  if (!exact) return answers.every((answer) => answer === 'above') ? 'above' : 'out';
  return answers.every((answer) => answer === 'above') ? 'above' : 'unknown';
}

type Answer = Containment | 'foreign';

function within(range: Range, reported: string): Answer {
  const answers = range.map((bound) => holds(bound, reported));
  if (answers.includes('foreign')) return 'foreign';
  if (answers.includes('above')) return 'above';
  if (answers.includes('out')) return 'out';
  return answers.includes('unknown') ? 'unknown' : 'in';
}

/** One bound. Where the device says less than the bound asks for, or the bound less than the device, it stays open. */
function holds({ comparator, version }: Bound, reported: string): Answer {
  const bound = versionParts(version);
  const order = compareVersions(versionParts(reported), bound);
  if (order === null) return 'foreign';
  if (order === 'b-shorter') {
    const family = bound.includes('x');
    if (comparator === '>=' || ((comparator === '=' || comparator === '<=') && family)) return 'in';
    return comparator === '<' ? 'above' : 'unknown';
  }
  if (order === 'a-shorter') return comparator === '<' || comparator === '<=' ? 'in' : 'unknown';
  return decided(comparator, order);
}

function decided(comparator: Comparator, order: -1 | 0 | 1): Containment {
  switch (comparator) {
    case '<':
      return order < 0 ? 'in' : 'above';
    case '<=':
      return order <= 0 ? 'in' : 'above';
    case '>':
      return order > 0 ? 'in' : 'out';
    case '>=':
      return order >= 0 ? 'in' : 'out';
    case '!=':
      return order === 0 ? 'out' : 'in';
    default:
      return order === 0 ? 'in' : order > 0 ? 'above' : 'out';
  }
}
