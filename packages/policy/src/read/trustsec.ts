import { CONFIGURATION_CHARACTERS } from '../limits.ts';
import { families } from '../resolve.ts';
import type { Line, ReadResult, Unmodelled } from '../ruleset.ts';
import {
  type Family,
  mergeRanges,
  parseAddress,
  type Range,
  wholeRange,
  widthOf,
} from '../space/addresses.ts';
import { subtractRanges } from '../space/boxes.ts';
import { type Box, contains, type Packet } from '../space/packet.ts';
import { IosFault, noGroups, Words } from './ios-line.ts';

interface Ace {
  action: Line['action'];
  boxes: Box[];
  line: number;
  text: string;
}

interface Cell {
  from: string;
  to: string;
  family: Family;
  list: string;
  line: number;
}

/**
 * Reads tags by address, role-based lists and the cells between tags from the configuration of a switch. Where tags come
 * from elsewhere (ISE, SXP, ports), nothing of it stands here, and a line that says so is refused.
 */
export function readTrustsec(text: string): ReadResult {
  if (text.length > CONFIGURATION_CHARACTERS)
    return { fault: { line: 1, message: `the text has more than ${CONFIGURATION_CHARACTERS} characters` } };
  const reader = new TrustsecReader();
  let number = 0;
  try {
    for (const line of text.split(/\r?\n/)) {
      number += 1;
      reader.take(line, number);
    }
    const ruleset = reader.ruleset();
    return { rulesets: ruleset === null ? [] : [ruleset] };
  } catch (error) {
    if (error instanceof IosFault)
      return { fault: { line: reader.faultLine ?? number, message: error.message } };
    throw error;
  }
}

class TrustsecReader {
  /** Of a cell that cannot be worked out at the end. */
  faultLine: number | null = null;
  readonly #maps: { family: Family; range: Range; length: number; tag: string }[] = [];
  readonly #lists = new Map<string, Ace[]>();
  readonly #cells: Cell[] = [];
  readonly #unmodelled: Unmodelled[] = [];
  #inside: { aces: Ace[]; family: Family } | null = null;

  take(text: string, line: number): void {
    const words = text.trim().split(/\s+/);
    if (words[0] === '' || words[0]!.startsWith('!')) return;
    if (/^\s/.test(text) && this.#inside !== null) {
      this.#ace(words, line, text);
      return;
    }
    this.#inside = null;
    const [first, second, third] = words;
    if ((first === 'ip' || first === 'ipv6') && second === 'access-list' && third === 'role-based')
      this.#list(first === 'ip' ? 4 : 6, words[3]);
    else if (first === 'cts' && second === 'role-based') this.#cts(words.slice(2), line);
  }

