/** Distinguished encoding (X.690 §8, §10, §11), from the inside out. */
export type Bytes = Uint8Array;

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest & 0xff);
  return [0x80 | digits.length, ...digits];
}

/** One element of a tag that fits one octet. */
export function element(tag: number, ...parts: readonly Bytes[]): Bytes {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = [tag, ...lengthBytes(length)];
  const whole = new Uint8Array(head.length + length);
  whole.set(head);
  let at = head.length;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const sequence = (...parts: readonly Bytes[]): Bytes => element(0x30, ...parts);
/** Elements of a SET OF stand in the order of their encodings (X.690 §11.6). */
export const setOf = (...parts: readonly Bytes[]): Bytes =>
  element(0x31, ...parts.toSorted((a, b) => Buffer.compare(a, b)));
export const octets = (content: Bytes): Bytes => element(0x04, content);
export const bits = (content: Bytes, unused = 0): Bytes => element(0x03, Uint8Array.of(unused), content);
export const boolean = (value: boolean): Bytes => element(0x01, Uint8Array.of(value ? 0xff : 0));
export const empty: Bytes = element(0x05);
/** `[n]` around what is in it. */
export const explicit = (number: number, ...parts: readonly Bytes[]): Bytes =>
  element(0xa0 | number, ...parts);
/** `[n]` in place of the tag; `isConstructed` where it was one of elements. */
export const implicit = (number: number, content: Bytes, isConstructed = false): Bytes =>
  element((isConstructed ? 0xa0 : 0x80) | number, content);

export const text = (value: string): Bytes => Buffer.from(value, 'utf8');
export const utf8 = (value: string): Bytes => element(0x0c, text(value));
export const printable = (value: string): Bytes => element(0x13, text(value));
export const ia5 = (value: string): Bytes => element(0x16, text(value));

/** An integer from its big-endian magnitude, never negative. */
export function integer(magnitude: Bytes | number): Bytes {
  const digits = typeof magnitude === 'number' ? bigEndian(magnitude) : magnitude;
  let first = 0;
  while (first < digits.length - 1 && digits[first] === 0) first += 1;
  const least = digits.subarray(first);
  return element(
    0x02,
    ...((least[0] ?? 0) >= 0x80 ? [Uint8Array.of(0)] : []),
    least.length === 0 ? Uint8Array.of(0) : least,
  );
}

function bigEndian(value: number): Bytes {
  const digits: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return Uint8Array.from(digits.length === 0 ? [0] : digits);
}

export const enumerated = (value: number): Bytes => element(0x0a, Uint8Array.of(value));

export function oid(dotted: string): Bytes {
  const [first, second, ...rest] = dotted.split('.').map(Number) as [number, number, ...number[]];
  return element(0x06, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

function base128(arc: number): number[] {
  const digits = [arc % 128];
  for (let more = Math.floor(arc / 128); more > 0; more = Math.floor(more / 128))
    digits.unshift(0x80 | (more % 128));
  return digits;
}

const YEAR_2050_MILLISECONDS = Date.UTC(2050, 0, 1);

/** RFC 5280 §4.1.2.5: UTCTime until 2049, GeneralizedTime from 2050 on. Microseconds since the epoch. */
export function time(micros: number): Bytes {
  const millis = Math.floor(micros / 1_000_000) * 1000;
  const isShort = millis < YEAR_2050_MILLISECONDS;
  return isShort ? element(0x17, text(stamp(millis).slice(2))) : generalizedTime(micros);
}

export const generalizedTime = (micros: number): Bytes =>
  element(0x18, text(stamp(Math.floor(micros / 1_000_000) * 1000)));

const stamp = (millis: number): string =>
  `${new Date(millis).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`;

/** What an element holds, for a tag in its place. */
export function bodyOf(bytes: Bytes): Bytes {
  const first = bytes[1]!;
  return bytes.subarray(first < 0x80 ? 2 : 2 + (first & 0x7f));
}
