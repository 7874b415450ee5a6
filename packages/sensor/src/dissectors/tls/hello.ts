import { Buffer } from 'node:buffer';
import { Cursor } from '../../bytes/cursor.ts';
import { latin1 } from '../../text/wire-text.ts';
import { MAX_EXTENSIONS } from './limits.ts';

export interface Extension {
  type: number;
  data: Uint8Array;
}

export interface ClientHello {
  version: number;
  ciphers: number[];
  extensions: Extension[];
}

export interface ServerHello {
  version: number;
  cipher: number;
  extensions: Extension[];
  /** RFC 8446 §4.1.4: asks for another hello; nothing is agreed yet. */
  retry: boolean;
}

export const extensionTypes = {
  serverName: 0,
  groups: 10,
  pointFormats: 11,
  signatureAlgorithms: 13,
  alpn: 16,
  supportedVersions: 43,
};

/** SHA-256 of "HelloRetryRequest". */
const RETRY = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

/** The body of a ClientHello (RFC 8446 §4.1.2); DTLS has a cookie behind the session (RFC 6347 §4.2.1). */
export function readClientHello(body: Uint8Array, datagram = false): ClientHello | null {
  const cursor = new Cursor(body);
  const version = cursor.u16();
  cursor.skip(32);
  cursor.skip(cursor.u8());
  if (datagram) cursor.skip(cursor.u8());
  const ciphers = numbers(cursor.take(cursor.u16()));
  cursor.skip(cursor.u8());
  if (cursor.failed || ciphers.length === 0) return null;
  const extensions = readExtensions(cursor);
  return extensions === null ? null : { version, ciphers, extensions };
}

export function readServerHello(body: Uint8Array): ServerHello | null {
  const cursor = new Cursor(body);
  const version = cursor.u16();
  const random = cursor.take(32);
  // Drafts of TLS 1.3 before 22 have neither session nor compression in it; the first ones say 3.4.
  const draft = version === 0x0304 || (version >>> 8 === 0x7f && (version & 0xff) < 22);
  if (!draft) cursor.skip(cursor.u8());
  const cipher = cursor.u16();
  if (!draft) cursor.u8();
  if (cursor.failed) return null;
  const extensions = readExtensions(cursor);
  const retry = random[0] === 0xcf && Buffer.from(random).toString('hex') === RETRY;
  return extensions === null ? null : { version, cipher, extensions, retry };
}

export function extensionOf(extensions: readonly Extension[], type: number): Uint8Array | null {
  return extensions.find((extension) => extension.type === type)?.data ?? null;
}

/** A vector of 16-bit numbers behind its length, which takes `prefix` bytes. */
export function numbersIn(data: Uint8Array | null, prefix: 1 | 2): number[] {
  if (data === null) return [];
  const cursor = new Cursor(data);
  return numbers(cursor.take(prefix === 1 ? cursor.u8() : cursor.u16()));
}

/** The first host name of a server name extension (RFC 6066 §3). */
export function serverName(data: Uint8Array | null): string | null {
  if (data === null) return null;
  const list = new Cursor(data);
  list.u16();
  const type = list.u8();
  const name = list.take(list.u16());
  return list.failed || type !== 0 || name.length === 0 ? null : latin1(name);
}

/** Protocol names of an ALPN extension (RFC 7301 §3.1), as bytes. */
export function alpnNames(data: Uint8Array | null): Uint8Array[] {
  if (data === null) return [];
  const cursor = new Cursor(data);
  cursor.u16();
  const names: Uint8Array[] = [];
  while (cursor.left > 0) names.push(cursor.take(cursor.u8()));
  return cursor.failed ? names.slice(0, -1) : names;
}

/** Hellos before TLS 1.2 may end without extensions. */
function readExtensions(cursor: Cursor): Extension[] | null {
  const extensions: Extension[] = [];
  if (cursor.left === 0) return extensions;
  const list = cursor.within(cursor.u16());
  while (list.left > 0 && extensions.length < MAX_EXTENSIONS) {
    const type = list.u16();
    extensions.push({ type, data: list.take(list.u16()) });
  }
  return cursor.failed || list.failed ? null : extensions;
}

function numbers(bytes: Uint8Array): number[] {
  const all: number[] = [];
  for (let at = 0; at + 1 < bytes.length; at += 2) all.push((bytes[at]! << 8) | bytes[at + 1]!);
  return all;
}
