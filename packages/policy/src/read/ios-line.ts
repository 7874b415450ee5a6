import { WILDCARD_RANGES } from '../limits.ts';
import { type Family, mergeRanges, parseAddress, type Range } from '../space/addresses.ts';
import { subtractRanges } from '../space/boxes.ts';
import { type Box, protocols } from '../space/packet.ts';
import { icmpMessages } from './icmp-messages.ts';
import { portNames } from './port-names.ts';

/** Thrown within the reader of IOS and caught at its door. */
export class IosFault extends Error {}

/** Named sets of a configuration. @throws IosFault where there is none of that name */
export interface Groups {
  network(name: string, family: Family): Range[];
  /** Whole services: protocol and ports. */
  service(name: string): Box[];
  port(name: string): Range[];
}

function none(name: string): never {
  throw new IosFault(`there is no object group ${name}`);
}
export const noGroups: Groups = { network: none, service: none, port: none };

/** Words without the number of an entry before them. */
export const unnumbered = (words: readonly string[]): readonly string[] =>
  /^\d+$/.test(words[0] ?? '') ? words.slice(1) : words;

/** The words of one line, taken from the left. */
export class Words {
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
    const services = this.take('object-group', 'net-group') === null ? null : this.#serviceGroup();
    const numbers = services === null ? this.#protocols(family) : [];
    const source = this.addresses(family, false);
    const sourcePort = services === null ? this.#ports(numbers) : null;
    const destination = this.addresses(family, false);
    const destinationPort = services === null ? this.#ports(numbers) : null;
    const where = { source, destination };
    const boxes = services ?? this.#rest(numbers, sourcePort, destinationPort, family);
    return boxes.map((box) => ({ ...box, ...where }));
  }

  /** Protocol and ports of a line between two tags: `tcp src eq 1 dst range 2 3`. */
  roleBased(family: Family): Box[] {
    const numbers = this.#protocols(family);
    let [source, destination]: (Range[] | null)[] = [null, null];
    for (let side = this.take('src', 'dst'); side !== null; side = this.take('src', 'dst')) {
      const ports = this.#ports(numbers);
      if (ports === null) throw new IosFault(`expected ports after ${side}`);
      if (side === 'src') source = ports;
      else destination = ports;
    }
    return this.#rest(numbers, source ?? null, destination ?? null, family);
  }

  #serviceGroup(): Box[] {
    return this.#groups.service(this.next('the name of an object group'));
  }

  /** None where the line is of every protocol. */
  #protocols(family: Family): bigint[] {
    const word = this.next('a protocol');
    if (word === 'ip' || word === 'ipv6' || word === 'ipv4') return [];
    if (word === 'icmp') return [family === 4 ? 1n : 58n];
    return word === 'tcp-udp' ? [6n, 17n] : [numberOfProtocol(word)];
  }

  /** One line of a service group. */
  service(family: Family = 4): Box[] {
    const numbers = this.#protocols(family);
    const source = this.take('source') === null ? null : this.#ports(numbers);
    const destination = this.#ports(numbers);
    const boxes = this.#rest(numbers, source, destination, family);
    this.end();
    return boxes;
  }

  /** Nothing may follow. */
  end(): void {
    if (this.#word !== undefined) throw new IosFault(`${this.#word} is not known here`);
  }

  /** `any`, `host A`, `A/len`, `A W` and `object-group G`; a standard line may give the address alone. */
  addresses(family: Family, alone: boolean, masks: 'mask' | 'wildcard' = 'wildcard'): Range[] {
    const word = this.next('an address');
    if (word === 'any' || word === `any${family}`) return [whole(family)];
    if (word === 'host') return [single(this.next('an address'), family)];
    if (['object-group', 'addrgroup', 'net-group'].includes(word))
      return mergeRanges(this.#groups.network(this.next('the name of an object group'), family));
    if (word.includes('/')) return [prefix(word, family)];
    if (word.endsWith(',')) return this.#shown(word.slice(0, -1), family);
    const address = single(word, family);
    const mask = this.#word === undefined ? null : parseAddress(this.#word);
    if (mask?.family === 4 && family === 4) {
      this.#at += 1;
      return wildcard(address.first, masks === 'wildcard' ? mask.value : maskToWildcard(mask.value));
    }
    if (family === 4 && /^\/\d/.test(this.#word ?? ''))
      return [prefix(`${word}${this.next('a length')}`, family)];
    if (!alone) throw new IosFault(`expected a wildcard mask after ${word}`);
    return [address];
  }

  /** `10.0.0.0, wildcard bits 0.0.0.255`, as `show access-lists` has it. */
  #shown(address: string, family: Family): Range[] {
    if (this.take('wildcard') === null || this.take('bits') === null)
      throw new IosFault(`expected "wildcard bits" after ${address},`);
    const mask = single(this.next('a wildcard mask'), 4).first;
    return wildcard(single(address, family).first, mask);
  }

  between(family: Family): Range {
    const [first, last] = [
      single(this.next('an address'), family).first,
      single(this.next('an address'), family).first,
    ];
    if (first > last) throw new IosFault('the range ends before it begins');
    return { first, last };
  }

  #ports(numbers: readonly bigint[]): Range[] | null {
    if (numbers.length === 0 || !numbers.every((number) => [6n, 17n, 132n].includes(number))) return null;
    // NX-OS writes `portgroup`, IOS XR `port-group` and `net-group`.
    if (this.take('portgroup', 'port-group') !== null)
      return mergeRanges(this.#groups.port(this.next('a port group')));
    if (!['eq', 'neq', 'lt', 'gt', 'range'].includes(this.#word ?? '')) return null;
    return this.portsOf(numbers[0] === 17n ? 'udp' : 'tcp');
  }

  /** `eq 80 443`, `range 1 5`, `lt 5`, `gt 5`, `neq 5` */
  portsOf(protocol: 'tcp' | 'udp'): Range[] {
    const operator = this.next('eq, neq, lt, gt or range');
    const first = portOf(this.next('a port'), protocol);
    if (operator === 'eq') return mergeRanges([point(first), ...this.#morePorts(protocol)]);
    if (operator === 'neq') {
      const held = mergeRanges([point(first), ...this.#morePorts(protocol)]);
      return subtractRanges([{ first: 0n, last: 65_535n }], held);
    }
    if (operator === 'lt') return first === 0n ? [] : [{ first: 0n, last: first - 1n }];
    if (operator === 'gt') return first === 65_535n ? [] : [{ first: first + 1n, last: 65_535n }];
    if (operator !== 'range') throw new IosFault(`expected eq, neq, lt, gt or range, found ${operator}`);
    const last = portOf(this.next('the last port'), protocol);
    if (last < first) throw new IosFault('the range of ports ends before it begins');
    return [{ first, last }];
  }

  /** `eq` and `neq` take several ports. */
  #morePorts(protocol: 'tcp' | 'udp'): Range[] {
    const more: Range[] = [];
    while (this.#word !== undefined && (/^\d+$/.test(this.#word) || Object.hasOwn(portNames, this.#word)))
      more.push(point(portOf(this.next('a port'), protocol)));
    return more;
  }

  #rest(
    numbers: readonly bigint[],
    source: Range[] | null,
    destination: Range[] | null,
    family: Family,
  ): Box[] {
    if (numbers.length === 0) return [{}];
    const of = { protocol: numbers.map(point) };
    if (numbers[0] === 1n || numbers[0] === 58n) return [{ ...of, ...this.#icmp(family) }];
    const isEstablished = numbers[0] === 6n && this.take('established') !== null;
    return [
      {
        ...of,
        ...(source === null ? {} : { sourcePort: source }),
        ...(destination === null ? {} : { destinationPort: destination }),
        ...(isEstablished ? { established: [point(1n)] } : {}),
      },
    ];
  }

  /** A message by its name, or a type and a code by number. */
  #icmp(family: Family): Box {
    const word = this.#word;
    if (word === undefined) return {};
    const messages = icmpMessages[family];
    const named = Object.hasOwn(messages, word) ? messages[word]! : null;
    const type = named?.type ?? byteOf(word);
    if (type === null) return {};
    this.#at += 1;
    const code = named?.code ?? (named === null && this.#word !== undefined ? byteOf(this.#word) : null);
    if (named === null && code !== null) this.#at += 1;
    const box = { sourcePort: [point(BigInt(type))] };
    return code === null ? box : { ...box, destinationPort: [point(BigInt(code))] };
  }

  /** What stands at the end: what the model leaves out, and the entry's number where it stands there. */
  rest(): { conditions: string[]; sequence: number | null } {
    const conditions: string[] = [];
    let sequence: number | null = null;
    while (this.#word !== undefined) {
      const word = this.next('');
      if (word === 'log' || word === 'log-input') this.#cookie();
      else if (word === 'capture') this.take('session');
      else if (word === 'counter') this.next('the name of a counter');
      else if (word === 'sequence') sequence = Number(this.next('a number')) || null;
      else conditions.push(this.#condition(word));
    }
    return { conditions, sequence };
  }

  /** A word of the administrator's own, which stands last. */
  #cookie(): void {
    const [word, ...others] = this.#words.slice(this.#at);
    if (word !== undefined && others.length === 0 && !conditionWords.has(word)) this.#at += 1;
  }

  #condition(word: string): string {
    const follow = conditionWords.get(word);
    if (follow === undefined && !/^[+-]/.test(word)) throw new IosFault(`${word} is not known here`);
    if (follow === 'comparison') return [word, ...this.#comparison()].join(' ');
    const rest = follow === 'rest' ? this.#words.length - this.#at : (follow ?? 0);
    return [word, ...Array.from({ length: rest }, () => this.next(`what follows ${word}`))].join(' ');
  }

  /** `5`, `eq 5` or `range 5 9` */
  #comparison(): string[] {
    const first = this.next('a number or a comparison');
    if (first === 'range') return [first, this.next('a number'), this.next('a number')];
    return ['eq', 'neq', 'lt', 'gt'].includes(first) ? [first, this.next('a number')] : [first];
  }
}

/** Conditions that an entry may have beyond the fields of the model, with what follows each. */
const conditionWords: ReadonlyMap<string, number | 'comparison' | 'rest'> = new Map<
  string,
  number | 'comparison' | 'rest'
>([
  ['dscp', 'comparison'],
  ['precedence', 'comparison'],
  ['tos', 'comparison'],
  ['ttl', 'comparison'],
  ['packet-length', 'comparison'],
  ['flow-label', 'comparison'],
  ['time-range', 1],
  ['fragments', 0],
  ['fragment', 0],
  ['vlan', 1],
  ['http-method', 1],
  ['ttl-value', 1],
  ['tracked', 0],
  ['flags', 1],
  ['dest-option', 0],
  ['mobility', 0],
  ['hbh', 0],
  ['auth', 0],
  ['police', 'rest'],
  ['set', 'rest'],
  ['default', 'rest'],
  ['udf', 'rest'],
  ['fragment-type', 1],
  ['fragment-offset', 'comparison'],
  ['reflect', 1],
  ['timeout', 1],
  ['option', 1],
  ['match-any', 1],
  ['match-all', 1],
  ['routing', 0],
  ['undetermined-transport', 0],
  ['nexthop1', 'rest'],
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

/** The wildcard of `255.255.255.0`; a mask whose bits are not together is a mistake. */
function maskToWildcard(mask: bigint): bigint {
  const rest = ~mask & 0xffffffffn;
  if ((rest & (rest + 1n)) !== 0n) throw new IosFault('the mask of a network has its bits not together');
  return rest;
}

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

const byteOf = (word: string): number | null =>
  /^\d{1,3}$/.test(word) && Number(word) <= 255 ? Number(word) : null;
