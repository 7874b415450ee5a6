import { VERS_CONSTRAINTS, VERSION_TEXT } from '../limits.ts';
import { comparerOf, printVersion } from './schemes.ts';

export type Comparator = '=' | '!=' | '<' | '<=' | '>' | '>=' | '*';
export type Constraint = readonly [comparator: Comparator, version: string];

/** A range of versions (`vers:npm/>=1.0.0|<2.0.0`): its constraints in the order of their versions. */
export interface Vers {
  scheme: string;
  constraints: readonly Constraint[];
}

export type VersReading = { ok: true; vers: Vers } | { ok: false; at: number; message: string };

const refuse = (at: number, message: string): VersReading => ({ ok: false, at, message });

/** Reads a range in its canonical form only; what is another spelling of one is an error with its place. */
export function readVers(text: string): VersReading {
  const reading = readLoose(text);
  if (!reading.ok) return reading;
  const space = text.search(/\s/);
  if (space !== -1) return refuse(space, 'white space is not permitted');
  const { scheme, constraints } = reading.vers;
  if (printVers(reading.vers) !== text)
    return refuse(text.indexOf('/') + 1, 'the encoding or spelling is not canonical');
  if (scheme === 'datetime' && constraints.some(([, version]) => /[tz]/.test(version)))
    return refuse(text.indexOf('/') + 1, 'a time is written with an upper case T and Z');
  const compare = comparerOf(scheme);
  for (let index = 1; index < constraints.length; index += 1) {
    const order = compare(constraints[index - 1]![1], constraints[index]![1]);
    if (order === null || order >= 0)
      return refuse(
        text.length,
        order === null
          ? 'the versions have no order'
          : 'the constraints are not sorted by version, or not unique',
      );
  }
  return reading;
}

/** Reads a range in any order and brings it into that of its versions. */
export function normaliseVers(text: string): VersReading {
  const reading = readLoose(text.replaceAll(/\s+/g, ''));
  if (!reading.ok) return reading;
  const { scheme, constraints } = reading.vers;
  return { ok: true, vers: { scheme, constraints: sortConstraints(scheme, constraints) } };
}

/** At one version, what ends there stands before what begins there. */
const rank = (comparator: Comparator): number =>
  comparator.startsWith('<') ? 0 : comparator.startsWith('>') ? 2 : 1;

export function sortConstraints(scheme: string, constraints: readonly Constraint[]): Constraint[] {
  const compare = comparerOf(scheme);
  return [...constraints].sort(([one, a], [other, b]) => (compare(a, b) ?? 0) || rank(one) - rank(other));
}

function readLoose(text: string): VersReading {
  if (text.length > VERSION_TEXT * 10)
    return refuse(VERSION_TEXT * 10, `longer than ${VERSION_TEXT * 10} characters`);
  const head = /^vers:([a-z][a-z0-9.-]*)\//.exec(text);
  if (head === null) return refuse(0, 'expected vers:, a scheme in lower case and a slash');
  const parts = text.slice(head[0].length).split('|');
  if (parts.length > VERS_CONSTRAINTS)
    return refuse(head[0].length, `more than ${VERS_CONSTRAINTS} constraints`);
  const constraints: Constraint[] = [];
  let at = head[0].length;
  for (const part of parts) {
    const constraint = readConstraint(part, head[1]!);
    if (typeof constraint === 'string') return refuse(at, constraint);
    constraints.push(constraint);
    at += part.length + 1;
  }
  if (parts.length > 1 && constraints.some(([comparator]) => comparator === '*'))
    return refuse(head[0].length, '* stands by itself');
  return { ok: true, vers: { scheme: head[1]!, constraints } };
}

function readConstraint(part: string, scheme: string): Constraint | string {
  if (part.trim() === '') return 'a constraint is empty';
  if (part === '*') return ['*', '*'];
  const [, comparator, written] = /^(<=|>=|!=|<|>|=)?(.*)$/s.exec(part) as unknown as [
    string,
    Comparator?,
    string?,
  ];
  if (written === undefined || written === '' || /[<>=!*|]/.test(written))
    return `${part.slice(0, 60)} is no version`;
  try {
    return [comparator ?? '=', printVersion(scheme, decodeURIComponent(written))];
  } catch {
    return 'the percent-encoding of the version is not sound';
  }
}

/** Only what would be read otherwise is encoded. */
const encode = (version: string): string =>
  version.replace(/[%|<>=!*,;"'`\s/?#@\\]/g, (mark) =>
    encodeURIComponent(mark).replace(/[!'*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`),
  );

export const printVers = ({ scheme, constraints }: Vers): string =>
  `vers:${scheme}/${constraints.map(([comparator, version]) => (comparator === '*' ? '*' : `${comparator === '=' ? '' : comparator}${encode(version)}`)).join('|')}`;

/** Is the version within the range (VERS, "Checking if a version is contained")? Null where they have no order. */
export function versContains({ scheme, constraints }: Vers, version: string): boolean | null {
  if (constraints[0]?.[0] === '*') return true;
  const compare = comparerOf(scheme);
  const places = sortConstraints(scheme, constraints).map(([comparator, bound]) => ({
    comparator,
    order: compare(version, bound),
  }));
  if (places.some(({ order }) => order === null)) return null;
  const here = places.filter(({ order }) => order === 0).map(({ comparator }) => comparator);
  if (here.includes('!=')) return false;
  if (here.some((comparator) => comparator === '=' || comparator === '<=' || comparator === '>='))
    return true;
  const bounds = simplified(places.filter(({ comparator }) => comparator !== '=' && comparator !== '!='));
  if (bounds.length === 0) return places.every(({ comparator }) => comparator === '!=');
  return bounds.some((bound, index) => spans(bounds[index - 1], bound, bounds[index + 1]));
}

interface Place {
  comparator: Comparator;
  order: number | null;
}

const isUpper = (place: Place | undefined): boolean => place?.comparator.startsWith('<') === true;
const isLower = (place: Place | undefined): boolean => place?.comparator.startsWith('>') === true;

/** Of lower bounds that follow each other the first counts, of upper ones the last. */
const simplified = (places: readonly Place[]): Place[] =>
  places.filter((place, index) =>
    isLower(place) ? !isLower(places[index - 1]) : !isUpper(places[index + 1]),
  );

function spans(previous: Place | undefined, place: Place, next: Place | undefined): boolean {
  if (isUpper(place)) return !isLower(previous) && place.order! < 0;
  return place.order! > 0 && (next === undefined || next.order! < 0);
}
