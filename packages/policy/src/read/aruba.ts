import { CONFIGURATION_CHARACTERS } from '../limits.ts';
import { families } from '../resolve.ts';
import type { Line, ReadResult, Ruleset, Unmodelled } from '../ruleset.ts';
import {
  type Family,
  mergeRanges,
  parseAddress,
  parseAddressRange,
  type Range,
  wholeRange,
  widthOf,
} from '../space/addresses.ts';
import { subtractRanges } from '../space/boxes.ts';
import type { Box } from '../space/packet.ts';

class ArubaFault extends Error {}

interface Rule {
  family: Family;
  /** Null: any. `user`: whoever has the role. */
  source: Range[] | 'user' | null;
  destination: Range[] | 'user' | null;
  services: Box[];
  action: Line['action'];
  line: number;
  text: string;
}

/**
 * Reads user roles with their session lists. The users of a role are the addresses of the destination of its name, as we
 * write it; where there is none, `user` counts as any address and that is told. Packets of which neither end is a user
 * of the role are not the role's.
 */
export function readAruba(text: string): ReadResult {
  if (text.length > CONFIGURATION_CHARACTERS)
    return { fault: { line: 1, message: `the text has more than ${CONFIGURATION_CHARACTERS} characters` } };
  const reader = new ArubaReader();
  let number = 0;
  try {
    for (const line of text.split(/\r?\n/)) {
      number += 1;
      reader.take(line, number);
    }
    return { rulesets: reader.rulesets() };
  } catch (error) {
    if (error instanceof ArubaFault) return { fault: { line: number, message: error.message } };
    throw error;
  }
}

type Inside =
  | { kind: 'addresses'; family: Family; ranges: Range[] }
  | { kind: 'list'; rules: Rule[] }
  | { kind: 'role'; lists: string[] }
  | null;

class ArubaReader {
  readonly #destinations = new Map<string, Range[]>();
  readonly #services = new Map<string, Box[]>();
  readonly #lists = new Map<string, Rule[]>();
  readonly #roles = new Map<string, string[]>();
  #inside: Inside = null;

  take(text: string, line: number): void {
    const words = text.trim().split(/\s+/);
    if (words[0] === '' || words[0]!.startsWith('!')) return;
    if (/^\s/.test(text)) {
      this.#within(words, line, text);
      return;
    }
    this.#inside = this.#opens(words);
  }

