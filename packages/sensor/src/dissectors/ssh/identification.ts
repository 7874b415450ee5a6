import { factText, latin1, startsWith } from '../../text/wire-text.ts';
import { MAX_IDENTIFICATION, MAX_PREAMBLE } from './limits.ts';

export interface Identification {
  /** Without line end, as `SSH-2.0-OpenSSH_9.6`. */
  banner: string;
  version: 1 | 2;
  /** Bytes up to and with its line end. */
  length: number;
}

/**
 * The identification string (RFC 4253 §4.2), behind lines that a server may send before it. Null needs more bytes;
 * `invalid` where there is none within the bounds.
 */
export function readIdentification(bytes: Uint8Array): Identification | 'invalid' | null {
  let start = 0;
  while (start < MAX_PREAMBLE) {
    const end = bytes.indexOf(0x0a, start);
    if (startsWith(bytes, 'SSH-', start)) return identificationAt(bytes, start, end);
    if (end < 0) return bytes.length > MAX_PREAMBLE ? 'invalid' : null;
    start = end + 1;
  }
  return 'invalid';
}

function identificationAt(bytes: Uint8Array, start: number, end: number): Identification | 'invalid' | null {
  const length = (end < 0 ? bytes.length : end) - start;
  if (length > MAX_IDENTIFICATION) return 'invalid';
  if (end < 0) return null;
  const line = latin1(bytes, start, end).replace(/\r$/, '');
  const version = /^SSH-(\d)\.(\d{1,3})-/.exec(line);
  if (version === null) return 'invalid';
  // RFC 4253 §5.1: 1.99 is a server that speaks 2 as well.
  const speaks2 = version[1] === '2' || version[2] === '99';
  return { banner: factText(line, MAX_IDENTIFICATION) ?? '', version: speaks2 ? 2 : 1, length: end + 1 };
}
