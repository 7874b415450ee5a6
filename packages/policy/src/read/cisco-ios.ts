import { CONFIGURATION_CHARACTERS } from '../limits.ts';
import type { Line, ReadFault, Ruleset, Unmodelled } from '../ruleset.ts';
import type { Family } from '../space/addresses.ts';
import { isAsa, readAsa } from './asa/index.ts';
import { WrittenGroups } from './ios-groups.ts';
import { type Groups, IosFault, unnumbered, Words } from './ios-line.ts';
import { type ConfigurationLine, configurationLines } from './ios-lines.ts';

export type IosResult =
  | {
      rulesets: Ruleset[];
      /** Lines that could not be read; their lists are left out. */
      faults: ReadFault[];
    }
  | { fault: ReadFault };

/**
 * Reads the extended and standard access lists of a configuration of IOS and of what writes lists as IOS does (IOS XE, IOS
 * XR, NX-OS, EOS), and of an ASA by its own rules: named and numbered, for IPv4 and IPv6, with object groups. A list with a line that cannot be read
 * is left out and named: half a list would be another list. Filters of other systems are faults too, so that none is
 * passed over in silence. What is no filter of packets is not looked at.
 */
export function readCiscoIos(text: string): IosResult {
  if (text.length > CONFIGURATION_CHARACTERS)
    return { fault: { line: 1, message: `the text has more than ${CONFIGURATION_CHARACTERS} characters` } };
  if (isAsa(text)) return readAsa(text);
  const groups = new WrittenGroups(configurationLines(text));
  const reader = new IosReader(groups);
  for (const line of configurationLines(text)) reader.take(line);
  return reader.result(groups.faults);
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

/** Where an indented line belongs: to a list, to what filters no packets, or to something whose entries would be lost. */
type Inside = { list: ListDraft } | 'beside' | null;

class IosReader {
  readonly #groups: Groups;
  readonly #lists = new Map<string, ListDraft>();
  readonly #faults: ReadFault[] = [];
  #inside: Inside = null;

  constructor(groups: Groups) {
    this.#groups = groups;
  }

  take({ words, line, text, isIndented }: ConfigurationLine): void {
    try {
      if (isIndented || isEntryWord(words[0]!)) this.#within(words, line, text);
      else this.#opens(words, line, text);
    } catch (error) {
      if (!(error instanceof IosFault)) throw error;
      this.#faults.push({ line, message: error.message });
      if (this.#inside !== null && this.#inside !== 'beside') this.#inside.list.broken = true;
      // A header that is refused takes its entries with it.
      else if (!isIndented && !isEntryWord(words[0]!)) this.#inside = 'beside';
    }
  }

  /** A line that begins a list or a group, or is a whole entry of a list. */
  #opens(words: readonly string[], line: number, text: string): void {
    this.#inside = null;
    const [first, second, third] = words;
    const shown = shownList(words);
    if (shown !== null) this.#inside = { list: this.#list(shown.name, shown.family, shown.isStandard) };
    else if (first === 'no' || first === 'default') this.#removes(words.slice(1));
    else if (['ip', 'ipv4', 'ipv6'].includes(first!) && second === 'access-list')
      this.#named(first === 'ipv6' ? 6 : 4, words.slice(2), line, text);
    else if (first === 'access-list') this.#numbered(words, line, text);
    else {
      refuseForeign(first!, second, third);
      if (besideFilters.test(words.join(' '))) this.#inside = 'beside';
    }
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
      ['log-update', 'logging', 'helper', 'persistent', 'match-local-traffic', 'capture'].includes(words[0]!)
    )
      return;
    if (words[0] === 'resequence') {
      this.#resequence(family, words.slice(1));
      return;
    }
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

  /** `resequence NAME [10 [10]]`: later numbers mean places among the new ones. */
  #resequence(family: Family, [name, start = '10', step = '10']: readonly string[]): void {
    const list = this.#lists.get(`${family} ${name}`);
    if (list === undefined) throw new IosFault(`there is no list ${name ?? ''} before this line`);
    const [first, by] = [Number(start), Number(step)];
    if (!(first > 0 && by > 0)) throw new IosFault('expected the first number and the step');
    list.entries = list.entries
      .toSorted((a, b) => a.sequence - b.sequence)
      .map((one, index) => ({ ...one, sequence: first + index * by }));
    list.taken = new Set(list.entries.map(({ sequence }) => sequence));
    list.greatest = list.entries.at(-1)?.sequence ?? 0;
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

  #within(words: readonly string[], line: number, text: string): void {
    if (this.#inside === 'beside') return;
    if (this.#inside !== null) this.#entry(this.#inside.list, words, line, text);
    else if (looksLikeEntry(words))
      throw new IosFault(`${words[0]} stands outside of any list that is known here`);
  }

  #entry(list: ListDraft, words: readonly string[], lineNumber: number, text: string): void {
    const plain = words[0] === 'sequence' ? words.slice(1) : words;
    const rest = withoutCount(unnumbered(plain));
    if (['remark', 'statistics', 'counters', 'fragments'].includes(rest[0]!)) return;
    if (rest[0] === 'no')
      throw new IosFault('"no" takes an entry away again; only a whole configuration is read');
    const { line, sequence } = entry(rest, list, this.#groups, lineNumber, text);
    const own = sequence ?? (/^\d+$/.test(plain[0]!) ? Number(plain[0]) : null);
    // IOS gives an entry without a number ten more than the greatest.
    const number = own ?? list.greatest + 10;
    if (list.taken.has(number)) throw new IosFault(`there is an entry with the number ${number} already`);
    list.taken.add(number);
    list.greatest = Math.max(list.greatest, number);
    list.entries.push({ sequence: number, line });
  }

  result(others: readonly ReadFault[]): IosResult {
    const whole = [...this.#lists.values()].filter(({ broken }) => !broken);
    const faults = [...others, ...this.#faults].toSorted((a, b) => a.line - b.line);
    return { rulesets: whole.map(rulesetOf), faults };
  }
}

/** What `show access-lists` counts: `(17 matches)`, `[match=17]`. */
const withoutCount = (words: readonly string[]): string[] =>
  words
    .join(' ')
    .replace(/ (\(\d+ match(es)?\)|\[match=\d+\])/, '')
    .split(' ');

/** The head of a list as `show access-lists` writes it. */
function shownList(words: readonly string[]): { name: string; family: Family; isStandard: boolean } | null {
  const [, kind, family, name] =
    /^(?:(Standard|Extended) )?(IP|IPV4|IPv4|IPv6|IPV6|ipv4|ipv6) access list (\S+)(?: \(.*\))?$/.exec(
      words.join(' '),
    ) ?? [];
  if (name === undefined) return null;
  return { name, family: /6/.test(family!) ? 6 : 4, isStandard: kind === 'Standard' };
}

/** Blocks whose lines say permit or deny of routes, commands and names, not of packets. */
const besideFilters =
  /^(?:ip(?:v[46])? (?:prefix-list|as-path|community-list|extcommunity-list|large-community-list)|route-map|route-policy|prefix-set|as-path-set|community-set|role |rule |parser view|aaa |ip vrf|mpls|crypto pki|cli )/;

/** Whether a line that stands nowhere would be an entry of a list. */
function looksLikeEntry(words: readonly string[]): boolean {
  const [verb, what] = unnumbered(words[0] === 'sequence' ? words.slice(2) : words);
  if (verb !== 'permit' && verb !== 'deny') return false;
  return what === undefined || /^(ip|ipv[46]|tcp|udp|icmp|any|host|object-group|[\d.:/]+)$/.test(what);
}

/** Words that begin an entry of a list, also where nobody indented it. */
const isEntryWord = (word: string): boolean =>
  ['permit', 'deny', 'remark', 'sequence'].includes(word) || /^\d+$/.test(word);

/** Filters that this reader does not know. */
function refuseForeign(first: string, second: string | undefined, third: string | undefined): void {
  if ((first === 'mac' || first === 'arp' || first === 'ethernet-services') && second === 'access-list')
    throw new IosFault(
      first === 'arp' ? 'a list of ARP is not read here' : 'a list of hardware addresses is not read here',
    );
  if (/^(ip|ipv[46]|access-list|object-group)$/i.test(first) && first !== first.toLowerCase())
    throw new IosFault(`expected ${first.toLowerCase()} in small letters, as a configuration has it`);
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
