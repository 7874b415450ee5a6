import { normalIp } from '../sensor-logs/addresses.ts';
import { type ElementName, elementOf, type Reading } from './elements.ts';
import { type Template, VARIABLE } from './template.ts';

/** What one record states, by element: numbers as they are (times of NTP in µs since the epoch), addresses as text. */
export type Values = Partial<Record<ElementName, number | string>>;

/** One byte of 255 says that two bytes with the length follow (RFC 7011 §7). */
const LONG = 255;
/** From 1900, where NTP begins, to 1970, in seconds. */
const NTP_TO_UNIX = 2_208_988_800;
const FRACTION = 2 ** 32;
const LONGEST_NUMBER = 8;

/** Reads one record from `at` on; null where it does not fit into its set. */
export function readRecord(
  view: DataView,
  at: number,
  end: number,
  { fields }: Template,
): { values: Values; next: number } | null {
  const values: Values = {};
  let from = at;
  for (const { element, enterprise, length } of fields) {
    const place = length === VARIABLE ? variable(view, from, end) : { start: from, length };
    if (place === null || place.start + place.length > end) return null;
    const known = elementOf(element, enterprise);
    if (known !== null) {
      const value = read(view, place.start, place.length, known[1]);
      if (value !== null) values[known[0]] = value;
    }
    from = place.start + place.length;
  }
  return { values, next: from };
}

function variable(view: DataView, at: number, end: number): { start: number; length: number } | null {
  if (at + 1 > end) return null;
  const short = view.getUint8(at);
  if (short < LONG) return { start: at + 1, length: short };
  return at + 3 > end ? null : { start: at + 3, length: view.getUint16(at + 1) };
}

/** A field of another length than its kind has says nothing. */
function read(view: DataView, at: number, length: number, reading: Reading): number | string | null {
  switch (reading) {
    case 'number':
      return unsigned(view, at, length);
    case 'ipv4':
      return length === 4 ? octets(view, at, 4).join('.') : null;
    case 'ipv6':
      return length === 16 ? ipv6(view, at) : null;
    case 'mac':
      return length === 6
        ? octets(view, at, 6)
            .map((octet) => hex(octet, 2))
            .join(':')
        : null;
    default:
      return length === 8 ? ntp(view, at) : null;
  }
}

/** Numbers may be sent in fewer bytes than their kind has (RFC 7011 §6.2); one beyond what is exact is none. */
function unsigned(view: DataView, at: number, length: number): number | null {
  if (length === 0 || length > LONGEST_NUMBER) return null;
  let value = 0;
  for (let i = 0; i < length; i++) value = value * 256 + view.getUint8(at + i);
  return Number.isSafeInteger(value) ? value : null;
}

function ipv6(view: DataView, at: number): string | null {
  const groups = Array.from({ length: 8 }, (_, i) => hex(view.getUint16(at + i * 2), 1));
  return normalIp(groups.join(':'));
}

/** RFC 7011 §6.1.9 and §6.1.10. */
function ntp(view: DataView, at: number): number {
  return (view.getUint32(at) - NTP_TO_UNIX) * 1e6 + Math.round((view.getUint32(at + 4) / FRACTION) * 1e6);
}

function octets(view: DataView, at: number, length: number): number[] {
  return Array.from({ length }, (_, i) => view.getUint8(at + i));
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
