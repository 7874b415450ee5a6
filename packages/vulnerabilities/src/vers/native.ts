import { type Constraint, printVers, sortConstraints } from './vers.ts';

/** Writes a range in the words of a package manager as a range of `vers`; null where it is not understood. */
export function versOfNative(scheme: string, native: string): string | null {
  const read = readers[scheme];
  if (read === undefined) return null;
  const constraints = read(native.trim());
  return constraints === null
    ? null
    : printVers({ scheme, constraints: sortConstraints(scheme, constraints) });
}

const all: Constraint = ['*', '*'];
const bounds = (text: string): Constraint[] | null => {
  const found: Constraint[] = [];
  for (const part of text.split(',')) {
    const one = /^\s*(<=|>=|!=|==|<|>|=)?\s*(\S+)\s*$/.exec(part);
    if (one === null) return null;
    found.push([one[1] === '==' ? '=' : ((one[1] ?? '=') as Constraint[0]), one[2]!]);
  }
  return found;
};

const readers: Readonly<Record<string, (text: string) => Constraint[] | null>> = {
  pypi: bounds,
  openssl: bounds,
  gem: fromGem,
  nginx: fromNginx,
  npm: fromNpm,
  nuget: fromNuget,
};

/** RubyGems: `~>2.0.8` is at least that and below the next of the place before the last. */
function fromGem(text: string): Constraint[] | null {
  const found: Constraint[] = [];
  for (const part of text.split(',')) {
    const about = /^\s*~>\s*(\d+(?:\.\d+)*)\s*$/.exec(part);
    const plain = about === null ? bounds(part) : [];
    if (plain === null) return null;
    found.push(...plain);
    if (about === null) continue;
    const numbers = about[1]!.split('.').map(Number);
    const kept = numbers.length > 1 ? numbers.slice(0, -1) : numbers;
    found.push(['>=', about[1]!], ['<', [...kept.slice(0, -1), kept.at(-1)! + 1].join('.')]);
  }
  return found;
}

/** nginx: `1.5.0+` is that and what follows; of a stable line (even second number) only within the line. */
function fromNginx(text: string): Constraint[] | null {
  const found: Constraint[] = [];
  for (const part of text.split(',').map((one) => one.trim())) {
    const [low, high] = part.split('-');
    const numbers = part.replace('+', '').split('.').map(Number);
    if (part.endsWith('+')) {
      found.push(['>=', part.slice(0, -1)]);
      if (numbers[1]! % 2 === 0) found.push(['<', `${numbers[0]}.${numbers[1]! + 1}.0`]);
    } else if (high === undefined) found.push(['=', part]);
    else found.push(['>=', low!], ['<=', high]);
  }
  return found;
}

/** NuGet: `[1.0, 2.0)`, `(,1.0]`, `1.0`. */
function fromNuget(text: string): Constraint[] | null {
  const one = /^([[(])\s*([^,[\]()]*?)\s*(?:(,)\s*([^,[\]()]*?)\s*)?([\])])$/.exec(text);
  if (one === null) return /^[\w.+-]+$/.test(text) ? [['>=', text]] : null;
  const [, open, low, comma, high, close] = one;
  if (comma === undefined) return low === '' ? null : [['=', low!]];
  return [
    ...(low === '' ? [] : [[open === '[' ? '>=' : '>', low!] as Constraint]),
    ...(high === '' ? [] : [[close === ']' ? '<=' : '<', high!] as Constraint]),
  ];
}

/** npm (node-semver): alternatives by `||`, each of comparators, carets, tildes, wildcards and hyphens. */
function fromNpm(text: string): Constraint[] | null {
  const found: Constraint[] = [];
  for (const alternative of text.split('||').map((one) => one.trim())) {
    if (/^[*xX]?$/.test(alternative)) return [all];
    const hyphen = /^(\S+)\s+-\s+(\S+)$/.exec(alternative);
    if (hyphen !== null) {
      found.push(['>=', full(hyphen[1]!)], ['<=', full(hyphen[2]!)]);
      continue;
    }
    for (const word of alternative.replaceAll(/([<>=~^])\s+/g, '$1').split(/\s+/)) {
      const constraints = fromComparator(word);
      if (constraints === null) return null;
      found.push(...constraints);
    }
  }
  return found;
}

function fromComparator(word: string): Constraint[] | null {
  const parts = /^(<=|>=|<|>|=|~|\^)?v?(\d+)(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(-[\w.-]+)?$/.exec(word);
  if (parts === null) return null;
  const [, comparator, major, minor, patch, before] = parts;
  const version = full(word.replace(/^[<>=~^]*/, ''));
  const wild = [minor, patch].some((part) => part !== undefined && !/^\d/.test(part));
  const numbers = [major, minor, patch].map((part) =>
    part !== undefined && /^\d/.test(part) ? Number(part) : null,
  );
  if (comparator === '^')
    return [
      ['>=', version],
      ['<', afterCaret(numbers)],
    ];
  // The suite's reading of a tilde with a pre-release: up to the plain version, and that one alone.
  if (comparator === '~' && before !== undefined) {
    const plain = version.replace(before, '');
    return [
      ['>=', version],
      ['<', plain],
      ['>=', plain],
      ['<', `${numbers[0]}.${numbers[1]}.${(numbers[2] ?? 0) + 1}`],
    ];
  }
  if (comparator === '~' || wild)
    return [
      ['>=', version],
      ['<', afterLine(numbers)],
    ];
  return [[(comparator ?? '=') as Constraint[0], version]];
}

/** `1.2` and `v1.2.x` are 1.2.0. */
function full(text: string): string {
  const [numbers, ...before] = text.replace(/^v/, '').split('-');
  const three = numbers!.split('.').map((part) => (/^\d+$/.test(part) ? part : '0'));
  while (three.length < 3) three.push('0');
  return [three.join('.'), ...before].join('-');
}

const afterLine = ([major, minor]: readonly (number | null)[]): string =>
  minor === null || minor === undefined ? `${major! + 1}.0.0` : `${major}.${minor + 1}.0`;

/** The first number that is not nought may not change. */
function afterCaret([major, minor, patch]: readonly (number | null)[]): string {
  if (major !== 0 || minor === null) return `${major! + 1}.0.0`;
  return minor === 0 && patch !== null ? `0.0.${patch! + 1}` : `0.${minor! + 1}.0`;
}
