import type { Recognition } from '../../dissector.ts';
import { controls } from './framing.ts';
import { MAX_CONTROLS } from './limits.ts';

const STX = 0x02;
const VT = 0x0b;
const HEADER = 6;

/** A header record opens every message (LIS2-A2 §5.1); answers alone say nothing. */
export function recogniseAstm(fromClient: Uint8Array, fromServer: Uint8Array): Recognition {
  const client = recogniseSide(fromClient);
  const server = recogniseSide(fromServer);
  if (client === 'no' || server === 'no') return 'no';
  return client === 'yes' || server === 'yes' ? 'yes' : 'more';
}

function recogniseSide(bytes: Uint8Array): Recognition {
  let at = 0;
  while (at < bytes.length && controls.has(bytes[at] ?? 0)) at++;
  if (at > MAX_CONTROLS) return 'no';
  if (bytes[at] === STX) return frameNumber(bytes, at + 1);
  return header(bytes, bytes[at] === VT ? at + 1 : at);
}

function frameNumber(bytes: Uint8Array, at: number): Recognition {
  const number = bytes[at];
  if (number === undefined) return 'more';
  return number >= 0x30 && number <= 0x37 ? header(bytes, at + 1) : 'no';
}

/** `H`, the field delimiter, those of repetitions, components and escapes, and the field delimiter again (§5.4). */
function header(bytes: Uint8Array, at: number): Recognition {
  const length = Math.min(bytes.length - at, HEADER);
  for (let i = 0; i < length; i++) {
    const byte = bytes[at + i] ?? 0;
    if (i === 0 ? byte !== 0x48 : !isDelimiter(byte)) return 'no';
  }
  if (length < HEADER) return 'more';
  return bytes[at + 1] === bytes[at + 5] && differ(bytes, at + 1) ? 'yes' : 'no';
}

function differ(bytes: Uint8Array, at: number): boolean {
  for (let i = 1; i < 4; i++) {
    for (let j = 0; j < i; j++) if (bytes[at + i] === bytes[at + j]) return false;
  }
  return true;
}

/** Printable, and neither letter, digit nor blank. */
function isDelimiter(byte: number): boolean {
  if (byte <= 0x20 || byte >= 0x7f) return false;
  return !(byte >= 0x30 && byte <= 0x39) && !((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a);
}
