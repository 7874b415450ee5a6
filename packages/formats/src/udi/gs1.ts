import { dayOf, emptyUdi, type Udi, UdiError } from './udi.ts';

/** Application identifiers that stand on devices: digits of a fixed length, or characters up to a length (GS1 General Specifications §3). */
export const applicationIdentifiers: Readonly<
  Record<string, { fixed?: number; most?: number; digits?: boolean }>
> = {
  '00': { fixed: 18, digits: true },
  '01': { fixed: 14, digits: true },
  '02': { fixed: 14, digits: true },
  '10': { most: 20 },
  '11': { fixed: 6, digits: true },
  '13': { fixed: 6, digits: true },
  '15': { fixed: 6, digits: true },
  '16': { fixed: 6, digits: true },
  '17': { fixed: 6, digits: true },
  '20': { fixed: 2, digits: true },
  '21': { most: 20 },
  '22': { most: 20 },
  '30': { most: 8, digits: true },
  '37': { most: 8, digits: true },
  '90': { most: 30 },
  '235': { most: 28 },
  '240': { most: 30 },
  '241': { most: 30 },
  '250': { most: 30 },
  '251': { most: 30 },
  '410': { fixed: 13, digits: true },
  '414': { fixed: 13, digits: true },
  '710': { most: 20 },
  '711': { most: 20 },
  '712': { most: 20 },
  '713': { most: 20 },
  '714': { most: 20 },
  '8004': { most: 30 },
  '8012': { most: 20 },
  '8013': { most: 25 },
};

/** Ends what has no fixed length (ASCII 29). */
export const SEPARATOR = String.fromCharCode(29);

interface Element {
  key: string;
  value: string;
  offset: number;
}

/**
 * Reads a GS1 element string: with brackets as it is printed, or as a reader sends it, where the group separator ends what has no fixed
 * length. `year`: the present one, by which two digits become four. @throws UdiError
 */
export function readGs1(text: string, year: number): Udi {
  const elements = text.startsWith('(') ? bracketed(text) : concatenated(text);
  const udi = emptyUdi('GS1', text);
  for (const element of elements) apply(udi, element, year);
  if (udi.device === '') throw new UdiError(0, 'there is no device identifier (01)');
  return udi;
}

function bracketed(text: string): Element[] {
  const elements: Element[] = [];
  const pattern = /\((\d{2,4})\)([^(]*)/y;
  while (pattern.lastIndex < text.length) {
    const { lastIndex } = pattern;
    const match = pattern.exec(text);
    if (match === null) throw new UdiError(lastIndex, 'expected an application identifier in brackets');
    const value = match[2]!.replaceAll(SEPARATOR, '').trim();
    const offset = lastIndex + match[1]!.length + 2;
    const rule = applicationIdentifiers[match[1]!];
    if (rule !== undefined) checkLength(rule, value, offset);
    elements.push({ key: match[1]!, value, offset });
  }
  return elements;
}

function concatenated(text: string): Element[] {
  const elements: Element[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === SEPARATOR) {
      at++;
      continue;
    }
    const key = [2, 3, 4]
      .map((length) => text.slice(at, at + length))
      .find((one) => Object.hasOwn(applicationIdentifiers, one));
    if (key === undefined) throw new UdiError(at, 'expected an application identifier of a device');
    const rule = applicationIdentifiers[key]!;
    const offset = at + key.length;
    const end = text.indexOf(SEPARATOR, offset);
    const to = rule.fixed === undefined ? (end < 0 ? text.length : end) : offset + rule.fixed;
    const value = text.slice(offset, to);
    checkLength(rule, value, offset);
    elements.push({ key, value, offset });
    at = to;
  }
  return elements;
}

function checkLength(
  rule: { fixed?: number; most?: number; digits?: boolean },
  value: string,
  offset: number,
): void {
  if (rule.fixed !== undefined && value.length !== rule.fixed)
    throw new UdiError(offset, `expected ${rule.fixed} characters`);
  if (rule.most !== undefined && (value.length === 0 || value.length > rule.most))
    throw new UdiError(offset, `expected 1 to ${rule.most} characters`);
  if (rule.digits === true && !/^\d+$/.test(value)) throw new UdiError(offset, 'expected digits alone');
  // GS1 General Specifications §7.11, the set of 82 characters.
  if (!/^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]*$/.test(value))
    throw new UdiError(offset, 'a character that no GS1 code has');
}

const fields: Readonly<Record<string, 'lot' | 'serial' | 'version'>> = {
  '10': 'lot',
  '21': 'serial',
  '8012': 'version',
};

function apply(udi: Udi, { key, value, offset }: Element, year: number): void {
  if (key === '01') {
    if (!hasCheckDigit(value)) throw new UdiError(offset + 13, 'the check digit does not fit');
    udi.device = value;
  } else if (key === '17') udi.expires = dateOf(value, year, offset);
  else if (key === '11') udi.made = dateOf(value, year, offset);
  else if (fields[key] !== undefined) udi[fields[key]] = value;
  else udi.others.push({ key, value });
}

/** GS1 General Specifications §7.9: weights 3 and 1 from the right. */
export function hasCheckDigit(digits: string): boolean {
  const sum = Array.from(digits, Number)
    .toReversed()
    .reduce((total, digit, index) => total + digit * (index % 2 === 0 ? 1 : 3), 0);
  return sum % 10 === 0;
}

/** §7.12: a year at most 49 behind and 50 ahead. */
function dateOf(value: string, year: number, offset: number): string {
  const [yy, month, day] = [value.slice(0, 2), value.slice(2, 4), value.slice(4, 6)].map(Number) as [
    number,
    number,
    number,
  ];
  return dayOf(nearest(yy, year), month, day, offset);
}

export function nearest(yy: number, year: number): number {
  const century = year - (year % 100);
  const difference = yy - (year % 100);
  return century + yy + (difference >= 51 ? -100 : difference <= -50 ? 100 : 0);
}
