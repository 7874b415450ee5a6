import { latin1 } from '../../text/wire-text.ts';
import { MAX_OPTIONS, MAX_REQUEST } from './limits.ts';

export interface TftpRequest {
  operation: 'read' | 'write';
  /** Stays inside this dissector. */
  fileName: string;
  /** Option `tsize` of a write (RFC 2349): the file's size. */
  size: number | null;
}

const PRINTABLE = /^[\x20-\x7e\u00a0-\u00ff]+$/;
const OPTION = /^[a-z][a-z0-9_-]{1,30}$/i;

/** A read or write request (RFC 1350 §5, options of RFC 2347): all strings end in a zero byte. Null where it is none. */
export function readRequest(bytes: Uint8Array): TftpRequest | null {
  const operation = bytes[1];
  if (bytes.length > MAX_REQUEST || bytes[0] !== 0 || (operation !== 1 && operation !== 2)) return null;
  if (bytes.at(-1) !== 0) return null;
  const [fileName = '', mode = '', ...options] = latin1(bytes, 2, bytes.length - 1).split('\0');
  if (!PRINTABLE.test(fileName) || !/^(netascii|octet|mail)$/i.test(mode) || !areOptions(options))
    return null;
  return { operation: operation === 1 ? 'read' : 'write', fileName, size: sizeOf(options) };
}

/** An option acknowledgement (RFC 2347) is sent by the server alone. */
export function isOptionAcknowledgement(bytes: Uint8Array): boolean {
  if (bytes.length < 6 || bytes.length > MAX_REQUEST || bytes[0] !== 0 || bytes[1] !== 6) return false;
  const options = latin1(bytes, 2, bytes.length - 1).split('\0');
  return bytes.at(-1) === 0 && options.length >= 2 && areOptions(options);
}

function areOptions(texts: readonly string[]): boolean {
  if (texts.length % 2 !== 0 || texts.length > 2 * MAX_OPTIONS) return false;
  return texts.every((text, i) =>
    i % 2 === 0 ? OPTION.test(text) : text.length > 0 && PRINTABLE.test(text),
  );
}

function sizeOf(options: readonly string[]): number | null {
  const at = options.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === 'tsize');
  const size = at === -1 ? 0 : Number(options[at + 1]);
  return Number.isSafeInteger(size) && size > 0 ? size : null;
}