  #list(family: Family, name: string | undefined): void {
    if (name === undefined) throw new IosFault('expected the name of a list, found the end of the line');
    const aces = this.#lists.get(`${family} ${name}`) ?? [];
    this.#lists.set(`${family} ${name}`, aces);
    this.#inside = { aces, family };
  }

  #ace(words: readonly string[], line: number, text: string): void {
    const { aces, family } = this.#inside!;
    const [first] = words;
    const plain = /^\d+$/.test(first!) || first === 'sequence' ? words.slice(1) : words;
    if (plain[0] === 'remark') return;
    const ace = new Words(plain, noGroups);
    const action = ace.next('permit or deny');
    if (action !== 'permit' && action !== 'deny')
      throw new IosFault(`expected permit or deny, found ${action}`);
    const boxes = ace.roleBased(family);
    const { conditions } = ace.rest();
    if (conditions.length > 0) this.#unmodelled.push({ line, what: conditions.join(', ') });
    if (conditions.length === 0 || action === 'permit') aces.push({ action, boxes, line, text });
  }

  #cts(words: readonly string[], line: number): void {
    const [first, ...rest] = words;
    if (first === 'enforcement') return;
    if (first === 'sgt-map') this.#map(rest);
    else if (first === 'permissions') this.#permissions(rest, line);
    else throw new IosFault(`cts role-based ${first ?? ''} is not known here`);
  }

  /** `10.0.0.0/24 sgt 5`, `host 10.0.0.1 sgt 5` */
  #map(words: readonly string[]): void {
    const plain = words[0] === 'host' ? words.slice(1) : words;
    const [network, word, tag] = plain;
    const [address, bits] = (network ?? '').split('/');
    const parsed = parseAddress(address!);
    if (parsed === null || word !== 'sgt' || !/^\d+$/.test(tag ?? ''))
      throw new IosFault(
        'expected an address or a network, "sgt" and a number; tags of ports, VLANs and VRFs are not read',
      );
    const width = widthOf(parsed.family);
    const length = bits === undefined ? width : Number(bits);
    if (!(length >= 0 && length <= width)) throw new IosFault(`${network} is no network`);
    const rest = (1n << BigInt(width - length)) - 1n;
    const range = { first: parsed.value & ~rest, last: parsed.value | rest };
    this.#maps.push({ family: parsed.family, range, length, tag: tag === '0' ? 'unknown' : tag! });
  }

  /** `default ipv4 NAME`, `from 5 to unknown NAME` */
  #permissions(words: readonly string[], line: number): void {
    const isDefault = words[0] === 'default';
    if (!isDefault && (words[0] !== 'from' || words[2] !== 'to' || words.length < 5))
      throw new IosFault('expected "default" or "from TAG to TAG", and the name of a list');
    const tag = (text: string) => (text === '0' || text === 'unknown' ? 'unknown' : text);
    const [from, to] = isDefault ? ['any', 'any'] : [tag(words[1]!), tag(words[3]!)];
    const rest = words.slice(isDefault ? 1 : 4);
    const isSix = rest[0] === 'ipv6';
    const names = rest[0] === 'ipv4' || isSix ? rest.slice(1) : rest;
    if (names.length === 0) throw new IosFault('expected the name of a list, found the end of the line');
    for (const list of names) this.#cells.push({ from, to, family: isSix ? 6 : 4, list, line });
  }

  /** Null where there is neither a list nor a cell. */
  ruleset() {
    if (this.#cells.length === 0) return null;
    return {
      name: 'TrustSec',
      lines: families.flatMap((family) => this.#lines(family)),
      // Without a default of its own a switch lets everything through.
      otherwise: 'permit' as const,
      stateful: false,
      unmodelled: this.#unmodelled,
      beside: this.#letsDiscoveryThrough() ? [discovery] : [],
    };
  }

  #letsDiscoveryThrough(): boolean {
    const own = [...this.#lists].filter(([key]) => key.startsWith('6 '));
    const passes = (aces: readonly Ace[], type: bigint) =>
      aces.some(
        ({ action, boxes }) => action === 'permit' && boxes.some((box) => contains(box, neighbour(type))),
      );
    return own.every(([, aces]) => [135n, 136n].every((type) => passes(aces, type)));
  }

  #lines(family: Family): Line[] {
    const tagged = this.#tagged(family);
    const own = this.#cells.filter((cell) => cell.family === family);
    const places = [...new Set(own.map(({ from, to }) => `${from} ${to}`))].toSorted(
      (a, b) => Number(a === 'any any') - Number(b === 'any any'),
    );
    return places.flatMap((place) => {
      const cells = own.filter(({ from, to }) => `${from} ${to}` === place);
      const [from, to] = place.split(' ') as [string, string];
      const where = from === 'any' ? {} : { source: tagged(from), destination: tagged(to) };
      const lines = cells
        .flatMap((cell) => this.#aces(cell))
        .map((ace) => ({ ...ace, family, boxes: ace.boxes.map((box) => ({ ...box, ...where })) }));
      // A list ends with a denial that is not written.
      const last = cells.at(-1)!;
      return [
        ...lines,
        { family, action: 'deny' as const, boxes: [where], line: last.line, text: 'the end of the cell' },
      ];
    });
  }

  #aces({ family, list, line }: Cell): Ace[] {
    const aces = this.#lists.get(`${family} ${list}`);
    if (aces !== undefined) return aces;
    this.faultLine = line;
    throw new IosFault(`there is no list ${list} for IPv${family}`);
  }

  /** The addresses of each tag: the longest prefix that holds an address decides. */
  #tagged(family: Family): (tag: string) => Range[] {
    const byTag = new Map<string, Range[]>();
    const own = this.#maps.filter((map) => map.family === family);
    const isApart = areApart(own.map(({ range }) => range));
    let taken: Range[] = [];
    for (const { range, tag } of own.toSorted((a, b) => b.length - a.length)) {
      const ranges = byTag.get(tag) ?? [];
      byTag.set(tag, ranges);
      ranges.push(...(isApart ? [range] : subtractRanges([range], taken)));
      if (!isApart) taken = mergeRanges([...taken, range]);
    }
    const mapped = mergeRanges(own.map(({ range }) => range));
    const unknown = subtractRanges([wholeRange(widthOf(family))], mapped);
    byTag.set('unknown', [...(byTag.get('unknown') ?? []), ...unknown]);
    const merged = new Map([...byTag].map(([tag, ranges]) => [tag, mergeRanges(ranges)]));
    return (tag) => merged.get(tag) ?? [];
  }
}

function areApart(ranges: readonly Range[]): boolean {
  const sorted = ranges.toSorted((a, b) => (a.first < b.first ? -1 : 1));
  return sorted.every(({ first }, index) => index === 0 || sorted[index - 1]!.last < first);
}

/** A message of neighbour discovery, whoever sends it. */
const neighbour = (type: bigint): Packet => ({
  family: 6,
  source: 0n,
  destination: 0n,
  protocol: 58n,
  sourcePort: type,
  destinationPort: 0n,
  established: 0n,
});

const discovery = {
  family: 6 as const,
  boxes: [{ protocol: [{ first: 58n, last: 58n }], sourcePort: [{ first: 135n, last: 136n }] }],
  what: 'neighbour discovery (ICMPv6 types 135 and 136), which each list of IPv6 lets through',
};
