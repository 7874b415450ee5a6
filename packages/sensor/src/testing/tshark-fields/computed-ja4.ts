/** JA4 by its public description, from what tshark read of a hello: shares no code with the sensor's own. */
import { createHash } from 'node:crypto';
import { allIn, type Field, valuesIn } from './packet-tree.ts';

/** What JA4 is made of, in the order of the wire, GREASE included. */
export interface RawHello {
  transport: 't' | 'd' | 'q';
  version: number;
  supportedVersions: number[];
  ciphers: number[];
  extensions: number[];
  signatureAlgorithms: number[];
  alpn: string | undefined;
}

const SERVER_NAME = 0;
const SIGNATURE_ALGORITHMS = 13;
const ALPN = 16;
const EMPTY = '0'.repeat(12);
const versions = new Map([
  [0x0002, 's2'],
  [0x0300, 's3'],
  [0x0301, '10'],
  [0x0302, '11'],
  [0x0303, '12'],
  [0x0304, '13'],
  [0xfeff, 'd1'],
  [0xfefd, 'd2'],
  [0xfefc, 'd3'],
]);

export function computedJa4(hello: RawHello): string {
  const ciphers = hello.ciphers.filter(isMeant);
  const extensions = hello.extensions.filter(isMeant);
  const hashed = inOrder(extensions.filter((type) => type !== SERVER_NAME && type !== ALPN));
  const algorithms = hello.signatureAlgorithms.filter(isMeant).map(fourDigits).join();
  const named = extensions.includes(SERVER_NAME) ? 'd' : 'i';
  const counts = [ciphers, extensions].map(({ length }) => `${Math.min(length, 99)}`.padStart(2, '0'));
  const head = [hello.transport, versionOf(hello), named, ...counts, endsOf(hello.alpn)].join('');
  const tail = algorithms === '' ? hashed : `${hashed}_${algorithms}`;
  return [head, shortHash(inOrder(ciphers)), shortHash(tail)].join('_');
}

/** What tshark's subtree of a ClientHello says. */
export function rawHello(hello: Field, transport: RawHello['transport']): RawHello {
  const texts = (field: Field, name: string) => [
    ...valuesIn(field, `tls.handshake.${name}`),
    ...valuesIn(field, `dtls.handshake.${name}`),
  ];
  const numbers = (field: Field, name: string) => texts(field, name).map(Number);
  const listed = extensionsIn(hello).find(
    (field) => numbers(field, 'extension.type')[0] === SIGNATURE_ALGORITHMS,
  );
  return {
    transport,
    version: numbers(hello, 'version')[0] ?? 0,
    supportedVersions: numbers(hello, 'extensions.supported_version'),
    ciphers: numbers(hello, 'ciphersuite'),
    extensions: numbers(hello, 'extension.type'),
    signatureAlgorithms: listed ? numbers(listed, 'sig_hash_alg') : [],
    alpn: texts(hello, 'extensions_alpn_str')[0],
  };
}

/** tshark's subtrees of the extensions have no name: each is the parent of a type. Other extensions list algorithms, too. */
function extensionsIn(hello: Field): Field[] {
  return allIn(hello, '').filter(({ fields }) =>
    fields.some(({ name }) => name.endsWith('tls.handshake.extension.type')),
  );
}

function versionOf({ supportedVersions, version, transport }: RawHello): string {
  const offered = supportedVersions.filter(isMeant);
  // Versions of DTLS count downwards.
  const highest = transport === 'd' ? Math.min(...offered) : Math.max(...offered);
  return versions.get(offered.length > 0 ? highest : version) ?? '00';
}

/** RFC 8701: both bytes alike, their lower halves ten. */
function isMeant(value: number): boolean {
  return !/^(.a)\1$/.test(fourDigits(value));
}

function endsOf(alpn: string | undefined): string {
  if (!alpn) return '00';
  const ends = `${alpn.at(0)}${alpn.at(-1)}`;
  const hex = Buffer.from(alpn, 'latin1').toString('hex');
  return /^[0-9a-z]{2}$/i.test(ends) ? ends : `${hex.at(0)}${hex.at(-1)}`;
}

function inOrder(values: readonly number[]): string {
  return values.map(fourDigits).sort().join();
}

function fourDigits(value: number): string {
  return value.toString(16).padStart(4, '0');
}

function shortHash(text: string): string {
  return text === '' ? EMPTY : createHash('sha256').update(text).digest('hex').slice(0, 12);
}
