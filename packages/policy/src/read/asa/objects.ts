import type { ReadFault } from '../../ruleset.ts';
import {
  type Family,
  mergeRanges,
  parseAddress,
  parseAddressRange,
  type Range,
  wholeRange,
  widthOf,
} from '../../space/addresses.ts';
import type { Box } from '../../space/packet.ts';
import { IosFault } from '../ios-line.ts';
import type { ConfigurationLine } from '../ios-lines.ts';
import { boxesOf } from './services.ts';

/** Addresses of both families; a list of an ASA holds both. */
export type Addresses = Record<Family, Range[]>;

/** What an ASA looks up by itself when packets come, in words. */
export interface Asked {
  addresses: Addresses;
  conditions: string[];
}

const kinds = ['network', 'service', 'protocol', 'icmp-type', 'user', 'security'] as const;
type Kind = (typeof kinds)[number];

interface Written {
  kind: Kind;
  isGroup: boolean;
  name: string;
  /** `tcp`, `udp` or `tcp-udp` where a group of services is of ports of one transport. */
  transport: string | null;
  members: ConfigurationLine[];
  isReading: boolean;
}

/** Objects and groups of an ASA, which may name each other in any order; and the names that it gives to addresses. */
export class AsaObjects {
  readonly #objects = new Map<string, Written>();
  readonly #names = new Map<string, string>();
  readonly faults: ReadFault[] = [];

