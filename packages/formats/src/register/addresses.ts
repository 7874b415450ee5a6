import { ADDRESSES_PER_CELL } from '../limits.ts';

/** What a cell with addresses held: those read, and in words what could not be. */
export interface AddressCell {
  values: string[];
  problems: string[];
}

/** All usual spellings: 00:1b:…, 00-1B-…, 0:1b:…, 001b.17aa.bbcc, 001b17-aabbcc, 001b17aabbcc, 0x001b…, "00 1b …". */
const macPattern =
  /(?<![0-9a-z:])(?:[0-9a-f]{1,2}(?:([:-])[0-9a-f]{1,2})(?:\1[0-9a-f]{1,2}){4}|[0-9a-f]{4}([.:-])[0-9a-f]{4}\2[0-9a-f]{4}|[0-9a-f]{6}[-:.][0-9a-f]{6}|(?:0x)?[0-9a-f]{12}|[0-9a-f]{2}(?: [0-9a-f]{2}){5})(?![0-9a-z]|[:-][0-9a-f])/gi;

/** Words people put beside an address ("eth0:", "LAN", "(WiFi)"). */
const label =
  /\b(?:eth|en|wlan|lan|wifi|wi-fi|wired|wireless|wl|nic|port|bt|ethernet|mac|ipv?[46]?|primary|secondary|and|und|et|y|or|static|fixed)\s?\d{0,2}\b/gi;
const separators = /[\s,;/|&+()[\]:=]+/g;

/** Reads every MAC address of a cell into the sensor's form (lower case, colons). */
export function parseMacs(cell: string): AddressCell {
  const values: string[] = [];
  const problems: string[] = [];
  const rest = cell.replaceAll(macPattern, (match) => {
    const mac = canonicalMac(match);
    const problem = macProblem(mac);
    if (problem) problems.push(`${mac} ${problem}`);
    else if (!values.includes(mac)) values.push(mac);
    return ' ';
  });
  for (const word of leftovers(rest)) problems.push(explainMac(word));
  return bounded({ values, problems }, 'MAC');
}

function canonicalMac(text: string): string {
  const plain = text.toLowerCase().replace(/^0x/, '');
  const parts = plain.split(/[:\- ]/);
  const digits =
    parts.length === 6
      ? parts.map((part) => part.padStart(2, '0')).join('')
      : plain.replaceAll(/[^0-9a-f]/g, '');
  return digits.match(/../g)?.join(':') ?? '';
}

function macProblem(mac: string): string | null {
  if (mac === '00:00:00:00:00:00') return 'is the empty address, which no device has';
  if (mac === 'ff:ff:ff:ff:ff:ff') return 'is the broadcast address, which no device has';
  // IEEE 802-2014 §8.2.2: the lowest bit of the first octet marks a group.
  if (Number.parseInt(mac.slice(0, 2), 16) & 1)
    return 'is a multicast address, which no device has as its own';
  return null;
}

function explainMac(word: string): string {
  const shown = quote(word);
  if (/^\d+([.,]\d+)?e\+?\d+$/i.test(word))
    return `${shown} was turned into a number by a spreadsheet; expected 12 hexadecimal digits`;
  if (/^[0-9a-f]{9,11}$/i.test(word))
    return `${shown} has ${word.length} of 12 hexadecimal digits; a spreadsheet may have dropped leading zeros`;
  if (/^([0-9a-f]{2}[:-]){7}[0-9a-f]{2}$/i.test(word))
    return `${shown} has 64 bits (EUI-64); expected a MAC address of 48 bits`;
  return `${shown} is no MAC address; expected 12 hexadecimal digits as 00:1b:17:aa:bb:cc`;
}

const ipv4Pattern = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** Reads every IP address of a cell: IPv4 dotted without leading zeros, IPv6 in the form of RFC 5952. */
export function parseIps(cell: string): AddressCell {
  const values: string[] = [];
  const problems: string[] = [];
  for (const word of cell.replaceAll(/\[([0-9a-f:.]+(?:%\w+)?)\]/gi, '$1').split(/[\s,;|&+()]+/)) {
    if (word === '' || isLabel(word) || /^(dhcp|dynamic|dynamisch|dinamica?|dynamique)$/i.test(word))
      continue;
    const ip = canonicalIp(word.replace(/\/\d{1,3}$/, '').replace(/%\w+$/, ''));
    const problem =
      ip === null
        ? `${quote(word)} is no IP address; expected one as 10.20.30.40 or 2001:db8::7`
        : ipProblem(ip);
    if (problem) problems.push(problem);
    else if (ip !== null && !values.includes(ip)) values.push(ip);
  }
  return bounded({ values, problems }, 'IP');
}

function canonicalIp(text: string): string | null {
  const four = ipv4Pattern.exec(text);
  if (four) {
    // Registers pad with zeros (010.001.002.003); nobody writes octal in one.
    const octets = four.slice(1).map(Number);
    return octets.every((octet) => octet <= 255) ? octets.join('.') : null;
  }
  if (!text.includes(':') || !/^[0-9a-f:.]{2,45}$/i.test(text)) return null;
  const url = `http://[${text}]/`;
  // WHATWG URL serialises as RFC 5952 does: lower case, the first longest run of zeros folded.
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : null;
}

function ipProblem(ip: string): string | null {
  if (ip === '0.0.0.0' || ip === '::') return `${ip} is the unspecified address, which no device has`;
  if (ip.startsWith('127.') || ip === '::1')
    return `${ip} is a loopback address, which says nothing about the network`;
  if (ip === '255.255.255.255') return `${ip} is the broadcast address, which no device has`;
  return null;
}

function leftovers(rest: string): string[] {
  return rest
    .replaceAll(label, ' ')
    .split(/[\s,;/|&()[\]]+/)
    .filter((word) => word.replaceAll(separators, '').replaceAll('-', '') !== '');
}

function isLabel(word: string): boolean {
  return word.replaceAll(label, '').replaceAll(separators, '') === '';
}

function quote(word: string): string {
  return `"${word.length > 40 ? `${word.slice(0, 39)}…` : word}"`;
}

function bounded(cell: AddressCell, kind: string): AddressCell {
  if (cell.values.length <= ADDRESSES_PER_CELL) return { ...cell, problems: cell.problems.slice(0, 8) };
  const problem = `${cell.values.length} ${kind} addresses in one cell; the first ${ADDRESSES_PER_CELL} are kept`;
  return {
    values: cell.values.slice(0, ADDRESSES_PER_CELL),
    problems: [problem, ...cell.problems.slice(0, 7)],
  };
}
