import type { Json } from './json.ts';

const encoder = new TextEncoder();

/** The bytes that are signed: OLPC canonical JSON (TUF §4.1), which is not RFC 8785. Takes what `parseJson` gave. */
export const canonicalJson = (value: Json): Uint8Array => encoder.encode(canonicalText(value));

function canonicalText(value: Json): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => byCodePoint(a, b));
  return `{${members.map(([name, inner]) => `${quoted(name)}:${canonicalText(inner as Json)}`).join(',')}}`;
}

/** Only the quotation mark and the backslash are escaped; control characters stand as they are. */
const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** By code points: JavaScript itself compares halves of surrogate pairs, which sorts U+FFFF after U+10000. */
export function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (x !== y) return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1;
  }
  return a.length - b.length;
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;
