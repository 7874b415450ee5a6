import { MUD_CHARACTERS } from '../limits.ts';
import { type Located, parseLocatedJson } from '../read/located-json.ts';
import type { ReadFault } from '../ruleset.ts';
import { type Family, parseAddressRange, type Range } from '../space/addresses.ts';
import type { MudEntry, MudPeer, MudProfile } from './profile.ts';

class MudFault extends Error {
  readonly line: number;
  constructor(node: Located, message: string) {
    super(message);
    this.line = node.line;
  }
}

/**
 * Reads a MUD file (RFC 8520, with lists of RFC 8519). What it does not know is refused with its line: a condition
 * that is passed over would let through more than the manufacturer said.
 */
export function readMud(text: string): { profile: MudProfile } | { fault: ReadFault } {
  if (text.length > MUD_CHARACTERS)
    return { fault: { line: 1, message: `the text has more than ${MUD_CHARACTERS} characters` } };
  const parsed = parseLocatedJson(text);
  if ('fault' in parsed) return parsed;
  try {
    return { profile: profileOf(parsed.root) };
  } catch (error) {
    if (error instanceof MudFault) return { fault: { line: error.line, message: error.message } };
    throw error;
  }
}

type Members = ReadonlyMap<string, Located>;

function membersOf(node: Located | undefined, within: Located, what: string): Members {
  if (node?.kind === 'object') return node.members;
  throw new MudFault(node ?? within, `expected an object for ${what}`);
}

/** A member by its name, with or without the name of its module before it. */
function find(members: Members, name: string): Located | undefined {
  return [...members].find(([key]) => key === name || key.endsWith(`:${name}`))?.[1];
}

function textOf(node: Located | undefined, within: Located, what: string): string {
  if (node?.kind === 'value' && typeof node.value === 'string') return node.value;
  throw new MudFault(node ?? within, `expected a text for ${what}`);
}

const optional = (members: Members, name: string): string | null => {
  const node = find(members, name);
  return node?.kind === 'value' && typeof node.value === 'string' ? node.value : null;
};

function items(node: Located | undefined, within: Located, what: string): readonly Located[] {
  if (node?.kind === 'array') return node.items;
  throw new MudFault(node ?? within, `expected a list for ${what}`);
}

function profileOf(root: Located): MudProfile {
  const top = membersOf(root, root, 'the file');
  const mud = find(top, 'mud');
  const members = membersOf(mud, root, 'ietf-mud:mud');
  const version = find(members, 'mud-version');
  if (version?.kind !== 'value' || version.value !== 1)
    throw new MudFault(version ?? mud!, 'only version 1 of MUD is known here');
  const supported = find(members, 'is-supported');
  const lists = listsOf(top, root);
  return {
    url: textOf(find(members, 'mud-url'), mud!, 'mud-url'),
    lastUpdate: textOf(find(members, 'last-update'), mud!, 'last-update'),
    isSupported: supported?.kind === 'value' && supported.value === true,
    systemInfo: optional(members, 'systeminfo'),
    manufacturer: optional(members, 'mfg-name'),
    model: optional(members, 'model-name'),
    entries: (['from-device', 'to-device'] as const).flatMap((direction) =>
      namesOf(find(members, `${direction}-policy`)).flatMap(({ name, node }) => {
        const list = lists.get(name);
        if (list === undefined) throw new MudFault(node, `there is no list ${JSON.stringify(name)}`);
        return list.flatMap((entry) => entryOf(entry, direction));
      }),
    ),
  };
}

/** Names of the lists of one direction; none where the manufacturer lets nothing through. */
function namesOf(policy: Located | undefined): { name: string; node: Located }[] {
  if (policy === undefined) return [];
  const lists = find(membersOf(policy, policy, 'a policy'), 'access-lists');
  const names = find(membersOf(lists, policy, 'access-lists'), 'access-list');
  return items(names, policy, 'access-list').map((node) => ({
    name: textOf(find(membersOf(node, node, 'a list'), 'name'), node, 'the name of a list'),
    node,
  }));
}

interface RawEntry {
  family: Family;
  node: Located;
}