  constructor(lines: Iterable<ConfigurationLine>) {
    let inside: Written | null = null;
    for (const line of lines) {
      if (line.isIndented) inside?.members.push(line);
      else inside = this.#opens(line);
    }
    for (const object of this.#objects.values()) this.#tried(object);
  }

  #opens({ words, line }: ConfigurationLine): Written | null {
    const [first, kind, name, transport] = words;
    if (first === 'name' && kind !== undefined && name !== undefined) this.#names.set(name, kind);
    if ((first !== 'object' && first !== 'object-group') || name === undefined) return null;
    if (!kinds.some((known) => known === kind)) {
      this.faults.push({ line, message: `an ${first} of ${kind} is not known here` });
      return null;
    }
    const object: Written = this.#objects.get(name) ?? {
      kind: kind as Kind,
      isGroup: first === 'object-group',
      name,
      transport: transport ?? null,
      members: [],
      isReading: false,
    };
    this.#objects.set(name, object);
    return object;
  }

  /** Reads every object once, so that a fault is told with its own line also where no list names it. */
  #tried(object: Written): void {
    try {
      if (object.kind === 'network') this.network(object.name);
      else if (object.kind === 'service' || object.kind === 'icmp-type') this.service(object.name);
      else if (object.kind === 'protocol') this.protocols(object.name);
    } catch (error) {
      if (!(error instanceof LineFault)) throw error;
      if (!this.faults.some(({ line }) => line === error.line))
        this.faults.push({ line: error.line, message: error.message });
    }
  }

  kindOf(name: string): Kind {
    return this.#named(name).kind;
  }

  #named(name: string): Written {
    const object = this.#objects.get(name);
    if (object === undefined) throw new IosFault(`there is no object ${name}`);
    return object;
  }

  /** Goes over the members of an object, each with its own line where it is at fault. */
  #each(name: string, kind: Kind, take: (words: readonly string[], object: Written) => void): void {
    const object = this.#named(name);
    if (object.kind !== kind) throw new IosFault(`the object ${name} is one of ${object.kind}`);
    if (object.isReading) throw new IosFault(`the object ${name} is a part of itself`);
    object.isReading = true;
    try {
      for (const { words, line } of object.members) {
        if (words[0] === 'description' || words[0] === 'nat') continue;
        try {
          take(words, object);
        } catch (error) {
          if (error instanceof LineFault || !(error instanceof IosFault)) throw error;
          throw new LineFault(line, error.message);
        }
      }
    } finally {
      object.isReading = false;
    }
  }

  network(name: string): Asked {
    const asked: Asked = { addresses: { 4: [], 6: [] }, conditions: [] };
    this.#each(name, 'network', (words) => this.#network(words, asked));
    return {
      ...asked,
      addresses: { 4: mergeRanges(asked.addresses[4]), 6: mergeRanges(asked.addresses[6]) },
    };
  }

  #network(words: readonly string[], asked: Asked): void {
    const [first, second, third] = words;
    if (first === 'group-object' || (first === 'network-object' && second === 'object')) {
      const inner = this.network((first === 'group-object' ? second : third) ?? '');
      for (const family of [4, 6] as const) asked.addresses[family].push(...inner.addresses[family]);
      asked.conditions.push(...inner.conditions);
      return;
    }
    if (first === 'fqdn') {
      asked.conditions.push(`the name ${words.at(-1)}`);
      for (const family of [4, 6] as const)
        if (second !== (family === 4 ? 'v6' : 'v4')) asked.addresses[family].push(wholeOf(family));
      return;
    }
    const { family, range } = this.#range(first === 'network-object' ? words.slice(1) : words);
    asked.addresses[family].push(range);
  }

  /** `host A`, `subnet A M`, `range A B`, `A M`, `P/n` */
  #range(words: readonly string[]): { family: Family; range: Range } {
    const [first, ...rest] = words;
    if (first === 'host') return this.single(rest[0]);
    if (first === 'range') {
      const [from, to] = [this.single(rest[0]), this.single(rest[1])];
      if (from.family !== to.family || from.range.first > to.range.last)
        throw new IosFault('the range ends before it begins');
      return { family: from.family, range: { first: from.range.first, last: to.range.last } };
    }
    return first === 'subnet' ? this.masked(rest[0], rest[1]) : this.masked(first, rest[0]);
  }

  single(text: string | undefined): { family: Family; range: Range } {
    const address = parseAddress(this.#names.get(text ?? '') ?? text ?? '');
    if (address === null) throw new IosFault(`${text ?? 'the end of the line'} is no address`);
    return { family: address.family, range: { first: address.value, last: address.value } };
  }

  /** `10.0.0.0 255.0.0.0` or `fd00::/8`; bits beside the mask mean nothing. */
  masked(text: string | undefined, mask: string | undefined): { family: Family; range: Range } {
    if (text?.includes('/')) {
      const [address, length] = text.split('/');
      const { family, range } = this.single(address);
      const whole = parseAddressRange(`${family === 4 ? '0.0.0.0' : '::'}/${length}`);
      if (whole === null) throw new IosFault(`${text} is no prefix`);
      return { family, range: { first: range.first & ~whole.last, last: range.first | whole.last } };
    }
    const { range } = this.single(text);
    const bits = parseAddress(mask ?? '');
    if (bits?.family !== 4) throw new IosFault(`expected a mask after ${text}`);
    const rest = ~bits.value & 0xffffffffn;
    if ((rest & (rest + 1n)) !== 0n) throw new IosFault('the mask of a network has its bits not together');
    return { family: 4, range: { first: range.first & ~rest, last: range.first | rest } };
  }

  /** Services of an object, a group of them, a group of ports of one transport, or of types of ICMP. */
  service(name: string): Box[] {
    const boxes: Box[] = [];
    const { kind } = this.#named(name);
    this.#each(name, kind === 'icmp-type' ? 'icmp-type' : 'service', (words, object) =>
      boxes.push(...this.#service(words, object)),
    );
    return boxes;
  }

  #service(words: readonly string[], { kind, transport }: Written): Box[] {
    const [first, second, third] = words;
    if (first === 'group-object') return this.service(second ?? '');
    if (first === 'service-object' && second === 'object') return this.service(third ?? '');
    if (kind === 'icmp-type') return boxesOf(['icmp', ...words.slice(1)]);
    if (first === 'port-object') return boxesOf([transport ?? 'tcp-udp', ...words.slice(1)]);
    if (first !== 'service' && first !== 'service-object') throw new IosFault(`${first} is not known here`);
    return boxesOf(words.slice(1).filter((word) => word !== 'destination'));
  }

  /** The ports of a group, whichever transport it is of. */
  isOfPorts(name: string): boolean {
    return this.#named(name).transport !== null;
  }

  protocols(name: string): string[] {
    const found: string[] = [];
    this.#each(name, 'protocol', ([first, second]) => {
      if (first === 'group-object') found.push(...this.protocols(second ?? ''));
      else if (first === 'protocol-object' && second !== undefined) found.push(second);
      else throw new IosFault(`expected protocol-object, found ${first}`);
      boxesOf([found.at(-1)!]);
    });
    return found;
  }
}

const wholeOf = (family: Family): Range => wholeRange(widthOf(family));

/** A fault with the line of the object that it stands in. */
export class LineFault extends IosFault {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}
