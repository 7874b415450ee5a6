import { CONFIGURATION_CHARACTERS } from '../limits.ts';
import type { Line, ReadFault, Ruleset, Unmodelled } from '../ruleset.ts';
import { type Family, mergeRanges, parseAddress, type Range } from '../space/addresses.ts';
import { type Box, protocols } from '../space/packet.ts';
import { icmpTypeNames, portNames } from './port-names.ts';

class IosFault extends Error {}

/** Named sets of a configuration. */
interface Groups {
  network: Map<string, Range[]>;
  /** Whole services: protocol and ports. */
  service: Map<string, Box[]>;
  port: Map<string, Range[]>;
}

export type IosResult =
  | {
      rulesets: Ruleset[] /** Lines that could not be read; their lists are left out. */;
      faults: ReadFault[];
    }
  | { fault: ReadFault };

/**
 * Reads the extended and standard access lists of an IOS configuration, named and numbered, for IPv4 and IPv6, with object
 * groups. A list with a line that cannot be read is left out and named: half a list would be another list. What else
 * stands in the configuration is not looked at.
 */
export function readCiscoIos(text: string): IosResult {
  if (text.length > CONFIGURATION_CHARACTERS)
    return { fault: { line: 1, message: `the text has more than ${CONFIGURATION_CHARACTERS} characters` } };
  const reader = new IosReader();
  for (const [index, line] of text.split(/\r\n|[\r\n]/).entries()) reader.take(line, index + 1);
  return reader.result();
}

interface ListDraft {
  name: string;
  family: Family;
  standard: boolean;
  entries: { sequence: number; line: Line | null; lineNumber: number }[];
  unmodelled: Unmodelled[];
  broken: boolean;
}

const infinite = Number.MAX_SAFE_INTEGER;

class IosReader {
  readonly #groups: Groups = { network: new Map(), service: new Map(), port: new Map() };
  readonly #lists = new Map<string, ListDraft>();
  readonly #faults: ReadFault[] = [];
  #inside: { list: ListDraft } | { group: (words: readonly string[]) => void } | null = null;

