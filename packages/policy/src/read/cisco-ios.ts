import { CONFIGURATION_CHARACTERS } from '../limits.ts';
import type { Line, ReadFault, Ruleset, Unmodelled } from '../ruleset.ts';
import type { Family } from '../space/addresses.ts';
import type { Box } from '../space/packet.ts';
import { type Groups, groupOf, IosFault, Words } from './ios-line.ts';

export type IosResult =
  | {
      rulesets: Ruleset[];
      /** Lines that could not be read; their lists are left out. */
      faults: ReadFault[];
    }
  | { fault: ReadFault };

/**
 * Reads the extended and standard access lists of a configuration of IOS and of what writes lists as IOS does (IOS XE, IOS
 * XR, NX-OS, EOS): named and numbered, for IPv4 and IPv6, with object groups. A list with a line that cannot be read
 * is left out and named: half a list would be another list. Filters of other systems are faults too, so that none is
 * passed over in silence. What is no filter of packets is not looked at.
 */
export function readCiscoIos(text: string): IosResult {
  if (text.length > CONFIGURATION_CHARACTERS)
    return { fault: { line: 1, message: `the text has more than ${CONFIGURATION_CHARACTERS} characters` } };
  const lines = text.split(/\r\n|[\r\n]/);
  const margin = marginOf(lines);
  const reader = new IosReader();
  for (const [index, line] of lines.entries()) reader.take(line.slice(margin), index + 1);
  return reader.result();
}

/** Columns that every line is indented by, as where a part of a configuration was pasted. */
function marginOf(lines: readonly string[]): number {
  const said = lines.filter((line) => line.trim() !== '' && !line.trim().startsWith('!'));
  return said.reduce(
    (least, line) => Math.min(least, line.length - line.trimStart().length),
    said.length === 0 ? 0 : 80,
  );
}

interface ListDraft {
  name: string;
  family: Family;
  standard: boolean;
  entries: { sequence: number; line: Line | null }[];
  /** Sequence numbers that are taken, and the greatest of them. */
  taken: Set<number>;
  greatest: number;
  unmodelled: Unmodelled[];
  broken: boolean;
}

/** Where an indented line belongs. */
type Inside = { list: ListDraft } | { group: (words: readonly string[]) => void };

class IosReader {
  readonly #groups: Groups = { network: new Map(), service: new Map(), port: new Map() };
  readonly #lists = new Map<string, ListDraft>();
  readonly #faults: ReadFault[] = [];
  #inside: Inside | null = null;
  /** The sign at which a banner ends; what stands in it is for people. */
  #banner: string | null = null;

  take(text: string, line: number): void {
    if (this.#isBanner(text)) return;
    const words = text.trim().split(/\s+/);
    if (words[0] === '' || words[0]!.startsWith('!')) return;
    try {
      const isEntry = /^\s/.test(text) || isEntryWord(words[0]!);
      if (isEntry) this.#within(words, line, text);
      else this.#opens(words, line, text);
    } catch (error) {
      if (!(error instanceof IosFault)) throw error;
      this.#faults.push({ line, message: error.message });
      if (this.#inside !== null && 'list' in this.#inside) this.#inside.list.broken = true;
    }
  }

  /** `banner motd ^C … ^C`, over as many lines as it takes. */
  #isBanner(text: string): boolean {
    if (this.#banner !== null) {
      if (text.includes(this.#banner)) this.#banner = null;
      return true;
    }
    const [, sign, rest] = /^banner \S+ (\^C|[^\sA-Za-z0-9])(.*)$/.exec(text) ?? [];
    if (sign === undefined) return false;
    if (!rest!.includes(sign)) this.#banner = sign;
    return true;
  }

  /** A line that begins a list or a group, or is a whole entry of a list. */
  #opens(words: readonly string[], line: number, text: string): void {
    this.#inside = null;
    const [first, second, third] = words;
    if (first === 'no' || first === 'default') this.#removes(words.slice(1));
    else if (['ip', 'ipv4', 'ipv6'].includes(first!) && second === 'access-list')
      this.#named(first === 'ipv6' ? 6 : 4, words.slice(2), line, text);
    else if (first === 'access-list') this.#numbered(words, line, text);
    else if (first === 'object-group') this.#inside = { group: this.#group(words) };
    else refuseForeign(first!, second, third);
  }

  /** `access-list 101 permit …` */
  #numbered(words: readonly string[], line: number, text: string): void {
    const [, number, verb] = words;
    if (number === 'compiled') return;
    if (!/^\d+$/.test(number ?? ''))
      throw new IosFault('a list by number is expected here; "access-list NAME" is of another system');
    this.#inside = { list: this.#list(number!, 4, isStandard(Number(number))) };
    if (!isListNumber(Number(number)))
      throw new IosFault(`a list with the number ${number} is not one of IP`);
    if (verb === undefined) throw new IosFault('expected permit, deny or remark, found the end of the line');
    this.#within(words.slice(2), line, text);
    this.#inside = null;
  }

  /** `ip access-list extended NAME`, `ipv6 access-list NAME`, and with a whole entry behind the name. */
  #named(family: Family, words: readonly string[], line: number, text: string): void {
    if (
      ['log-update', 'logging', 'resequence', 'helper', 'persistent', 'match-local-traffic'].includes(
        words[0]!,
      )
    )
      return;
    const isKind = words[0] === 'extended' || words[0] === 'standard';
    // A list of IPv6 has no kind on IOS and may have this very name; EOS writes one.
    const kind = isKind && (family === 4 || (words.length > 1 && !isEntryWord(words[1]!))) ? words[0]! : null;
    const [name, ...rest] = kind === null ? words : words.slice(1);
    if (name === undefined) throw new IosFault('expected a name, found the end of the line');
    this.#inside = { list: this.#list(name, family, kind === 'standard') };
    if (rest.length === 0) return;
    if (!isEntryWord(rest[0]!))
      throw new IosFault(`expected the end of the line after ${name}, found ${rest[0]}`);
    this.#within(rest, line, text);
    this.#inside = null;
  }

