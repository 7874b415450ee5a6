import { compareVersions, versionParts } from '../version.ts';
import { compareAlpine, compareDebian, compareRpm } from './distributions.ts';
import { compareGem, compareMaven, compareOpenssl, comparePython } from './languages.ts';
import { type Compared, compareNumbers, compareTexts, numbersOf } from './order.ts';
import { compareNuget, compareSemver, printNuget } from './semver.ts';

export type Compare = (a: string, b: string) => Compared;

/** RFC 3339, by the instant. */
function compareTimes(a: string, b: string): Compared {
  const [one, other] = [Date.parse(a), Date.parse(b)];
  return Number.isNaN(one) || Number.isNaN(other) ? null : one - other;
}

const compareDotted: Compare = (a, b) =>
  /^\d+(\.\d+)*$/.test(a) && /^\d+(\.\d+)*$/.test(b) ? compareNumbers(numbersOf(a), numbersOf(b)) : null;

/** Versions of no known scheme: numbers by value, and no answer where one says less than the other. */
const compareAny: Compare = (a, b) => {
  if (a === b) return 0;
  const order = compareVersions(versionParts(a), versionParts(b));
  return typeof order === 'number' ? order : null;
};

const comparers: Readonly<Record<string, Compare>> = {
  alpine: compareAlpine,
  alpm: compareRpm,
  apk: compareAlpine,
  datetime: compareTimes,
  deb: compareDebian,
  debian: compareDebian,
  gem: compareGem,
  intdot: compareDotted,
  lexicographic: compareTexts,
  maven: compareMaven,
  nuget: compareNuget,
  openssl: compareOpenssl,
  pypi: comparePython,
  rpm: compareRpm,
  ubuntu: compareDebian,
};

/** Schemes of packages that follow Semantic Versioning. */
const semantic = new Set(
  'cargo composer conan cocoapods docker github golang hackage hex nginx npm pub semver swift opam'.split(
    ' ',
  ),
);

/** How versions of a scheme (a type of packages or one of `vers`) are ordered. */
export const comparerOf = (scheme: string): Compare =>
  comparers[scheme] ?? (semantic.has(scheme) ? compareSemver : compareAny);

/** The canonical spelling of a version. */
export const printVersion = (scheme: string, version: string): string =>
  scheme === 'nuget' ? printNuget(version) : version;