function listsOf(top: Members, root: Located): Map<string, RawEntry[]> {
  const acls = membersOf(
    find(top, 'acls') ?? find(top, 'access-lists'),
    root,
    'ietf-access-control-list:acls',
  );
  return new Map(
    items(find(acls, 'acl'), root, 'acl').map((acl) => {
      const members = membersOf(acl, acl, 'a list');
      const type = textOf(find(members, 'type'), acl, 'the type of a list').replace(/^.*:/, '');
      if (type !== 'ipv4-acl-type' && type !== 'ipv6-acl-type')
        throw new MudFault(acl, `a list of the type ${type} is not known here`);
      const aces = find(membersOf(find(members, 'aces'), acl, 'aces'), 'ace');
      const family: Family = type === 'ipv4-acl-type' ? 4 : 6;
      return [
        textOf(find(members, 'name'), acl, 'the name of a list'),
        items(aces, acl, 'ace').map((node) => ({ family, node })),
      ];
    }),
  );
}

function entryOf({ family, node }: RawEntry, direction: MudEntry['direction']): MudEntry[] {
  const members = membersOf(node, node, 'an entry');
  const name = textOf(find(members, 'name'), node, 'the name of an entry');
  const actions = membersOf(find(members, 'actions'), node, 'actions');
  const forwarding = textOf(find(actions, 'forwarding'), node, 'forwarding').replace(/^.*:/, '');
  if (forwarding !== 'accept')
    throw new MudFault(
      node,
      `${name}: a MUD file lets through what it names and nothing else; "${forwarding}" is not read`,
    );
  const reader = new MatchReader(node, family, direction);
  const matches = find(members, 'matches');
  for (const [key, match] of matches === undefined ? [] : membersOf(matches, node, 'matches'))
    reader.take(key.replace(/^.*:/, ''), match);
  return reader.entries(name);
}

const protocolsOfMatch: Readonly<Record<string, bigint>> = { tcp: 6n, udp: 17n };

/** What one entry asks. */
class MatchReader {
  readonly #node: Located;
  readonly #family: Family;
  readonly #direction: MudEntry['direction'];
  readonly #peers: MudPeer[] = [];
  #protocol: bigint | null = null;
  #source: Range[] | null = null;
  #destination: Range[] | null = null;
  #initiated: MudEntry['initiated'] = null;

  constructor(node: Located, family: Family, direction: MudEntry['direction']) {
    this.#node = node;
    this.#family = family;
    this.#direction = direction;
  }

  take(kind: string, match: Located): void {
    const members = membersOf(match, this.#node, kind);
    for (const [key, value] of members) {
      const leaf = key.replace(/^.*:/, '');
      if (kind === `ipv${this.#family}`) this.#layer(leaf, value);
      else if (kind === 'tcp' || kind === 'udp') this.#transport(kind, leaf, value);
      else if (kind === 'icmp') this.#icmp(leaf, value);
      else if (kind === 'mud') this.#peers.push(this.#abstraction(leaf, value));
      else throw new MudFault(match, `${kind} is not known here`);
    }
    if (kind === 'tcp' || kind === 'udp') this.#setProtocol(protocolsOfMatch[kind]!, match);
  }

  #setProtocol(protocol: bigint, node: Located): void {
    if (this.#protocol !== null && this.#protocol !== protocol)
      throw new MudFault(node, 'the entry names two protocols');
    this.#protocol = protocol;
  }

  #layer(leaf: string, value: Located): void {
    const far = this.#direction === 'from-device' ? 'dst' : 'src';
    const side = far === 'dst' ? 'destination' : 'source';
    if (
      leaf === 'protocol' &&
      value.kind === 'value' &&
      typeof value.value === 'number' &&
      Number.isInteger(value.value) &&
      value.value >= 0 &&
      value.value <= 255
    )
      this.#setProtocol(BigInt(value.value), value);
    else if (leaf === `${far}-dnsname`)
      this.#peers.push({ kind: 'name', name: textOf(value, this.#node, leaf).toLowerCase() });
    else if (leaf === `${side}-ipv${this.#family}-network`)
      this.#peers.push(this.#network(textOf(value, this.#node, leaf), value));
    else throw new MudFault(value, `${leaf} is not known here in a list ${this.#direction}`);
  }

