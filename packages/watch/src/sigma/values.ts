import { addressNumber, networkTest } from '../rules/network.ts';
import type { LogEvent } from './event.ts';
import {
  anywhere,
  atEnd,
  atStart,
  fits,
  hasWildcard,
  type Pattern,
  patternOf,
  plainPattern,
  textOfPattern,
  unitsOf,
  withDashes,
} from './pattern.ts';
import { readRegex } from './regex.ts';
import type { Scalar } from './tree.ts';

/** Whether one value of a rule is fulfilled by an event. */
export type Test = (event: LogEvent) => boolean;
export type ReadTest = { ok: true; test: Test } | { ok: false; message: string; at?: number };

/** In what a value is written before it is looked for. */
const encodings = ['wide', 'utf16le', 'utf16be', 'utf16', 'base64', 'base64offset', 'windash'] as const;
const places = ['contains', 'startswith', 'endswith'] as const;
const comparisons = ['gt', 'gte', 'lt', 'lte'] as const;
const parts = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
const others = ['all', 'cased', 'neq', 're', 'i', 'm', 's', 'cidr', 'exists', 'fieldref'] as const;
export const modifiers: readonly string[] = [...encodings, ...places, ...comparisons, ...parts, ...others];

const has = <T extends string>(some: readonly T[], given: readonly string[]): T | undefined =>
  some.find((one) => given.includes(one));
const fault = (message: string, at?: number): ReadTest => ({
  ok: false,
  message,
  ...(at === undefined ? {} : { at }),
});
const oneOf = (field: string, test: (value: string) => boolean): ReadTest => ({
  ok: true,
  test: (event) => event.valuesOf(field).some(test),
});

/** What one value of a field asks, by its modifiers (Sigma modifiers, appendix). */
export function readTest(field: string, given: readonly string[], value: Scalar): ReadTest {
  if (given.includes('exists')) return exists(field, value);
  if (given.includes('re')) return regex(field, given, value);
  if (given.includes('cidr')) return cidr(field, value);
  if (given.includes('fieldref')) return fieldref(field, given, value);
  const comparison = has(comparisons, given);
  const part = has(parts, given);
  if (part !== undefined) return timePart(field, part, comparison, value);
  if (comparison !== undefined) return compared(field, comparison, value);
  if (value === null) return { ok: true, test: (event) => event.valuesOf(field).every((one) => one === '') };
  return patterned(field, given, String(value));
}

function exists(field: string, value: Scalar): ReadTest {
  const wanted = value === true || value === 'true' || value === 'yes';
  if (!wanted && value !== false && value !== 'false' && value !== 'no')
    return fault('exists takes true or false');
  return { ok: true, test: (event) => event.valuesOf(field).length > 0 === wanted };
}

function regex(field: string, given: readonly string[], value: Scalar): ReadTest {
  if (typeof value !== 'string' && typeof value !== 'number') return fault('re takes a regular expression');
  const flags = {
    ignoreCase: given.includes('i'),
    multiline: given.includes('m'),
    dotAll: given.includes('s'),
  };
  const read = readRegex(String(value), flags);
  return read.ok ? oneOf(field, read.test) : fault(read.message, read.at);
}

function cidr(field: string, value: Scalar): ReadTest {
  const [address = '', bits = ''] = String(value).split('/');
  const number = addressNumber(address.toLowerCase());
  if (number === null || !/^\d{1,3}$/.test(bits) || Number(bits) > number.bits)
    return fault('cidr takes a network as 10.0.0.0/8');
  return oneOf(field, networkTest(number, Number(bits)));
}

function fieldref(field: string, given: readonly string[], value: Scalar): ReadTest {
  if (typeof value !== 'string') return fault('fieldref takes the name of a field');
  const place = has(places, given);
  const cased = given.includes('cased');
  const patternFor = (text: string) => placed(plainPattern(text), place);
  return {
    ok: true,
    test: (event) =>
      event
        .valuesOf(value)
        .some((other) => event.valuesOf(field).some((one) => fits(patternFor(other), one, cased))),
  };
}

type Comparison = (typeof comparisons)[number];
const compare: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
};
const numberOf = (text: string): number => (/^\s*-?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : Number.NaN);