  take(text: string, line: number): void {
    const words = text
      .trim()
      .split(/\s+/)
      .filter((word) => word !== '');
    if (words.length === 0 || words[0]!.startsWith('!')) return;
    try {
      if (!this.#opens(words, line, text) && this.#inside !== null && /^\s/.test(text))
        this.#within(words, line, text);
      else if (!/^\s/.test(text) && !this.#opened) this.#inside = null;
    } catch (error) {
      if (!(error instanceof IosFault)) throw error;
      this.#faults.push({ line, message: error.message });
      if (this.#inside !== null && 'list' in this.#inside) this.#inside.list.broken = true;
    }
  }

  #opened = false;

  /** A line that begins a list or a group, or is a whole entry of a numbered list. */
  #opens(words: readonly string[], line: number, text: string): boolean {
    this.#opened = true;
    const [first, second, third, fourth] = words;
    if (first === 'ip' && second === 'access-list' && (third === 'extended' || third === 'standard'))
      this.#inside = { list: this.#list(named(fourth), 4, third === 'standard') };
    else if (first === 'ipv6' && second === 'access-list')
      this.#inside = { list: this.#list(named(third), 6, false) };
    else if (first === 'object-group') this.#inside = { group: this.#group(words) };
    else if (first === 'access-list' && second !== undefined && /^\d+$/.test(second)) {
      this.#inside = { list: this.#list(second, 4, isStandard(Number(second))) };
      this.#within(words.slice(2), line, text);
      this.#inside = null;
    } else {
      this.#opened = false;
      return false;
    }
    return true;
  }

  #list(name: string, family: Family, standard: boolean): ListDraft {
    const key = `${family} ${name}`;
    const before = this.#lists.get(key);
    if (before !== undefined) return before;
    const list: ListDraft = { name, family, standard, entries: [], unmodelled: [], broken: false };
    this.#lists.set(key, list);
    return list;
  }

  /** The first words of a group win: IOS keeps what is there already. */
  #group(words: readonly string[]): (words: readonly string[]) => void {
    const [, kind, ...rest] = words;
    const isPort = kind === 'ip' && rest[0] === 'port';
    const name = named(isPort ? rest[1] : rest[0]);
    if (isPort) {
      const ranges = this.#groups.port.get(name) ?? [];
      this.#groups.port.set(name, ranges);
      return (line) => void ranges.push(...new Words(line, this.#groups).portsOf('tcp'));
    }
    if (kind === 'network') return this.#networkGroup(name);
    if (kind === 'service') return this.#serviceGroup(name);
    throw new IosFault(`an object group of ${kind} is not known here`);
  }

  #networkGroup(name: string): (words: readonly string[]) => void {
    const ranges = this.#groups.network.get(name) ?? [];
    this.#groups.network.set(name, ranges);
    return (line) => {
      const words = new Words(line, this.#groups);
      if (words.take('description') !== null) return;
      if (words.take('group-object') !== null)
        ranges.push(...groupOf(this.#groups.network, words.next('a group')));
      else if (words.take('range') !== null) ranges.push(words.between());
      else ranges.push(...words.addresses(4, true).ranges);
    };
  }

  #serviceGroup(name: string): (words: readonly string[]) => void {
    const boxes = this.#groups.service.get(name) ?? [];
    this.#groups.service.set(name, boxes);
    return (line) => {
      const words = new Words(line, this.#groups);
      if (words.take('description') !== null) return;
      if (words.take('group-object') !== null)
        boxes.push(...groupOf(this.#groups.service, words.next('a group')));
      else boxes.push(...words.service());
    };
  }

  #within(words: readonly string[], line: number, text: string): void {
    if (this.#inside === null) return;
    if ('group' in this.#inside) {
      this.#inside.group(words);
      return;
    }
    const { list } = this.#inside;
    const numbered = /^\d+$/.test(words[0] ?? '');
    const sequence = numbered ? Number(words[0]) : infinite;
    const rest = numbered ? words.slice(1) : words;
    if (rest[0] === 'remark' || rest[0] === 'statistics') return;
    if (rest[0] === 'sequence' && list.family === 6) {
      this.#within(rest.slice(1), line, text);
      return;
    }
    if (rest[0] === 'no')
      throw new IosFault('"no" takes an entry away again; only a whole configuration is read');
    const parsed = entry(rest, list, this.#groups, line, text);
    list.entries.push({ sequence, line: parsed, lineNumber: line });
  }

  result(): IosResult {
    const whole = [...this.#lists.values()].filter(({ broken }) => !broken);
    return { rulesets: whole.map(rulesetOf), faults: this.#faults };
  }
}

function rulesetOf({ name, family, entries, unmodelled }: ListDraft): Ruleset {
  const ordered = entries.toSorted((a, b) => a.sequence - b.sequence || a.lineNumber - b.lineNumber);
  const lines = ordered.map(({ line }) => line).filter((line) => line !== null);
  // An empty list that is bound lets everything through (IOS); one line is enough for the denial at its end.
  const otherwise = lines.length === 0 ? 'permit' : 'deny';
  return { name, lines, otherwise, stateful: false, unmodelled, beside: family === 6 ? [discovery] : [] };
}

/** IOS answers for neighbours by itself before the denial at the end of an IPv6 list, so that the segment goes on working. */
const discovery = {
  family: 6 as const,
  boxes: [{ protocol: [{ first: 58n, last: 58n }], sourcePort: [{ first: 135n, last: 136n }] }],
  what: 'neighbour discovery (ICMPv6 types 135 and 136), which IOS permits before the end of an IPv6 list',
};

function named(word: string | undefined): string {
  if (word === undefined) throw new IosFault('expected a name, found the end of the line');
  return word;
}

/** Numbers of standard lists: 1-99 and 1300-1999. */
const isStandard = (number: number): boolean => number < 100 || (number >= 1300 && number < 2000);

function groupOf<T>(groups: ReadonlyMap<string, T[]>, name: string): T[] {
  const group = groups.get(name);
  if (group === undefined) throw new IosFault(`there is no object group ${name}`);
  return group;
}

/** One `permit` or `deny` line. */
function entry(
  text: readonly string[],
  list: ListDraft,
  groups: Groups,
  lineNumber: number,
  source: string,
): Line | null {
  const words = new Words(text, groups);
  const action = words.next('permit or deny');
  if (action !== 'permit' && action !== 'deny')
    throw new IosFault(`expected permit or deny, found ${action}`);
  const { family } = list;
  const boxes = list.standard ? standardBoxes(words) : words.extended(family);
  const unknown = words.unmodelled();
  if (unknown.length > 0) list.unmodelled.push({ line: lineNumber, what: unknown.join(', ') });
  const line: Line = { family, action, boxes, line: lineNumber, text: source };
  // What holds only under a condition that is left out must not take anything away.
  return unknown.length > 0 && action === 'deny' ? null : line;
}

function standardBoxes(words: Words): Box[] {
  const { ranges } = words.addresses(4, true);
  return [{ source: ranges }];
}

/** The words of one line, taken from the left. */
class Words {
  readonly #words: readonly string[];
  readonly #groups: Groups;
  #at = 0;

  constructor(words: readonly string[], groups: Groups) {
    this.#words = words;
    this.#groups = groups;
  }

  get #word(): string | undefined {
    return this.#words[this.#at];
  }

  take(...options: readonly string[]): string | null {
    const word = this.#word;
    if (word === undefined || !options.includes(word)) return null;
    this.#at += 1;
    return word;
  }

  next(expected: string): string {
    const word = this.#word;
    if (word === undefined) throw new IosFault(`expected ${expected}, found the end of the line`);
    this.#at += 1;
    return word;
  }

  /** Protocol, addresses and ports of an extended line. */
  extended(family: Family): Box[] {
    const services = this.take('object-group') === null ? null : this.#serviceGroup();
    const protocol = services === null ? this.#protocol(family) : null;
    const source = this.addresses(family, false).ranges;
    const sourcePort = protocol === null ? null : this.#ports(protocol);
    const destination = this.addresses(family, false).ranges;
    const destinationPort = protocol === null ? null : this.#ports(protocol);
    const where = { source, destination };
    if (services !== null) return services.map((service) => ({ ...service, ...where }));
    return [{ ...where, ...this.#rest(protocol!, sourcePort, destinationPort, family) }];
  }

  #serviceGroup(): Box[] {
    return groupOf(this.#groups.service, this.next('the name of an object group'));
  }

  /** Null where the line is of every protocol. */
  #protocol(family: Family): bigint | 'any' {
    const word = this.next('a protocol');
    if (word === 'ip' || word === 'ipv6') return 'any';
    if (word === 'icmp') return family === 4 ? 1n : 58n;
    return numberOfProtocol(word);
  }

  /** One line of a service group. */
  service(): Box[] {
    const protocol = this.#protocol(4);
    if (protocol === 'any') return [{}];
    const source = this.take('source') === null ? null : this.#ports(protocol);
    const destination = this.#ports(protocol);
    const rest = this.#rest(protocol, source, destination, 4);
    if (this.#word !== undefined) throw new IosFault(`${this.#word} is not known here`);
    return [rest];
  }

  /** `any`, `host A`, `A/len`, `A W` and `object-group G`; a standard line may give the address alone. */
  addresses(family: Family, alone: boolean): { ranges: Range[] } {
    const word = this.next('an address');
    if (word === 'any' || word === 'any4' || word === 'any6') return { ranges: [whole(family)] };
    if (word === 'host') return { ranges: [single(this.next('an address'), family)] };
    if (word === 'object-group' || word === 'addrgroup' || word === 'net-group')
      return { ranges: mergeRanges(groupOf(this.#groups.network, this.next('the name of an object group'))) };
    if (word.includes('/')) return { ranges: [prefix(word, family)] };
    const address = single(word, family);
    const mask = this.#word === undefined ? null : parseAddress(this.#word);
    if (mask === null || family === 6) {
      if (!alone) throw new IosFault(`expected a wildcard mask after ${word}`);
      return { ranges: [address] };
    }
    this.#at += 1;
    return { ranges: wildcard(address.first, mask.value) };
  }

  between(): Range {
    const [first, last] = [
      single(this.next('an address'), 4).first,
      single(this.next('an address'), 4).first,
    ];
    if (first > last) throw new IosFault('the range ends before it begins');
    return { first, last };
  }

  #ports(protocol: bigint | 'any'): Range[] | null {
    if (protocol === 'any' || ![6n, 17n, 132n].includes(protocol)) return null;
    if (this.take('portgroup') !== null)
      return mergeRanges(groupOf(this.#groups.port, this.next('a port group')));
    if (!['eq', 'neq', 'lt', 'gt', 'range'].includes(this.#word ?? '')) return null;
    return this.portsOf(protocol === 17n ? 'udp' : 'tcp');
  }

  /** `eq 80 443`, `range 1 5`, `lt 5`, `gt 5`, `neq 5` */
  portsOf(protocol: 'tcp' | 'udp'): Range[] {
    const operator = this.next('eq, neq, lt, gt or range');
    const first = portOf(this.next('a port'), protocol);
    if (operator === 'eq') return mergeRanges([point(first), ...this.#morePorts(protocol)]);
    if (operator === 'neq') return gapsAround(first);
    if (operator === 'lt') return first === 0n ? [] : [{ first: 0n, last: first - 1n }];
    if (operator === 'gt') return first === 65_535n ? [] : [{ first: first + 1n, last: 65_535n }];
    if (operator !== 'range') throw new IosFault(`expected eq, neq, lt, gt or range, found ${operator}`);
    const last = portOf(this.next('the last port'), protocol);
    if (last < first) throw new IosFault('the range of ports ends before it begins');
    return [{ first, last }];
  }

  /** `eq` takes several ports. */
  #morePorts(protocol: 'tcp' | 'udp'): Range[] {
    const more: Range[] = [];
    while (this.#word !== undefined && (/^\d+$/.test(this.#word) || Object.hasOwn(portNames, this.#word)))
      more.push(point(portOf(this.next('a port'), protocol)));
    return more;
  }

  #rest(protocol: bigint | 'any', source: Range[] | null, destination: Range[] | null, family: Family): Box {
    if (protocol === 'any') return {};
    const of = { protocol: [point(protocol)] };
    if (protocol === 1n || protocol === 58n) return { ...of, ...this.#icmp(family) };
    const isEstablished = protocol === 6n && this.take('established') !== null;
    return {
      ...of,
      ...(source === null ? {} : { sourcePort: source }),
      ...(destination === null ? {} : { destinationPort: destination }),
      ...(isEstablished ? { established: [point(1n)] } : {}),
    };
  }

  /** A type by name or number, and a code. */
  #icmp(family: Family): Box {
    const names = icmpTypeNames[family === 4 ? 'icmp' : 'icmpv6'];
    const word = this.#word;
    const type = word === undefined ? null : byteOf(word, names);
    if (type === null) return {};
    this.#at += 1;
    const code = this.#word === undefined ? null : byteOf(this.#word, {});
    if (code === null) return { sourcePort: [point(type)] };
    this.#at += 1;
    return { sourcePort: [point(type)], destinationPort: [point(code)] };
  }

  /** What stands at the end and is not about which packets; and of the rest, what the model leaves out. */
  unmodelled(): string[] {
    const unknown: string[] = [];
    while (this.#word !== undefined) {
      const word = this.next('');
      if (word === 'log' || word === 'log-input') continue;
      if (conditions.has(word)) unknown.push([word, ...this.#argument(word)].join(' '));
      else throw new IosFault(`${word} is not known here`);
    }
    return unknown;
  }

  #argument(word: string): string[] {
    return conditions.get(word) === 1 ? [this.next(`what follows ${word}`)] : [];
  }
}

/** Conditions that a line may have, with how many words follow. */
const conditions: ReadonlyMap<string, number> = new Map([
  ['dscp', 1],
  ['precedence', 1],
  ['tos', 1],
  ['time-range', 1],
  ['ttl', 1],
  ['fragments', 0],
  ['reflect', 1],
  ['option', 1],
  ['match-any', 1],
  ['match-all', 1],
  ['ack', 0],
  ['fin', 0],
  ['psh', 0],
  ['rst', 0],
  ['syn', 0],
  ['urg', 0],
]);

const point = (value: bigint): Range => ({ first: value, last: value });
const whole = (family: Family): Range => ({ first: 0n, last: (1n << (family === 4 ? 32n : 128n)) - 1n });

function single(text: string, family: Family): Range {
  const address = parseAddress(text);
  if (address === null || address.family !== family) throw new IosFault(`${text} is no IPv${family} address`);
  return point(address.value);
}

/** A prefix; bits beside its mask mean nothing to IOS. */
function prefix(text: string, family: Family): Range {
  const [address, length] = text.split('/');
  const { first } = single(address!, family);
  const bits = family === 4 ? 32 : 128;
  if (!/^\d{1,3}$/.test(length ?? '') || Number(length) > bits) throw new IosFault(`${text} is no prefix`);
  const rest = (1n << BigInt(bits - Number(length))) - 1n;
  return { first: first & ~rest, last: first | rest };
}

/** Rows of ranges of a wildcard mask, whose set bits need not be together. */
const WILDCARD_RANGES = 65_536;

function wildcard(address: bigint, mask: bigint): Range[] {
  let low = 0n;
  while (((mask >> low) & 1n) === 1n) low += 1n;
  const tail = (1n << low) - 1n;
  const holes = [...Array(32).keys()].map(BigInt).filter((bit) => bit >= low && ((mask >> bit) & 1n) === 1n);
  if (2 ** holes.length > WILDCARD_RANGES)
    throw new IosFault('the wildcard mask stands for more than 65,536 ranges');
  const base = address & ~mask & 0xffffffffn;
  const ranges = Array.from({ length: 2 ** holes.length }, (_, index) => {
    const value = holes.reduce((sum, bit, place) => ((index >> place) & 1 ? sum | (1n << bit) : sum), base);
    return { first: value, last: value | tail };
  });
  return mergeRanges(ranges);
}

function numberOfProtocol(word: string): bigint {
  if (Object.hasOwn(protocols, word)) return protocols[word]!;
  const other = { ahp: 51n, eigrp: 88n, ipinip: 4n, nos: 94n, pcp: 108n, pim: 103n, igrp: 9n }[word];
  if (other !== undefined) return other;
  if (/^\d{1,3}$/.test(word) && Number(word) <= 255) return BigInt(word);
  throw new IosFault(`${word} is no protocol that is known here`);
}

/** The same word may be another port in UDP. */
function portOf(word: string, protocol: 'tcp' | 'udp'): bigint {
  if (/^\d{1,5}$/.test(word) && Number(word) <= 65_535) return BigInt(word);
  const number = (protocol === 'udp' ? udpNames[word] : undefined) ?? portNames[word];
  if (number === undefined) throw new IosFault(`${word} is no port that is known here`);
  return BigInt(number);
}

const udpNames: Readonly<Record<string, number>> = { who: 513, biff: 512, syslog: 514, talk: 517, rip: 520 };

function gapsAround(value: bigint): Range[] {
  return [
    { first: 0n, last: value - 1n },
    { first: value + 1n, last: 65_535n },
  ].filter(({ first, last }) => first <= last);
}

function byteOf(word: string, names: Readonly<Record<string, number>>): bigint | null {
  if (Object.hasOwn(names, word)) return BigInt(names[word]!);
  return /^\d{1,3}$/.test(word) && Number(word) <= 255 ? BigInt(word) : null;
}
