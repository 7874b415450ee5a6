import { PkiError } from '../pki-error.ts';
import type { Element } from './read.ts';
import type { Bytes } from './write.ts';

/** Values of elements; each throws a PkiError where its content is not of its kind. */
export function oidOf({ at, body }: Element): string {
  if (body.length === 0 || body.length > 32 || (body.at(-1)! & 0x80) !== 0)
    throw new PkiError('malformed', 'An object identifier that does not end', at);
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of body) {
    if (arc === 0 && byte === 0x80)
      throw new PkiError('malformed', 'An object identifier with a padded arc', at);
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER / 128) throw new PkiError('oversized', 'An arc beyond any in use', at);
    if ((byte & 0x80) !== 0) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [first = 0, ...rest] = arcs;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - top * 40, ...rest].join('.');
}

/** The magnitude of an integer that is not negative, in least form. */
export function magnitudeOf({ at, body }: Element): Bytes {
  const [first, second] = body;
  if (first === undefined) throw new PkiError('malformed', 'An integer of no bytes', at);
  if ((first & 0x80) !== 0) throw new PkiError('malformed', 'A negative integer', at);
  if (first === 0 && second !== undefined && (second & 0x80) === 0)
    throw new PkiError('malformed', 'An integer with a leading zero', at);
  return first === 0 && body.length > 1 ? body.subarray(1) : body;
}

export function smallOf(element: Element): number {
  const magnitude = magnitudeOf(element);
  if (magnitude.length > 4) throw new PkiError('oversized', 'A number beyond its kind', element.at);
  return magnitude.reduce((sum, byte) => sum * 256 + byte, 0);
}

export function booleanOf({ at, body }: Element): boolean {
  if (body.length !== 1 || (body[0] !== 0 && body[0] !== 0xff))
    throw new PkiError('malformed', 'A boolean that is neither true nor false', at);
  return body[0] === 0xff;
}

/** The bytes of a bit string that has no bits left over. */
export function wholeBitsOf({ at, body }: Element): Bytes {
  if (body[0] !== 0) throw new PkiError('malformed', 'A bit string of no whole bytes', at);
  return body.subarray(1);
}

/** Named bits, the first of which is bit 0 (X.690 §11.2). */
export function namedBitsOf({ at, body }: Element): ReadonlySet<number> {
  const [unused, ...rest] = body;
  if (unused === undefined || unused > 7 || (rest.length === 0 && unused > 0) || rest.length > 4)
    throw new PkiError('malformed', 'Named bits that are none', at);
  const named = new Set<number>();
  for (const [index, byte] of rest.entries())
    for (let bit = 0; bit < 8; bit += 1) if ((byte & (0x80 >> bit)) !== 0) named.add(index * 8 + bit);
  return named;
}

const fatal = new TextDecoder('utf-8', { fatal: true });
const wide = new TextDecoder('utf-16be', { fatal: true });

/** Text of one of the kinds that names are written in. Control characters are refused: a name is shown to people. */
export function textOf(element: Element): string {
  const value = decoded(element);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(value))
    throw new PkiError('malformed', 'A text with control characters', element.at);
  return value;
}

function decoded({ tag, at, body }: Element): string {
  try {
    if (tag === 0x0c) return fatal.decode(body);
    if (tag === 0x1e) return wide.decode(body);
  } catch {
    throw new PkiError('malformed', 'A text that is not in its encoding', at);
  }
  // PrintableString, IA5String, VisibleString, NumericString, TeletexString (taken as Latin-1, as everybody does).
  if (tag === 0x14) return Buffer.from(body).toString('latin1');
  if (tag !== 0x13 && tag !== 0x16 && tag !== 0x1a && tag !== 0x12)
    throw new PkiError('malformed', `A text expected, found tag 0x${tag.toString(16)}`, at);
  return ascii(body, at);
}

/** IA5 text: seven bits. */
export function ascii(body: Bytes, at: number): string {
  if (body.some((byte) => byte > 0x7f)) throw new PkiError('malformed', 'A text with bytes beyond ASCII', at);
  return Buffer.from(body).toString('latin1');
}

/** UTCTime or GeneralizedTime as RFC 5280 §4.1.2.5 allows them; microseconds since the epoch. */
export function timeOf({ tag, at, body }: Element): number {
  const text = ascii(body, at);
  const full = tag === 0x17 ? `${Number(text.slice(0, 2)) >= 50 ? '19' : '20'}${text}` : text;
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full);
  if ((tag !== 0x17 && tag !== 0x18) || match === null)
    throw new PkiError('malformed', 'A time that is not of the form for certificates', at);
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as number[];
  const millis = Date.UTC(year!, month! - 1, day, hour, minute, second);
  const isReal = new Date(millis).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14) === full.slice(0, 14);
  if (!isReal) throw new PkiError('malformed', 'A time that does not exist', at);
  return millis * 1000;
}
