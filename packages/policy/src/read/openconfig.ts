import { CONFIGURATION_CHARACTERS } from '../limits.ts';
import type { Line, ReadFault, Ruleset, Unmodelled } from '../ruleset.ts';
import { type Family, mergeRanges, parseAddressRange, type Range } from '../space/addresses.ts';
import type { Box } from '../space/packet.ts';
import { type Located, parseLocatedJson } from './located-json.ts';
import { icmpIdentities, protocolIdentities } from './openconfig-names.ts';

class OpenconfigFault extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

export type OpenconfigResult = { lists: { ruleset: Ruleset; family: Family }[] } | { fault: ReadFault };

/** Reads the sets of entries of the model openconfig-acl from JSON (RFC 7951), with prefix sets and port sets by name. */
export function readOpenconfig(text: string): OpenconfigResult {
  if (text.length > CONFIGURATION_CHARACTERS)
    return { fault: { line: 1, message: `the text has more than ${CONFIGURATION_CHARACTERS} characters` } };
  const parsed = parseLocatedJson(text);
  if ('fault' in parsed) return parsed;
  try {
    const defined = definedSets(parsed.root);
    const sets = itemsOf(under(parsed.root, 'acl', 'acl-sets'), 'acl-set');
    return { lists: sets.map((set) => listOf(set, defined, text.split('\n'))) };
  } catch (error) {
    if (error instanceof OpenconfigFault) return { fault: { line: error.line, message: error.message } };
    throw error;
  }
}

/** A member by its name, with or without the name of its module before it. */
function member(node: Located | undefined, name: string): Located | undefined {
  if (node?.kind !== 'object') return undefined;
  const found = [...node.members].find(([key]) => key === name || key.endsWith(`:${name}`));
  return found?.[1];
}

const under = (node: Located | undefined, ...path: readonly string[]): Located | undefined =>
  path.reduce<Located | undefined>((at, name) => member(at, name), node);

function itemsOf(node: Located | undefined, name: string): readonly Located[] {
  const list = member(node, name);
  return list?.kind === 'array' ? list.items : [];
}

function textOf(node: Located | undefined): string | null {
  return node?.kind === 'value' && node.value !== null ? String(node.value) : null;
}

/** Names of identities may have the module's name before them. */
const bare = (text: string): string => text.slice(text.lastIndexOf(':') + 1);

interface DefinedSets {
  prefixes: Map<string, string[]>;
  ports: Map<string, string[]>;
}

function definedSets(root: Located): DefinedSets {
  const sets = member(root, 'defined-sets');
  const prefixes = [4, 6].flatMap((family) =>
    itemsOf(member(sets, `ipv${family}-prefix-sets`), `ipv${family}-prefix-set`),
  );
  const texts = (node: Located, leaf: string) =>
    itemsOf(member(node, 'config'), leaf).map((item) => textOf(item) ?? '');
  return {
    prefixes: new Map(prefixes.map((set) => [textOf(member(set, 'name')) ?? '', texts(set, 'prefix')])),
    ports: new Map(
      itemsOf(member(sets, 'port-sets'), 'port-set').map((set) => [
        textOf(member(set, 'name')) ?? '',
        texts(set, 'port'),
      ]),
    ),
  };
}

function listOf(
  set: Located,
  defined: DefinedSets,
  lines: readonly string[],
): { ruleset: Ruleset; family: Family } {
  const type = bare(textOf(member(set, 'type')) ?? '');
  const name = textOf(member(set, 'name')) ?? '';
  if (type !== 'ACL_IPV4' && type !== 'ACL_IPV6')
    throw new OpenconfigFault(set.line, `a set of the type ${JSON.stringify(type)} is not known here`);
  const family = type === 'ACL_IPV4' ? 4 : 6;
  const unmodelled: Unmodelled[] = [];
  const entries = itemsOf(member(set, 'acl-entries'), 'acl-entry').map((entry) => {
    const sequence = Number(textOf(member(entry, 'sequence-id')) ?? Number.NaN);
    if (!Number.isInteger(sequence)) throw new OpenconfigFault(entry.line, 'an entry has no sequence-id');
    return { sequence, line: lineOf(entry, family, defined, unmodelled, lines) };
  });
  if (new Set(entries.map(({ sequence }) => sequence)).size < entries.length)
    throw new OpenconfigFault(set.line, 'a sequence-id stands twice');
  const ordered = entries.toSorted((a, b) => a.sequence - b.sequence).map(({ line }) => line);
  const kept = ordered.filter((line) => line !== null);
  const beside = family === 6 && letsDiscoveryThrough(kept) ? [discovery] : [];
  return { family, ruleset: { name, lines: kept, otherwise: 'deny', stateful: false, unmodelled, beside } };
}