function compared(field: string, comparison: Comparison, value: Scalar): ReadTest {
  const bound = typeof value === 'number' ? value : numberOf(String(value));
  if (Number.isNaN(bound)) return fault(`${comparison} takes a number`);
  return oneOf(field, (one) => compare[comparison](numberOf(one), bound));
}

/** A part of a time that a field holds, in UTC. */
function timePart(
  field: string,
  part: (typeof parts)[number],
  comparison: Comparison | undefined,
  value: Scalar,
): ReadTest {
  const wanted = typeof value === 'number' ? value : numberOf(String(value));
  if (Number.isNaN(wanted)) return fault(`${part} takes a number`);
  const matches = comparison === undefined ? (a: number, b: number) => a === b : compare[comparison];
  return oneOf(field, (one) => {
    const at = new Date(one);
    return Number.isFinite(at.getTime()) && matches(partOf(at, part), wanted);
  });
}

function partOf(at: Date, part: (typeof parts)[number]): number {
  if (part === 'minute') return at.getUTCMinutes();
  if (part === 'hour') return at.getUTCHours();
  if (part === 'day') return at.getUTCDate();
  if (part === 'month') return at.getUTCMonth() + 1;
  if (part === 'year') return at.getUTCFullYear();
  // ISO 8601: the week of the Thursday that lies in it.
  const thursday = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()));
  thursday.setUTCDate(thursday.getUTCDate() + 4 - (thursday.getUTCDay() || 7));
  return Math.ceil(((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / 86_400_000 + 1) / 7);
}

function patterned(field: string, given: readonly string[], value: string): ReadTest {
  const encoded = encode(patternOf(value), given);
  if (typeof encoded === 'string') return fault(encoded);
  const place = has(places, given);
  const patterns = encoded.map((one) => placed(one, place));
  // What is encoded has its own case.
  const cased = given.includes('cased') || given.some((one) => one.startsWith('base64'));
  return oneOf(field, (one) => patterns.some((pattern) => fits(pattern, one, cased)));
}

function placed(pattern: Pattern, place: (typeof places)[number] | undefined): Pattern {
  if (place === 'contains') return anywhere(pattern);
  if (place === 'startswith') return atStart(pattern);
  return place === 'endswith' ? atEnd(pattern) : pattern;
}

/** Every form in which a value may stand, or what is wrong. */
function encode(pattern: Pattern, given: readonly string[]): Pattern[] | string {
  let found: Pattern[] = [pattern];
  let isBytes = false;
  for (const modifier of given) {
    if (modifier === 'windash') found = found.map(withDashes);
    if (!encodings.some((one) => one === modifier) || modifier === 'windash') continue;
    if (found.some(hasWildcard)) return `${modifier} takes no wildcards`;
    const texts = found.map((one) => (isBytes ? textOfPattern(one) : bytesOf(textOfPattern(one), modifier)));
    isBytes = true;
    if (modifier === 'base64') found = texts.map((one) => plainPattern(btoa(one)));
    else if (modifier === 'base64offset')
      found = texts.flatMap((one) => [0, 1, 2].map((offset) => plainPattern(shifted(one, offset))));
    else found = texts.map(plainPattern);
  }
  return found;
}

/** The bytes of a text, one a character. */
function bytesOf(text: string, encoding: string): string {
  if (encoding.startsWith('base64')) return String.fromCharCode(...new TextEncoder().encode(text));
  const big = encoding === 'utf16be';
  const bytes = unitsOf(text).flatMap((unit) => (big ? [unit >> 8, unit & 255] : [unit & 255, unit >> 8]));
  return String.fromCharCode(...(encoding === 'utf16' ? [255, 254, ...bytes] : bytes));
}

/** A text as it stands in base64 behind so many other bytes: only the characters that these do not touch. */
function shifted(bytes: string, offset: number): string {
  const whole = btoa(' '.repeat(offset) + bytes);
  const start = [0, 2, 3][offset]!;
  const end = [0, 3, 2][(bytes.length + offset) % 3]!;
  return whole.slice(start, end === 0 ? undefined : -end);
}
