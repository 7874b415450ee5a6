import { VERSION_TEXT } from '../limits.ts';
import { type Compare, comparerOf } from '../vers/schemes.ts';
import { type Comparator, type Constraint, normaliseVers, versContains } from '../vers/vers.ts';

export type Place = 'in' | 'out' | 'unknown';

/** Is a version of a scheme within one of these texts: versions, bounds (`>= 1.0 < 1.2`), `vers:…`, or every one? */
export function placeOf(scheme: string, texts: readonly string[], version: string | null): Place {
  if (texts.length === 0) return 'in';
  const places = texts.map((text) => placeIn(scheme, text.slice(0, VERSION_TEXT).trim(), version));
  if (places.includes('in')) return 'in';
  return places.includes('unknown') ? 'unknown' : 'out';
}

function placeIn(scheme: string, text: string, version: string | null): Place {
  if (/^(\*|-|all|any)?$/i.test(text)) return 'in';
  if (version === null) return 'unknown';
  if (text.startsWith('vers:')) return inVers(text, version);
  const bounds = boundsOf(text);
  if (bounds === null) return 'unknown';
  const held = bounds.map((bound) => holds(comparerFor(scheme), bound, version));
  if (held.includes(false)) return 'out';
  return held.includes(null) ? 'unknown' : 'in';
}

function inVers(text: string, version: string): Place {
  const reading = normaliseVers(text);
  const answer = reading.ok ? versContains(reading.vers, version) : null;
  return answer === null ? 'unknown' : answer ? 'in' : 'out';
}

/** Bounds that hold together; null where the text is not of bounds and versions. */
function boundsOf(text: string): Constraint[] | null {
  const bounds: Constraint[] = [];
  for (const word of text.match(/<=|>=|!=|<|>|=|,|[^\s<>=!,]+/g) ?? []) {
    const last = bounds.at(-1);
    if (word === ',') continue;
    if (/^[<>=!]/.test(word)) bounds.push([word as Comparator, '']);
    else if (last === undefined) bounds.push(['=', word]);
    else bounds[bounds.length - 1] = [last[0], last[1] === '' ? word : `${last[1]} ${word}`];
  }
  const sound = bounds.length > 0 && bounds.every(([, version]) => /\d/.test(version));
  return sound ? bounds : null;
}

function holds(compare: Compare, [comparator, bound]: Constraint, version: string): boolean | null {
  if (comparator === '>=' && /^0(\.0)*$/.test(bound)) return true;
  const order = compare(version, bound);
  if (order === null) return null;
  switch (comparator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '!=':
      return order !== 0;
    default:
      return order === 0;
  }
}

/** A part states its whole version: `1.2` is 1.2.0 where no scheme says otherwise. */
function comparerFor(scheme: string): Compare {
  const own = comparerOf(scheme);
  const dotted = comparerOf('intdot');
  return (a, b) => own(a, b) ?? dotted(a, b);
}

/** The original's version within that of a distribution's package: no epoch, no revision, no mark of a repackaging. */
export const upstreamVersion = (version: string): string =>
  version
    .replace(/^\d+:/, '')
    .replace(/-[^-]*$/, '')
    .replace(/[+~](dfsg|ds|repack|really)[^-]*$/, '');
