import { latin1 } from '../text/wire-text.ts';
import { IMAGE_HEAD } from './limits.ts';

/** Lines whose checksums must hold before text counts as an image. */
const LINES = 2;

/** Intel HEX: `:` length, address, type, data and a checksum that makes the sum of all bytes zero. */
export function isIntelHex(head: Uint8Array): boolean {
  if (head[0] !== 0x3a) return false;
  return everyLine(head, (line) => {
    const bytes = hexBytes(line.slice(1));
    return line.startsWith(':') && bytes?.length === (bytes?.[0] ?? 0) + 5 && sum(bytes) % 256 === 0;
  });
}

/** Motorola S-record: `S`, type, count of what follows, address, data and the complement of the sum. */
export function isMotorolaS(head: Uint8Array): boolean {
  if (head[0] !== 0x53) return false;
  return everyLine(head, (line) => {
    const bytes = hexBytes(line.slice(2));
    return /^S[0-35-9]/.test(line) && bytes?.length === (bytes?.[0] ?? 0) + 1 && sum(bytes) % 256 === 255;
  });
}

function everyLine(head: Uint8Array, holds: (line: string) => boolean): boolean {
  const text = latin1(head, 0, Math.min(head.length, IMAGE_HEAD));
  const lines = text.split('\n', LINES + 1).slice(0, LINES);
  return text.split('\n', LINES + 1).length > LINES && lines.every((line) => holds(line.trim()));
}

function hexBytes(text: string): Uint8Array | null {
  if (text.length % 2 !== 0 || !/^[0-9A-Fa-f]+$/.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function sum(bytes: Uint8Array): number {
  return bytes.reduce((total, byte) => total + byte, 0);
}
