import { hash } from 'node:crypto';
import { isGrease } from './grease.ts';
import { alpnNames, type ClientHello, extensionOf, extensionTypes, numbersIn } from './hello.ts';
import { highestVersion } from './version.ts';

const versionCodes: Readonly<Record<number, string>> = {
  2: 's2',
  768: 's3',
  769: '10',
  770: '11',
  771: '12',
  772: '13',
  65279: 'd1',
  65277: 'd2',
  65276: 'd3',
};
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
/** TCP, datagram TLS, QUIC. */
export type Ja4Transport = 't' | 'd' | 'q';

const NOTHING = '000000000000';

/**
 * JA4 of a TLS or DTLS client, by FoxIO's description of JA4 (BSD-licensed; the other methods of the JA4+ suite are
 * not used). GREASE is left out everywhere.
 */
export function ja4(hello: ClientHello, transport: Ja4Transport): string {
  const ciphers = hello.ciphers.filter((cipher) => !isGrease(cipher));
  const types = hello.extensions.map((extension) => extension.type).filter((type) => !isGrease(type));
  return `${prefix(hello, transport, ciphers, types)}_${cipherHash(ciphers)}_${extensionHash(hello, types)}`;
}

function prefix(hello: ClientHello, transport: string, ciphers: number[], types: number[]): string {
  const offered = numbersIn(extensionOf(hello.extensions, extensionTypes.supportedVersions), 1);
  const version = versionCodes[highestVersion(offered, hello.version)] ?? '00';
  const named = types.includes(extensionTypes.serverName) ? 'd' : 'i';
  const [alpn] = alpnNames(extensionOf(hello.extensions, extensionTypes.alpn));
  return `${transport}${version}${named}${count(ciphers)}${count(types)}${alpnMark(alpn)}`;
}

function count(list: readonly number[]): string {
  return String(Math.min(list.length, 99)).padStart(2, '0');
}

/** First and last character of the first protocol; where one of them is not alphanumeric, those of its hexadecimal form. */
function alpnMark(name: Uint8Array | undefined): string {
  const first = name?.[0];
  const last = name?.at(-1);
  if (first === undefined || last === undefined) return '00';
  if (isAlphanumeric(first) && isAlphanumeric(last)) return String.fromCharCode(first, last);
  return `${(first >>> 4).toString(16)}${(last & 15).toString(16)}`;
}

function isAlphanumeric(byte: number): boolean {
  return /[0-9A-Za-z]/.test(String.fromCharCode(byte));
}

function cipherHash(ciphers: readonly number[]): string {
  return ciphers.length === 0 ? NOTHING : digest(sortedHex(ciphers));
}

/** Server name and ALPN differ from one server to the next and stay out; signature algorithms keep their order. */
function extensionHash(hello: ClientHello, types: readonly number[]): string {
  const own = types.filter((type) => type !== extensionTypes.serverName && type !== extensionTypes.alpn);
  if (own.length === 0) return NOTHING;
  const data = extensionOf(hello.extensions, extensionTypes.signatureAlgorithms);
  const algorithms = numbersIn(data, 2).filter((algorithm) => !isGrease(algorithm));
  const list = sortedHex(own);
  return digest(algorithms.length === 0 ? list : `${list}_${algorithms.map(hex).join(',')}`);
}

function sortedHex(values: readonly number[]): string {
  return values.map(hex).toSorted().join(',');
}

function hex(value: number): string {
  return HEX[value >>> 8]! + HEX[value & 255]!;
}

function digest(text: string): string {
  return hash('sha256', text).slice(0, 12);
}