  #opens(words: readonly string[]): Inside {
    const [first, second, third, fourth] = words;
    if (first === 'netdestination' || first === 'netdestination6') {
      const family = first === 'netdestination' ? 4 : 6;
      return { kind: 'addresses', family, ranges: entryOf(this.#destinations, `${family} ${named(second)}`) };
    }
    if (first === 'ip' && second === 'access-list') {
      if (third !== 'session') throw new ArubaFault(`a list of the kind ${third} is not read here`);
      return { kind: 'list', rules: entryOf(this.#lists, named(fourth)) };
    }
    if (first === 'user-role') return { kind: 'role', lists: entryOf(this.#roles, named(second)) };
    if (first === 'netservice') this.#service(words.slice(1));
    return null;
  }

  /** `NAME tcp 104`, `NAME tcp 5000 5010`, `NAME tcp list "80 443"`, `NAME 47` */
  #service([name, ...words]: readonly string[]): void {
    const [kind, ...rest] = words;
    if (/^\d{1,3}$/.test(kind ?? '') && Number(kind) <= 255) {
      this.#services.set(named(name), [{ protocol: point(BigInt(kind!)) }]);
      return;
    }
    if (kind !== 'tcp' && kind !== 'udp')
      throw new ArubaFault(`a service of the protocol ${kind} is not known here`);
    const isList = rest[0] === 'list';
    const numbers = (
      isList ? rest.slice(1).join(' ').replaceAll('"', '').split(/[ ,]+/) : rest.slice(0, 2)
    ).filter((word) => /^\d+$/.test(word));
    const ports = numbers.map(Number);
    if (
      ports.length === 0 ||
      ports.some((port) => port > 65_535) ||
      (!isList && ports.length === 2 && ports[0]! > ports[1]!)
    )
      throw new ArubaFault(`${rest.join(' ')} is no port, range or list of ports`);
    const ranges =
      isList || ports.length === 1
        ? ports.flatMap((port) => point(BigInt(port)))
        : [{ first: BigInt(ports[0]!), last: BigInt(ports[1]!) }];
    this.#services.set(named(name), [
      { protocol: point(kind === 'tcp' ? 6n : 17n), destinationPort: mergeRanges(ranges) },
    ]);
  }

  #within(words: readonly string[], line: number, text: string): void {
    if (this.#inside?.kind === 'addresses')
      this.#inside.ranges.push(...addressesOf(words, this.#inside.family));
    else if (this.#inside?.kind === 'list') this.#inside.rules.push(this.#rule(words, line, text));
    else if (this.#inside?.kind === 'role' && words[0] === 'access-list' && words[1] === 'session')
      this.#inside.lists.push(named(words[2]));
  }

  /** `[ipv6] SOURCE DESTINATION SERVICE ACTION` */
  #rule(words: readonly string[], line: number, text: string): Rule {
    const family = words[0] === 'ipv6' ? 6 : 4;
    const rest = words.slice(family === 6 ? 1 : 0);
    const [source, afterSource] = this.#party(rest, family);
    const [destination, afterDestination] = this.#party(afterSource, family);
    const [services, after] = this.#named(afterDestination);
    const [action, ...others] = after;
    if (action !== 'permit' && action !== 'deny' && action !== 'reject')
      throw new ArubaFault(`expected permit or deny, found ${action ?? 'the end of the line'}`);
    const unknown = others.find((word) => !['log', 'low', 'high', 'queue'].includes(word));
    if (unknown !== undefined) throw new ArubaFault(`${unknown} is not known here`);
    return {
      family,
      source,
      destination,
      services,
      action: action === 'permit' ? 'permit' : 'deny',
      line,
      text,
    };
  }

  #party(words: readonly string[], family: Family): [Rule['source'], readonly string[]] {
    const [first, second] = words;
    if (first === 'any') return [null, words.slice(1)];
    if (first === 'user') return ['user', words.slice(1)];
    if (first === 'host') return [addressesOf(words.slice(0, 2), family), words.slice(2)];
    if (first === 'network') {
      const length = second?.includes('/') ? 2 : 3;
      return [addressesOf(words.slice(0, length), family), words.slice(length)];
    }
    if (first !== 'alias')
      throw new ArubaFault(
        `expected any, user, host, network or alias, found ${first ?? 'the end of the line'}`,
      );
    const ranges = this.#destinations.get(`${family} ${named(second)}`);
    if (ranges === undefined) throw new ArubaFault(`there is no destination ${second} for IPv${family}`);
    return [mergeRanges(ranges), words.slice(2)];
  }

  /** `any`, a service by its name, `tcp 80`, `udp 53` */
  #named(words: readonly string[]): [Box[], readonly string[]] {
    const [first, second] = words;
    if (first === 'any') return [[{}], words.slice(1)];
    if ((first === 'tcp' || first === 'udp') && /^\d{1,5}$/.test(second ?? '')) {
      const port = point(BigInt(second!));
      return [[{ protocol: point(first === 'tcp' ? 6n : 17n), destinationPort: port }], words.slice(2)];
    }
    const boxes = this.#services.get(named(first));
    if (boxes === undefined) throw new ArubaFault(`there is no service ${first}`);
    return [boxes, words.slice(1)];
  }

  rulesets(): Ruleset[] {
    return [...this.#roles].map(([role, lists]) => {
      const users = { 4: this.#destinations.get(`4 ${role}`), 6: this.#destinations.get(`6 ${role}`) };
      const isKnown = users[4] !== undefined || users[6] !== undefined;
      const rules = lists.flatMap((list) => this.#lists.get(list) ?? []);
      const set = (family: Family) =>
        isKnown ? mergeRanges(users[family] ?? []) : [wholeRange(widthOf(family))];
      const unmodelled: Unmodelled[] = isKnown
        ? []
        : [{ line: rules[0]?.line ?? 1, what: `which addresses the users of ${role} have` }];
      return {
        name: role,
        lines: rules.map((rule) => lineOf(rule, set(rule.family))),
        otherwise: 'deny',
        stateful: true,
        unmodelled,
        beside: isKnown ? families.flatMap((family) => othersOf(role, family, set(family))) : [],
      };
    });
  }
}

function lineOf(
  { family, source, destination, services, action, line, text }: Rule,
  users: readonly Range[],
): Line {
  const side = (field: 'source' | 'destination', party: Rule['source']) =>
    party === null ? {} : { [field]: party === 'user' ? users : party };
  const where = { ...side('source', source), ...side('destination', destination) };
  const isEmpty = Object.values(where).some((ranges) => ranges.length === 0);
  return { family, action, boxes: isEmpty ? [] : services.map((box) => ({ ...box, ...where })), line, text };
}

/** Packets of which neither end is a user of the role. */
function othersOf(role: string, family: Family, users: readonly Range[]): Ruleset['beside'] {
  const others = subtractRanges([wholeRange(widthOf(family))], users);
  if (others.length === 0) return [];
  return [
    {
      family,
      boxes: [{ source: others, destination: others }],
      what: `IPv${family} packets of which neither end has the role ${role}`,
    },
  ];
}

const point = (value: bigint): Range[] => [{ first: value, last: value }];

function named(word: string | undefined): string {
  if (word === undefined) throw new ArubaFault('expected a name, found the end of the line');
  return word;
}

function entryOf<T>(map: Map<string, T[]>, name: string): T[] {
  const made = map.get(name) ?? [];
  map.set(name, made);
  return made;
}

/** `host A`, `network A M`, `network A/len`, `range A B` */
function addressesOf([kind, first, second]: readonly string[], family: Family): Range[] {
  const text =
    kind === 'range'
      ? `${first}-${second}`
      : kind === 'network' && second !== undefined
        ? `${first}/${lengthOf(second)}`
        : (first ?? '');
  const range = ['host', 'network', 'range'].includes(kind!) ? parseAddressRange(text) : null;
  if (range?.family !== family) throw new ArubaFault(`expected host, network or range of IPv${family}`);
  return [{ first: range.first, last: range.last }];
}

function lengthOf(mask: string): number {
  const value = parseAddress(mask);
  const rest = value?.family === 4 ? ~value.value & 0xffffffffn : 1n << 32n;
  if ((rest & (rest + 1n)) !== 0n || rest > 0xffffffffn) throw new ArubaFault(`${mask} is no mask`);
  return 32 - (rest === 0n ? 0 : rest.toString(2).length);
}
