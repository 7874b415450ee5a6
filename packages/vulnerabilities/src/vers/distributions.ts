import { type Compared, compareNumbers, compareTexts } from './order.ts';

/** Debian policy §5.6.12: epoch, upstream version, revision. */
export function compareDebian(a: string, b: string): Compared {
  const [one, other] = [partsOf(a), partsOf(b)];
  if (one === null || other === null) return null;
  return (
    compareNumbers([one.epoch], [other.epoch]) ||
    compareRuns(one.upstream, other.upstream) ||
    compareRuns(one.revision, other.revision)
  );
}

interface Packaged {
  epoch: bigint;
  upstream: string;
  revision: string;
}

function partsOf(text: string): Packaged | null {
  const found = /^(?:(\d+):)?([A-Za-z0-9.+~:^_-]+)$/.exec(text.trim());
  if (found === null) return null;
  const rest = found[2]!;
  const dash = rest.lastIndexOf('-');
  const epoch = BigInt(found[1] ?? 0);
  return dash === -1
    ? { epoch, upstream: rest, revision: '' }
    : { epoch, upstream: rest.slice(0, dash), revision: rest.slice(dash + 1) };
}

/** Runs of other characters and of digits in turn; a tilde comes before the end, letters before other marks. */
function compareRuns(a: string, b: string): number {
  const [one, other] = [runsOf(a), runsOf(b)];
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const order =
      index % 2 === 0
        ? compareMarks(one[index] ?? '', other[index] ?? '')
        : compareNumbers([BigInt(one[index] || 0)], [BigInt(other[index] || 0)]);
    if (order !== 0) return order;
  }
  return 0;
}

/** Even places hold other characters (perhaps none), odd ones digits. */
const runsOf = (text: string): string[] => text.split(/(\d+)/);

function compareMarks(a: string, b: string): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const order = weight(a[index]) - weight(b[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function weight(mark: string | undefined): number {
  if (mark === '~') return -1;
  if (mark === undefined) return 0;
  return /[A-Za-z]/.test(mark) ? mark.charCodeAt(0) : mark.charCodeAt(0) + 256;
}

/** RPM: epoch, version, release. Where one names no release, it means every one. */
export function compareRpm(a: string, b: string): Compared {
  const [one, other] = [partsOf(a), partsOf(b)];
  if (one === null || other === null) return null;
  const order = compareNumbers([one.epoch], [other.epoch]) || compareSegments(one.upstream, other.upstream);
  if (order !== 0 || one.revision === '' || other.revision === '') return order;
  return compareSegments(one.revision, other.revision);
}

/** `rpmvercmp`: digits beat letters, a tilde comes before the end and a caret after it. */
function compareSegments(a: string, b: string): number {
  const [one, other] = [segmentsOf(a), segmentsOf(b)];
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const [left, right] = [one[index], other[index]];
    const [l, r] = [rankOf(left), rankOf(right)];
    if (l !== r) return l - r;
    const order =
      l === 3 ? compareNumbers([BigInt(left!)], [BigInt(right!)]) : compareTexts(left ?? '', right ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

const segmentsOf = (text: string): string[] => text.match(/\d+|[A-Za-z]+|~|\^/g) ?? [];

function rankOf(segment: string | undefined): number {
  if (segment === '~') return -1;
  if (segment === undefined) return 0;
  if (segment === '^') return 1;
  return /^\d/.test(segment) ? 3 : 2;
}

const suffixes = ['alpha', 'beta', 'pre', 'rc', '', 'cvs', 'svn', 'git', 'hg', 'p'];
const apk = /^(\d+(?:\.\d+)*)([a-z]?)((?:_[a-z]+\d*)*)(?:-r(\d+))?$/;

/** Alpine (apk-tools): numbers, a letter, suffixes before or after the plain version, the build. */
export function compareAlpine(a: string, b: string): Compared {
  const [one, other] = [apk.exec(a.trim()), apk.exec(b.trim())];
  if (one === null || other === null) return null;
  const numbers = (text: string) => text.split('.').map((part) => BigInt(part));
  return (
    compareNumbers(numbers(one[1]!), numbers(other[1]!)) ||
    compareTexts(one[2]!, other[2]!) ||
    compareSuffixes(one[3]!, other[3]!) ||
    compareNumbers([BigInt(one[4] ?? 0)], [BigInt(other[4] ?? 0)])
  );
}

function compareSuffixes(a: string, b: string): number {
  const read = (text: string) => (text.match(/[a-z]+\d*/g) ?? []).map((one) => /^([a-z]+)(\d*)$/.exec(one)!);
  const [one, other] = [read(a), read(b)];
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const rank = (found: RegExpExecArray | undefined) => suffixes.indexOf(found?.[1] ?? '');
    const order =
      rank(one[index]) - rank(other[index]) ||
      compareNumbers([BigInt(one[index]?.[2] || 0)], [BigInt(other[index]?.[2] || 0)]);
    if (order !== 0) return order;
  }
  return 0;
}
