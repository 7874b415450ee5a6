/** SSL 2.0 hellos have a record header of two bytes, the first bit set (draft-hickman-netscape-ssl-00; RFC 5246 §E.2). */
export interface Ssl2Hello {
  type: 'client' | 'server';
  version: number;
  /** Of the whole record. */
  length: number;
}

const CLIENT_HELLO = 1;
const SERVER_HELLO = 4;

/** As many bytes tell a hello of either side. */
export const SSL2_HELLO_HEAD = 13;

/** Null where the bytes begin neither an SSL 2.0 client hello nor server hello; needs eleven bytes. */
export function readSsl2Hello(bytes: Uint8Array): Ssl2Hello | null {
  if (bytes.length < 11 || (bytes[0]! & 0x80) === 0) return null;
  const length = ((bytes[0]! & 0x7f) << 8) | bytes[1]!;
  if (bytes[2] === CLIENT_HELLO) return clientHello(bytes, length);
  return bytes[2] === SERVER_HELLO ? serverHello(bytes, length) : null;
}

/** The lengths of ciphers (in threes), session and challenge add up to the record. */
function clientHello(bytes: Uint8Array, length: number): Ssl2Hello | null {
  const version = u16(bytes, 3);
  const [ciphers, session, challenge] = [u16(bytes, 5), u16(bytes, 7), u16(bytes, 9)];
  if (version !== 2 && (version < 0x0300 || version > 0x0303)) return null;
  if (ciphers === 0 || ciphers % 3 !== 0 || challenge < 16 || challenge > 32) return null;
  const sound = 9 + ciphers + session + challenge === length && (session === 0 || session === 16);
  return sound ? { type: 'client', version, length: length + 2 } : null;
}

/** Hit, certificate type, version; then lengths of certificate, ciphers and connection id. */
function serverHello(bytes: Uint8Array, length: number): Ssl2Hello | null {
  if (bytes.length < 13 || bytes[3]! > 1 || bytes[4]! > 1 || u16(bytes, 5) !== 2) return null;
  const sound = 11 + u16(bytes, 7) + u16(bytes, 9) + u16(bytes, 11) === length;
  return sound ? { type: 'server', version: 2, length: length + 2 } : null;
}

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}
