import type { ReadFault } from '../ruleset.ts';
import type { Family, Range } from '../space/addresses.ts';
import type { Box } from '../space/packet.ts';
import { type Groups, IosFault, unnumbered, Words } from './ios-line.ts';
import type { ConfigurationLine } from './ios-lines.ts';

type Kind = 'network' | 'service' | 'port';

interface Written {
  kind: Kind;
  name: string;
  family: Family;
  /** IOS writes a network with its mask (255.255.255.0), NX-OS with a wildcard (0.0.0.255). */
  masks: 'mask' | 'wildcard';
  members: ConfigurationLine[];
  state: 'unread' | 'reading' | 'read';
  ranges: Range[];
  boxes: Box[];
  /** The line that cannot be read, and then nothing that names the group can. */
  broken: ReadFault | null;
}

/**
 * The object groups of a configuration, taken whole before any list is read: a list means what a group holds in the end, and
 * a group with a member that cannot be read is none.
 */
export class WrittenGroups implements Groups {
  readonly #groups = new Map<string, Written>();
  readonly faults: ReadFault[] = [];

  constructor(lines: Iterable<ConfigurationLine>) {
    let inside: Written | null = null;
    for (const line of lines) {
      if (inside !== null && isMember(line)) inside.members.push(line);
      else inside = this.#opens(line);
    }
    for (const group of this.#groups.values()) this.#read(group);
  }

  network(name: string, family: Family): Range[] {
    const group = this.#named('network', name);
    if (group.family !== family) throw new IosFault(`the object group ${name} is of IPv${group.family}`);
    return group.ranges;
  }

  service(name: string): Box[] {
    return this.#named('service', name).boxes;
  }

  port(name: string): Range[] {
    return this.#named('port', name).ranges;
  }

  #named(kind: Kind, name: string): Written {
    const group = this.#groups.get(`${kind} ${name}`);
    if (group === undefined) throw new IosFault(`there is no object group ${name}`);
    if (group.state === 'reading') throw new IosFault(`the object group ${name} is a part of itself`);
    this.#read(group);
    if (group.broken !== null)
      throw new IosFault(`the object group ${name} cannot be read (line ${group.broken.line})`);
    return group;
  }

  #opens({ words, line, isIndented }: ConfigurationLine): Written | null {
    const [first, second, ...rest] = words;
    if (isIndented) return null;
    if (first === 'no' && second === 'object-group') this.#removes(rest);
    if (first !== 'object-group') return null;
    const head = headOf(words.slice(1));
    if (typeof head === 'string') {
      this.faults.push({ line, message: head });
      return null;
    }
    const key = `${head.kind} ${head.name}`;
    const group = this.#groups.get(key) ?? {
      ...head,
      members: [],
      state: 'unread',
      ranges: [],
      boxes: [],
      broken: null,
    };
    this.#groups.set(key, group);
    return group;
  }

  #removes(words: readonly string[]): void {
    const head = headOf(words);
    if (typeof head !== 'string') this.#groups.delete(`${head.kind} ${head.name}`);
  }

  #read(group: Written): void {
    if (group.state !== 'unread') return;
    group.state = 'reading';
    for (const { words, line } of group.members)
      try {
        this.#member(group, words);
      } catch (error) {
        if (!(error instanceof IosFault)) throw error;
        group.broken ??= { line, message: error.message };
        this.faults.push({ line, message: error.message });
      }
    group.state = 'read';
  }

  #member({ kind, family, masks, ranges, boxes }: Written, text: readonly string[]): void {
    const words = new Words(unnumbered(text), this);
    if (words.take('description', 'remark') !== null) return;
    if (kind === 'port') ranges.push(...this.#ports(words));
    else if (kind === 'network') ranges.push(...this.#addresses(words, family, masks));
    else if (words.take('group-object', 'object-group') !== null)
      boxes.push(...this.service(words.next('a group')));
    else boxes.push(...words.service());
    words.end();
  }

  #ports(words: Words): Range[] {
    return words.take('group-object', 'object-group') === null
      ? words.portsOf('tcp')
      : this.port(words.next('a group'));
  }

  #addresses(words: Words, family: Family, masks: 'mask' | 'wildcard'): Range[] {
    if (words.take('group-object', 'object-group') !== null)
      return this.network(words.next('a group'), family);
    if (words.take('range') !== null) return [words.between(family)];
    return words.addresses(family, true, masks);
  }
}

/** What `object-group` is followed by; a sentence where it is not known. */
function headOf(words: readonly string[]): Pick<Written, 'kind' | 'name' | 'family' | 'masks'> | string {
  const [kind, second, third] = words;
  const isXr = kind === 'network' && (second === 'ipv4' || second === 'ipv6');
  const isNexus = kind === 'ip' || kind === 'ipv6';
  const name = isXr || isNexus ? third : second;
  if (name === undefined) return 'expected the name of a group, found the end of the line';
  const of = (own: Kind, family: Family, masks: 'mask' | 'wildcard' = 'mask') => ({
    kind: own,
    name,
    family,
    masks,
  });
  if (isXr) return of('network', second === 'ipv4' ? 4 : 6);
  if (isNexus && second === 'address') return of('network', kind === 'ip' ? 4 : 6, 'wildcard');
  if ((kind === 'ip' && second === 'port') || kind === 'port') return of('port', 4);
  if (kind === 'network') return of('network', 4);
  if (kind === 'v6-network') return of('network', 6);
  if (kind === 'service' || kind === 'v6-service') return of('service', 4);
  return `an object group of ${kind} is not known here`;
}

const memberWords = new Set(
  'host range any description group-object tcp udp tcp-udp icmp eq neq gt lt esp ahp gre igmp'.split(' '),
);

/** Members stand indented, or by the words that begin them where nobody indented them. */
const isMember = ({ words, isIndented }: ConfigurationLine): boolean =>
  isIndented || /^[\da-f]*[\d:]/.test(words[0]!) || memberWords.has(words[0]!);
