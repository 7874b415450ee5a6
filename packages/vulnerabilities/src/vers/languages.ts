import { type Compared, compareNumbers, compareTexts, numbersOf } from './order.ts';

const pep440 =
  /^\s*v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*$/i;

const stages: Readonly<Record<string, number>> = {
  a: 1,
  alpha: 1,
  b: 2,
  beta: 2,
  c: 3,
  rc: 3,
  pre: 3,
  preview: 3,
};

/** PEP 440: epoch, release, then development, pre-release, the plain one, and what came after it. */
export function comparePython(a: string, b: string): Compared {
  const [one, other] = [pep440.exec(a), pep440.exec(b)];
  if (one === null || other === null) return null;
  return (
    compareNumbers(pythonKey(one).slice(0, 1), pythonKey(other).slice(0, 1)) ||
    compareNumbers(numbersOf(one[2]!), numbersOf(other[2]!)) ||
    compareNumbers(pythonKey(one).slice(1), pythonKey(other).slice(1)) ||
    compareLocal(one[10], other[10])
  );
}

function pythonKey([
  ,
  epoch,
  ,
  stage,
  number,
  implicit,
  post,
  postNumber,
  dev,
  devNumber,
]: RegExpExecArray): bigint[] {
  const after = implicit !== undefined || post !== undefined;
  const rank = stage !== undefined ? (stages[stage.toLowerCase()] ?? 3) : dev !== undefined && !after ? 0 : 4;
  return [
    BigInt(epoch ?? 0),
    BigInt(rank),
    BigInt(number || 0),
    after ? BigInt(implicit ?? (postNumber || 0)) + 1n : 0n,
    dev === undefined ? 1n : 0n,
    BigInt(devNumber || 0),
  ];
}

function compareLocal(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return (a === undefined ? 0 : 1) - (b === undefined ? 0 : 1);
  const [one, other] = [a.toLowerCase().split(/[-_.]/), b.toLowerCase().split(/[-_.]/)];
  for (let index = 0; index < Math.min(one.length, other.length); index += 1) {
    const order = numbersFirst(one[index]!, other[index]!, 1);
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

/** `sign` 1: numbers come after words; -1: before them. */
function numbersFirst(a: string, b: string, sign: 1 | -1): number {
  const [one, other] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (one !== other) return one ? sign : -sign;
  return one ? compareNumbers([BigInt(a)], [BigInt(b)]) : compareTexts(a, b);
}

/** RubyGems: segments of digits and letters; a word comes before a number, and so before the plain version. */
export function compareGem(a: string, b: string): Compared {
  const valid = /^\s*[0-9]+(\.[0-9a-zA-Z]+)*(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?\s*$/;
  if (!valid.test(a) || !valid.test(b)) return null;
  const [one, other] = [gemSegments(a), gemSegments(b)];
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const order = numbersFirst(one[index] ?? '0', other[index] ?? '0', 1);
    if (order !== 0) return order;
  }
  return 0;
}

const gemSegments = (text: string): string[] =>
  text
    .trim()
    .replaceAll('-', '.pre.')
    .match(/\d+|[a-z]+/gi) ?? [];

const qualifiers = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'];
const aliases: Readonly<Record<string, string>> = {
  a: 'alpha',
  b: 'beta',
  m: 'milestone',
  cr: 'rc',
  ga: '',
  final: '',
  release: '',
};

interface MavenToken {
  separator: '.' | '-';
  value: string;
}

/** Maven (POM reference, "Version Order Specification"). */
export function compareMaven(a: string, b: string): Compared {
  const [one, other] = [mavenTokens(a), mavenTokens(b)];
  // What has neither a word nor a number is no version.
  if (one.length === 0 || other.length === 0) return null;
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const order = compareTokens(one[index] ?? padding(other[index]!), other[index] ?? padding(one[index]!));
    if (order !== 0) return order;
  }
  return 0;
}

const padding = ({ separator, value }: MavenToken): MavenToken => ({
  separator,
  value: /^\d/.test(value) ? '0' : '',
});

function mavenTokens(text: string): MavenToken[] {
  const tokens: MavenToken[] = [];
  const plain = text.trim().toLowerCase();
  for (const found of plain.matchAll(/([.\-_]?)(\d+|[^\d.\-_]+)/g)) {
    const separator =
      found[1] === '' && tokens.length > 0 ? '-' : found[1] === '-' || found[1] === '_' ? '-' : '.';
    const [word, next] = [found[2]!, plain[found.index + found[0].length] ?? ''];
    const short = word.length === 1 && /\d/.test(next);
    const known = short || word.length > 1 ? (aliases[word] ?? word) : word;
    tokens.push({ separator, value: /^\d/.test(word) ? `${BigInt(word)}` : known });
  }
  return trimmed(tokens);
}

/** Empty values at the end of a part between hyphens mean nothing. */
function trimmed(tokens: readonly MavenToken[]): MavenToken[] {
  const kept: MavenToken[] = [];
  for (const [index, token] of tokens.entries()) {
    const rest = tokens.slice(index);
    const ends = rest.findIndex((other, at) => at > 0 && (other.separator === '-' || !isNull(other)));
    const nextIsPart = ends === -1 || rest[ends]!.separator === '-';
    if (isNull(token) && index > 0 && nextIsPart) continue;
    kept.push(token);
  }
  return kept;
}

const isNull = ({ value }: MavenToken): boolean => value === '0' || value === '';

function compareTokens(a: MavenToken, b: MavenToken): number {
  const [one, other] = [classOf(a), classOf(b)];
  if (one !== other) return one - other;
  if (/^\d/.test(a.value)) return compareNumbers([BigInt(a.value)], [BigInt(b.value)]);
  const [left, right] = [qualifiers.indexOf(a.value), qualifiers.indexOf(b.value)];
  if (left === -1 && right === -1) return compareTexts(a.value, b.value);
  return (left === -1 ? qualifiers.length : left) - (right === -1 ? qualifiers.length : right);
}

/** `-word` and `.word` before `-number` before `.number`. */
const classOf = ({ separator, value }: MavenToken): number =>
  /^\d/.test(value) ? (separator === '-' ? 1 : 2) : 0;

/** OpenSSL up to 1.1.1 counts its patches by letters, `za` after `z`; from 3.0 on it is semantic. */
export function compareOpenssl(a: string, b: string): Compared {
  const pattern = /^(\d+(?:\.\d+)*)([a-z]*)(?:-?((?:alpha|beta|pre|dev|rc)[0-9a-z.-]*))?$/i;
  const [one, other] = [pattern.exec(a.trim()), pattern.exec(b.trim())];
  if (one === null || other === null) return null;
  const before = (text: string | undefined) => (text === undefined ? '~' : text.toLowerCase());
  return (
    compareNumbers(numbersOf(one[1]!), numbersOf(other[1]!)) ||
    compareTexts(one[2]!, other[2]!) ||
    compareTexts(before(one[3]), before(other[3]))
  );
}
