import { Buffer } from 'node:buffer';

/** Node's own decoder takes any view of bytes; a Buffer made of the view for each text would cost more than the text. */
// oxlint-disable-next-line typescript/unbound-method -- called with the view as its `this`
const { latin1Slice } = Buffer.prototype as unknown as {
  latin1Slice(this: Uint8Array, start: number, end: number): string;
};

/** One character a byte, so that offsets in the text are offsets in the bytes. */
export function latin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  const to = Math.min(end, bytes.length);
  return start < to ? latin1Slice.call(bytes, start, to) : '';
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** UTF-8 where the bytes are UTF-8, else one character a byte. */
export function wireText(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return latin1(bytes);
  }
}

/**
 * Text fit to be a fact: control characters become spaces, runs of white space one space, at most `longest`
 * characters. Returns undefined where nothing is left, so that an absent fact stays absent.
 */
export function factText(value: Uint8Array | string, longest: number): string | undefined {
  const text = typeof value === 'string' ? value : wireText(value);
  if (text.length <= longest && isPlain(text)) return text === '' ? undefined : text;
  const clean = text.slice(0, longest * 4).replace(/[\p{Cc}\p{Zs}\p{Zl}\p{Zp}\ufeff\ufffd]+/gu, ' ');
  const cut = clean.trim().slice(0, longest).trim();
  return cut === '' ? undefined : cut;
}

/** ASCII letters, digits, signs and single spaces within: nothing to clean, as nearly every text is. */
function isPlain(text: string): boolean {
  let before = 0x20;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7e || code < 0x20 || (code === 0x20 && before === 0x20)) return false;
    before = code;
  }
  return before !== 0x20 || text === '';
}

/** Copies the entries that have a value: an absent fact has no key. */
export function present<T extends object>(facts: { [K in keyof T]: T[K] | undefined }): T {
  const kept: { [K in keyof T]?: T[K] } = {};
  for (const name in facts) if (facts[name] !== undefined) kept[name] = facts[name];
  return kept as T;
}

/** True where `bytes` has the ASCII characters of `text` at `at`; as far as `bytes` goes when `partly` is set. */
export function startsWith(bytes: Uint8Array, text: string, at = 0, partly = false): boolean {
  if (!partly && bytes.length < at + text.length) return false;
  const length = Math.min(text.length, bytes.length - at);
  for (let i = 0; i < length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}
