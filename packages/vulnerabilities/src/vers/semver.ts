import { type Compared, compareNumbers, compareTexts, numbersOf } from './order.ts';

/** Semantic Versioning 2.0.0, with what packages leave out or put before it (`v1`, `1.2`) and NuGet's fourth number. */
const pattern =
  /^[v=]?\s*(\d+(?:\.\d+){0,3})(?:[-.]?([A-Za-z][0-9A-Za-z.-]*|(?<=-)[0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]*)?$/;

interface Semantic {
  numbers: bigint[];
  before: readonly string[];
}

function readSemver(text: string): Semantic | null {
  const found = pattern.exec(text.trim());
  return found === null ? null : { numbers: numbersOf(found[1]!), before: found[2]?.split('.') ?? [] };
}

/** SemVer §11: a version with a pre-release comes before the one without; identifiers in turn, numbers before words. */
export function compareSemver(a: string, b: string): Compared {
  const [one, other] = [readSemver(a), readSemver(b)];
  if (one === null || other === null) return null;
  const order = compareNumbers(one.numbers, other.numbers);
  if (order !== 0) return order;
  if (one.before.length === 0 || other.before.length === 0)
    return Math.sign(other.before.length - one.before.length);
  return compareBefore(one.before, other.before);
}

function compareBefore(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const [one, other] = [a[index]!, b[index]!];
    const [digits, others] = [/^\d+$/.test(one), /^\d+$/.test(other)];
    if (digits !== others) return digits ? -1 : 1;
    const order = digits ? compareNumbers([BigInt(one)], [BigInt(other)]) : compareTexts(one, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** NuGet compares the words of pre-releases without regard to their case. */
export const compareNuget = (a: string, b: string): Compared =>
  compareSemver(a.toLowerCase(), b.toLowerCase());

/** NuGet's spelling: the pre-release in lower case, what is built from as it stands. */
export const printNuget = (text: string): string =>
  text.replace(/^[^+]*/, (version) => version.toLowerCase());