  /** `no ip access-list extended NAME`: what was said of the list before is gone. */
  #removes(words: readonly string[]): void {
    const at = words.indexOf('access-list');
    if (at < 0 || at > 1 || words[0] === 'mac') return;
    const rest = words.slice(at + 1).filter((word) => word !== 'extended' && word !== 'standard');
    if (rest.length !== 1)
      throw new IosFault('"no" takes an entry away again; only a whole configuration is read');
    this.#lists.delete(`${words[0] === 'ipv6' ? 6 : 4} ${rest[0]}`);
  }

  #list(name: string, family: Family, standard: boolean): ListDraft {
    const key = `${family} ${name}`;
    const before = this.#lists.get(key);
    if (before !== undefined) return before;
    const list: ListDraft = {
      name,
      family,
      standard,
      entries: [],
      taken: new Set(),
      greatest: 0,
      unmodelled: [],
      broken: false,
    };
    this.#lists.set(key, list);
    return list;
  }

  #group([, kind, ...rest]: readonly string[]): (words: readonly string[]) => void {
    const isIp = kind === 'ip' || kind === 'ipv6';
    const name = isIp ? rest[1] : rest[0];
    if (name === undefined) throw new IosFault('expected the name of a group, found the end of the line');
    if (kind === 'ip' && rest[0] === 'port') return this.#portGroup(name);
    if (isIp && rest[0] === 'address') return this.#networkGroup(name, kind === 'ip' ? 4 : 6, 'wildcard');
    if (kind === 'network') return this.#networkGroup(name, 4, 'mask');
    if (kind === 'v6-network') return this.#networkGroup(name, 6, 'mask');
    if (kind === 'service') return this.#serviceGroup(name);
    throw new IosFault(`an object group of ${kind} is not known here`);
  }

  #portGroup(name: string): (words: readonly string[]) => void {
    const ranges = entryOf(this.#groups.port, name, () => []);
    return (line) => void ranges.push(...new Words(unnumbered(line), this.#groups).portsOf('tcp'));
  }

  /** IOS writes a network with its mask (255.255.255.0), NX-OS with a wildcard (0.0.0.255). */
  #networkGroup(
    name: string,
    family: Family,
    masks: 'mask' | 'wildcard',
  ): (words: readonly string[]) => void {
    const { ranges } = entryOf(this.#groups.network, name, () => ({ family, ranges: [] }));
    return (line) => {
      const words = new Words(unnumbered(line), this.#groups);
      if (words.take('description') !== null) return;
      if (words.take('group-object') !== null) ranges.push(...words.groupOfFamily(family));
      else if (words.take('range') !== null) ranges.push(words.between(family));
      else ranges.push(...words.addresses(family, true, masks));
      words.end();
    };
  }

  #serviceGroup(name: string): (words: readonly string[]) => void {
    const boxes = entryOf<Box[]>(this.#groups.service, name, () => []);
    return (line) => {
      const words = new Words(unnumbered(line), this.#groups);
      if (words.take('description') !== null) return;
      if (words.take('group-object') !== null)
        boxes.push(...groupOf(this.#groups.service, words.next('a group')));
      else boxes.push(...words.service());
    };
  }

  #within(words: readonly string[], line: number, text: string): void {
    if (this.#inside === null) {
      if (isEntryWord(words[0]!) && !/^\s/.test(text) && !/^\d/.test(words[0]!))
        throw new IosFault(`${words[0]} stands outside of any list`);
      return;
    }
    if ('group' in this.#inside) this.#inside.group(words);
    else this.#entry(this.#inside.list, words, line, text);
  }

  #entry(list: ListDraft, words: readonly string[], lineNumber: number, text: string): void {
    const plain = words[0] === 'sequence' ? words.slice(1) : words;
    const rest = unnumbered(plain);
    if (['remark', 'statistics', 'counters', 'fragments'].includes(rest[0]!)) return;
    if (rest[0] === 'no')
      throw new IosFault('"no" takes an entry away again; only a whole configuration is read');
    const { line, sequence } = entry(rest, list, this.#groups, lineNumber, text);
    const own = sequence ?? (rest === plain ? null : Number(plain[0]));
    // IOS gives an entry without a number ten more than the greatest.
    const number = own ?? list.greatest + 10;
    if (list.taken.has(number)) throw new IosFault(`there is an entry with the number ${number} already`);
    list.taken.add(number);
    list.greatest = Math.max(list.greatest, number);
    list.entries.push({ sequence: number, line });
  }

  result(): IosResult {
    const whole = [...this.#lists.values()].filter(({ broken }) => !broken);
    return { rulesets: whole.map(rulesetOf), faults: this.#faults };
  }
}

const unnumbered = (words: readonly string[]): readonly string[] =>
  /^\d+$/.test(words[0] ?? '') ? words.slice(1) : words;

function entryOf<T>(map: Map<string, T>, name: string, make: () => T): T {
  const before = map.get(name);
  if (before !== undefined) return before;
  const made = make();
  map.set(name, made);
  return made;
}

/** Words that begin an entry of a list, also where nobody indented it. */
const isEntryWord = (word: string): boolean =>
  ['permit', 'deny', 'remark', 'sequence'].includes(word) || /^\d+$/.test(word);

/** Filters that this reader does not know. */
function refuseForeign(first: string, second: string | undefined, third: string | undefined): void {
  if (first === 'mac' && second === 'access-list')
    throw new IosFault('a list of hardware addresses is not read here');
  const isJunos =
    first === 'set' && (second === 'firewall' || (second === 'security' && third === 'policies'));
  const isFortinet =
    first === 'config' &&
    (second === 'firewall' || (second === 'router' && third?.startsWith('access-list')));
  if (isJunos || isFortinet || first === 'iptables' || (first === 'set' && second === 'rulebase'))
    throw new IosFault(`${[first, second].join(' ')} is a filter of another system`);
}

function rulesetOf({ name, family, entries, unmodelled }: ListDraft): Ruleset {
  const ordered = entries.toSorted((a, b) => a.sequence - b.sequence);
  const lines = ordered.map(({ line }) => line).filter((line) => line !== null);
  // An empty list that is bound lets everything through (IOS); one line is enough for the denial at its end.
  const otherwise = entries.length === 0 ? 'permit' : 'deny';
  return { name, lines, otherwise, stateful: false, unmodelled, beside: family === 6 ? [discovery] : [] };
}

/** IOS answers for neighbours by itself before the denial at the end of an IPv6 list, so that the segment goes on working. */
const discovery = {
  family: 6 as const,
  boxes: [{ protocol: [{ first: 58n, last: 58n }], sourcePort: [{ first: 135n, last: 136n }] }],
  what: 'neighbour discovery (ICMPv6 types 135 and 136), which IOS permits before the end of an IPv6 list',
};

/** Numbers of standard lists: 1-99 and 1300-1999; of extended ones: 100-199 and 2000-2699. */
const isStandard = (number: number): boolean => number < 100 || (number >= 1300 && number < 2000);
const isListNumber = (number: number): boolean =>
  number > 0 && (number < 200 || (number >= 1300 && number < 2700));

/** One `permit` or `deny` line; with the number where it stands at its end. */
function entry(
  text: readonly string[],
  list: ListDraft,
  groups: Groups,
  lineNumber: number,
  source: string,
): { line: Line | null; sequence: number | null } {
  const words = new Words(text, groups);
  const action = words.next('permit or deny');
  if (action !== 'permit' && action !== 'deny')
    throw new IosFault(`expected permit or deny, found ${action}`);
  const { family } = list;
  const boxes = list.standard ? [{ source: words.addresses(family, true) }] : words.extended(family);
  const { conditions, sequence } = words.rest();
  if (conditions.length > 0) list.unmodelled.push({ line: lineNumber, what: conditions.join(', ') });
  const line: Line = { family, action, boxes, line: lineNumber, text: source };
  // What holds only under a condition that is left out must not take anything away.
  return { line: conditions.length > 0 && action === 'deny' ? null : line, sequence };
}