  #network(prefix: string, node: Located): MudPeer {
    const range = parseAddressRange(prefix);
    if (range?.family !== this.#family)
      throw new MudFault(node, `${JSON.stringify(prefix)} is no network of IPv${this.#family}`);
    return { kind: 'network', family: range.family, range: { first: range.first, last: range.last } };
  }

  #transport(kind: string, leaf: string, value: Located): void {
    if (leaf === 'source-port') this.#source = portsOf(value);
    else if (leaf === 'destination-port') this.#destination = portsOf(value);
    else if (leaf === 'direction-initiated' && kind === 'tcp') this.#initiated = directionOf(value);
    else throw new MudFault(value, `${leaf} of ${kind} is not known here`);
  }

  #icmp(leaf: string, value: Located): void {
    this.#setProtocol(this.#family === 4 ? 1n : 58n, value);
    if (
      value.kind !== 'value' ||
      typeof value.value !== 'number' ||
      !(value.value >= 0 && value.value <= 255)
    )
      throw new MudFault(value, `expected a number for ${leaf}`);
    const range = [{ first: BigInt(value.value), last: BigInt(value.value) }];
    if (leaf === 'type') this.#source = range;
    else if (leaf === 'code') this.#destination = range;
    else throw new MudFault(value, `${leaf} of icmp is not known here`);
  }

  #abstraction(leaf: string, value: Located): MudPeer {
    if (leaf === 'local-networks' || leaf === 'same-manufacturer' || leaf === 'my-controller')
      return { kind: leaf };
    const said = textOf(value, this.#node, leaf);
    if (leaf === 'manufacturer') return { kind: leaf, authority: said.toLowerCase() };
    if (leaf === 'model' || leaf === 'controller') return { kind: leaf, uri: said };
    throw new MudFault(value, `${leaf} is not known here`);
  }

  /** Several peers in one entry are all asked for at once, which no packet of one peer is: refused. */
  entries(name: string): MudEntry[] {
    if (this.#peers.length > 1) throw new MudFault(this.#node, `${name} names several peers at once`);
    return [
      {
        name,
        line: this.#node.line,
        direction: this.#direction,
        family: this.#family,
        protocol: this.#protocol,
        sourcePorts: this.#source,
        destinationPorts: this.#destination,
        initiated: this.#initiated,
        peer: this.#peers[0] ?? { kind: 'any' },
      },
    ];
  }
}

function directionOf(node: Located): 'from-device' | 'to-device' {
  const value = textOf(node, node, 'direction-initiated');
  if (value === 'from-device' || value === 'to-device') return value;
  throw new MudFault(node, `${JSON.stringify(value)} is no direction`);
}

/** `{"operator":"eq","port":443}` or `{"lower-port":1,"upper-port":9}` (RFC 8519 §4.2) */
function portsOf(node: Located): Range[] {
  const members = membersOf(node, node, 'ports');
  const number = (name: string): bigint => {
    const value = find(members, name);
    if (
      value?.kind === 'value' &&
      typeof value.value === 'number' &&
      Number.isInteger(value.value) &&
      value.value >= 0 &&
      value.value <= 65_535
    )
      return BigInt(value.value);
    throw new MudFault(value ?? node, `expected a port for ${name}`);
  };
  if (find(members, 'lower-port') !== undefined) {
    const [first, last] = [number('lower-port'), number('upper-port')];
    if (first > last) throw new MudFault(node, 'the range of ports ends before it begins');
    return [{ first, last }];
  }
  const port = number('port');
  const operator = optional(members, 'operator') ?? 'eq';
  const ranges: Readonly<Record<string, Range[]>> = {
    eq: [{ first: port, last: port }],
    lte: [{ first: 0n, last: port }],
    gte: [{ first: port, last: 65_535n }],
    neq: [
      { first: 0n, last: port - 1n },
      { first: port + 1n, last: 65_535n },
    ].filter(({ first, last }) => first <= last),
  };
  const found = Object.hasOwn(ranges, operator) ? ranges[operator] : undefined;
  if (found === undefined)
    throw new MudFault(node, `the operator ${JSON.stringify(operator)} is not known here`);
  return found;
}