/** Null where an entry denies only under a condition that is left out. */
function lineOf(
  entry: Located,
  family: Family,
  defined: DefinedSets,
  unmodelled: Unmodelled[],
  lines: readonly string[],
): Line | null {
  const action = bare(textOf(under(entry, 'actions', 'config', 'forwarding-action')) ?? '');
  if (!['ACCEPT', 'DROP', 'REJECT'].includes(action))
    throw new OpenconfigFault(entry.line, `the action ${JSON.stringify(action)} is not known here`);
  const conditions: string[] = [];
  const box = new EntryReader(entry, family, defined, conditions).box();
  if (conditions.length > 0) unmodelled.push({ line: entry.line, what: conditions.join(', ') });
  if (conditions.length > 0 && action !== 'ACCEPT') return null;
  return {
    family,
    action: action === 'ACCEPT' ? 'permit' : 'deny',
    boxes: box === null ? [] : [box],
    line: entry.line,
    text: lines[entry.line - 1] ?? '',
  };
}

const point = (value: number): Range[] => [{ first: BigInt(value), last: BigInt(value) }];

class EntryReader {
  readonly #entry: Located;
  readonly #family: Family;
  readonly #defined: DefinedSets;
  readonly #conditions: string[];

  constructor(entry: Located, family: Family, defined: DefinedSets, conditions: string[]) {
    this.#entry = entry;
    this.#family = family;
    this.#defined = defined;
    this.#conditions = conditions;
  }

  /** Null where it holds no packet. */
  box(): Box | null {
    const known = ['sequence-id', 'config', 'actions', 'state', `ipv${this.#family}`, 'transport'];
    this.#others(this.#entry, known);
    const box = { ...this.#layer(), ...this.#transport() };
    return Object.values(box).some((ranges) => ranges.length === 0) ? null : box;
  }

  /** Members beyond those that are modelled ask something more. */
  #others(node: Located | undefined, known: readonly string[], where = ''): void {
    if (node?.kind !== 'object') return;
    for (const key of node.members.keys())
      if (!known.includes(bare(key)) && bare(key) !== 'state') this.#conditions.push(`${where}${bare(key)}`);
  }

  #fail(node: Located | undefined, message: string): never {
    throw new OpenconfigFault(node?.line ?? this.#entry.line, message);
  }

  #layer(): Box {
    const layer = member(this.#entry, `ipv${this.#family}`);
    const icmp = this.#family === 4 ? 'icmpv4' : 'icmpv6';
    const config = member(layer, 'config');
    const known = [
      'source-address',
      'destination-address',
      'source-address-prefix-set',
      'destination-address-prefix-set',
      'protocol',
    ];
    this.#others(layer, ['config', icmp]);
    this.#others(config, known, `ipv${this.#family} `);
    const [source, destination] = [this.#address(config, 'source'), this.#address(config, 'destination')];
    return {
      ...(source === null ? {} : { source }),
      ...(destination === null ? {} : { destination }),
      ...this.#protocol(config),
      ...this.#icmp(under(layer, icmp, 'config')),
    };
  }

  #address(config: Located | undefined, side: 'source' | 'destination'): Range[] | null {
    const own = member(config, `${side}-address`);
    const named = member(config, `${side}-address-prefix-set`);
    const texts =
      named === undefined
        ? own === undefined
          ? null
          : [textOf(own) ?? '']
        : this.#defined.prefixes.get(textOf(named) ?? '');
    if (texts === null) return null;
    if (texts === undefined) this.#fail(named, `there is no prefix set ${textOf(named)}`);
    return mergeRanges(
      texts.map((text) => {
        const range = parseAddressRange(text);
        if (range?.family !== this.#family)
          this.#fail(own ?? named, `${JSON.stringify(text)} is no prefix of IPv${this.#family}`);
        return { first: range.first, last: range.last };
      }),
    );
  }

  #protocol(config: Located | undefined): Box {
    const node = member(config, 'protocol');
    const text = textOf(node);
    if (text === null) return {};
    const number = protocolIdentities[bare(text)] ?? (/^\d{1,3}$/.test(text) ? Number(text) : 256);
    if (number > 255) this.#fail(node, `${JSON.stringify(text)} is no protocol that is known here`);
    return { protocol: point(number) };
  }

  #icmp(config: Located | undefined): Box {
    this.#others(config, ['type'], 'icmp ');
    const node = member(config, 'type');
    const text = textOf(node);
    if (text === null) return {};
    const found = icmpIdentities[this.#family].find(([name]) => name === bare(text));
    if (found === undefined)
      this.#fail(node, `${JSON.stringify(text)} is no type of ICMP that is known here`);
    return { protocol: point(this.#family === 4 ? 1 : 58), sourcePort: point(found[1]) };
  }

  #transport(): Box {
    const config = under(this.#entry, 'transport', 'config');
    const known = [
      'source-port',
      'destination-port',
      'source-port-set',
      'destination-port-set',
      'detail-mode',
      'builtin-detail',
    ];
    this.#others(config, known, 'transport ');
    const [source, destination] = [this.#ports(config, 'source'), this.#ports(config, 'destination')];
    return {
      ...(source === null ? {} : { sourcePort: source }),
      ...(destination === null ? {} : { destinationPort: destination }),
      ...this.#detail(config),
    };
  }

  #detail(config: Located | undefined): Box {
    const detail = textOf(member(config, 'builtin-detail'));
    if (detail === null) return {};
    if (detail === 'TCP_ESTABLISHED') return { established: point(1) };
    this.#conditions.push(`transport ${detail}`);
    return {};
  }

  #ports(config: Located | undefined, side: 'source' | 'destination'): Range[] | null {
    const own = member(config, `${side}-port`);
    const named = member(config, `${side}-port-set`);
    const texts =
      named === undefined
        ? own === undefined
          ? null
          : [textOf(own) ?? '']
        : this.#defined.ports.get(textOf(named) ?? '');
    if (texts === undefined) this.#fail(named, `there is no port set ${textOf(named)}`);
    if (texts === null || texts.some((text) => bare(text) === 'ANY')) return null;
    return mergeRanges(texts.map((text) => this.#portRange(text, own ?? named)));
  }

  #portRange(text: string, node: Located | undefined): Range {
    const match = /^(\d{1,5})(?:\.\.(\d{1,5}))?$/.exec(text);
    const [first, last] = match === null ? [1, 0] : [Number(match[1]), Number(match[2] ?? match[1])];
    if (first > last || last > 65_535)
      this.#fail(node, `${JSON.stringify(text)} is no port or range of ports`);
    return { first: BigInt(first), last: BigInt(last) };
  }
}

/** Whether both messages of neighbour discovery pass from anybody to anybody. */
function letsDiscoveryThrough(lines: readonly Line[]): boolean {
  const names = (box: Box, type: bigint) =>
    box.source === undefined &&
    box.destination === undefined &&
    box.protocol?.[0]?.first === 58n &&
    box.sourcePort?.[0]?.first === type;
  return [135n, 136n].every((type) =>
    lines.some(({ action, boxes }) => action === 'permit' && boxes.some((box) => names(box, type))),
  );
}

const discovery = {
  family: 6 as const,
  boxes: [{ protocol: point(58), sourcePort: [{ first: 135n, last: 136n }] }],
  what: 'neighbour discovery (ICMPv6 types 135 and 136), which the set lets through',
};
