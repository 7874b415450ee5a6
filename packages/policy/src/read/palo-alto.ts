import { CONFIGURATION_CHARACTERS, PAN_ZONE_PAIRS } from '../limits.ts';
import { families } from '../resolve.ts';
import type { Line, ReadFault, ReadResult, Ruleset, Unmodelled } from '../ruleset.ts';
import {
  type Family,
  mergeRanges,
  parseAddress,
  parseAddressRange,
  type Range,
  wholeRange,
  widthOf,
} from '../space/addresses.ts';
import { intersectAll, subtractRanges } from '../space/boxes.ts';
import type { Box } from '../space/packet.ts';
import { type PanEntry, type PanKind, panEntries } from './pan-entries.ts';

class PanFault extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/**
 * Reads the security rules of a firewall of Palo Alto Networks with their objects, from `set` lines or from XML. Where rules
 * name zones there is one list for each pair of zones that the rules tell apart; within one zone what no rule holds
 * passes, as the maker has it. Conditions beyond the packet (App-ID, users, names that are looked up) are told; a rule
 * with one counts as holding where it allows and never where it denies.
 */
export function readPaloAlto(text: string): ReadResult {
  if (text.length > CONFIGURATION_CHARACTERS)
    return { fault: { line: 1, message: `the text has more than ${CONFIGURATION_CHARACTERS} characters` } };
  const read = panEntries(text);
  if ('fault' in read) return read;
  try {
    return { rulesets: rulesetsOf(read.entries) };
  } catch (error) {
    if (error instanceof PanFault) return { fault: faultOf(error) };
    throw error;
  }
}

const faultOf = ({ line, message }: PanFault): ReadFault => ({ line, message });

/** What a rule holds, and what stands beside the model. */
interface Rule {
  line: number;
  text: string;
  from: readonly string[];
  to: readonly string[];
  kind: 'universal' | 'intrazone' | 'interzone';
  action: 'permit' | 'deny';
  boxes: Record<Family, Box[]>;
  conditions: readonly string[];
}

const order = ['pre-rulebase', 'rulebase', 'post-rulebase'];

function rulesetsOf(entries: readonly PanEntry[]): Ruleset[] {
  const objects = new Objects(entries);
  const isOn = ({ values }: PanEntry) => values.get('disabled')?.[0] !== 'yes';
  const rules = entries
    .filter((entry) => entry.kind === 'rules' && isOn(entry))
    .toSorted((a, b) => order.indexOf(a.base) - order.indexOf(b.base))
    .map((entry) => ruleOf(entry, objects));
  if (rules.length === 0) return [];
  const defaults = defaultsOf(entries);
  return pairsOf(rules).map(({ name, own, isOneZone, unknown }) => ({
    name,
    lines: own.flatMap(linesOf),
    // Where no zone is named, the pair may be one zone with itself.
    otherwise: isOneZone || unknown ? defaults.within : defaults.between,
    stateful: true,
    unmodelled: own.flatMap(({ line, conditions }): Unmodelled[] =>
      conditions.length === 0 ? [] : [{ line, what: conditions.join(', ') }],
    ),
    beside: [],
  }));
}

/** What becomes of what no rule holds; an administrator may turn both round. */
function defaultsOf(entries: readonly PanEntry[]): Record<'within' | 'between', Line['action']> {
  const defaultOf = (name: string, usual: Line['action']) => {
    const entry = entries.find((one) => one.kind === 'default-rules' && one.name === name);
    const action = entry?.values.get('action')?.[0];
    return action === undefined ? usual : action === 'allow' ? 'permit' : 'deny';
  };
  return {
    within: defaultOf('intrazone-default', 'permit'),
    between: defaultOf('interzone-default', 'deny'),
  };
}

function linesOf({ line, text, action, boxes, conditions }: Rule): Line[] {
  if (conditions.length > 0 && action === 'deny') return [];
  return families
    .filter((family) => boxes[family].length > 0)
    .map((family) => ({ family, action, boxes: boxes[family], line, text }));
}

/** Pairs of zones, those with the same rules together. */
function pairsOf(
  rules: readonly Rule[],
): { name: string; own: Rule[]; isOneZone: boolean; unknown: boolean }[] {
  const zones = [...new Set(rules.flatMap(({ from, to }) => [...from, ...to]))].filter(
    (zone) => zone !== 'any',
  );
  if (zones.length === 0)
    return [{ name: 'any zone → any zone', own: [...rules], isOneZone: false, unknown: true }];
  if (zones.length ** 2 > PAN_ZONE_PAIRS)
    throw new PanFault(rules[0]!.line, `there are more than ${PAN_ZONE_PAIRS} pairs of zones`);
  const groups = new Map<string, { pairs: string[]; own: Rule[]; isOneZone: boolean; unknown: boolean }>();
  for (const from of zones)
    for (const to of zones) {
      const own = rules.filter((rule) => speaksOf(rule, from, to));
      const key = `${from === to} ${own.map(({ line }) => line).join(' ')}`;
      const group = groups.get(key) ?? { pairs: [], own, isOneZone: from === to, unknown: false };
      group.pairs.push(`${from} → ${to}`);
      groups.set(key, group);
    }
  return [...groups.values()].map(({ pairs, ...group }) => ({ ...group, name: pairs.join(', ') }));
}

function speaksOf({ from, to, kind }: Rule, source: string, destination: string): boolean {
  const names = (zones: readonly string[], zone: string) => zones.includes('any') || zones.includes(zone);
  if (kind === 'intrazone') return source === destination && names(from, source);
  return names(from, source) && names(to, destination) && (kind === 'universal' || source !== destination);
}

function ruleOf(entry: PanEntry, objects: Objects): Rule {
  const { line, text, values } = entry;
  const listed = (key: string) => values.get(key) ?? ['any'];
  const conditions = conditionsOf(values);
  const kind = (values.get('rule-type')?.[0] ?? 'universal') as Rule['kind'];
  const side = (key: 'source' | 'destination') => {
    const negated = values.get(`negate-${key}`)?.[0] === 'yes';
    return objects.addresses(listed(key), line, negated, conditions);
  };
  const [source, destination] = [side('source'), side('destination')];
  const services = objects.services(listed('application'), listed('service'), line, conditions);
  const boxes = (family: Family) =>
    intersectAll(
      intersectAll(within('source', source, family), within('destination', destination, family)),
      services[family],
    );
  return {
    line,
    text,
    kind,
    from: listed('from'),
    to: kind === 'intrazone' ? ['any'] : listed('to'),
    action: actionOf(entry),
    boxes: { 4: boxes(4), 6: boxes(6) },
    conditions,
  };
}

function within(field: 'source' | 'destination', set: Record<Family, Range[]> | null, family: Family): Box[] {
  if (set === null) return [{}];
  return set[family].length === 0 ? [] : [{ [field]: set[family] }];
}

function actionOf({ line, name, values }: PanEntry): Line['action'] {
  const action = values.get('action')?.[0];
  if (action === 'allow') return 'permit';
  if (action !== undefined && ['deny', 'drop', 'reset-client', 'reset-server', 'reset-both'].includes(action))
    return 'deny';
  throw new PanFault(
    line,
    `the rule ${name} has ${action === undefined ? 'no action' : `the action ${action}, which is not known here`}`,
  );
}

/** What a rule asks beyond packets. */
function conditionsOf(values: ReadonlyMap<string, readonly string[]>): string[] {
  const asked = ['source-user', 'category', 'hip-profiles', 'source-hip', 'destination-hip', 'schedule'];
  return asked.flatMap((key) => {
    const given = (values.get(key) ?? []).filter((value) => value !== 'any');
    return given.length === 0 ? [] : [`${key} ${given.join(' ')}`];
  });
}

const point = (value: bigint): Range[] => [{ first: value, last: value }];

/** Applications that a packet's header shows. */
const known: Readonly<Record<string, readonly Box[]>> = {
  icmp: [{ protocol: point(1n) }],
  'ipv6-icmp': [{ protocol: point(58n) }],
  ping: [{ protocol: point(1n), sourcePort: point(8n) }],
  ping6: [{ protocol: point(58n), sourcePort: point(128n) }],
  gre: [{ protocol: point(47n) }],
  ospf: [{ protocol: point(89n) }],
  igmp: [{ protocol: point(2n) }],
  'ipsec-esp': [{ protocol: point(50n) }],
  'ipsec-ah': [{ protocol: point(51n) }],
};

const tcp = (...ports: readonly bigint[]): Box => ({
  protocol: point(6n),
  destinationPort: ports.flatMap(point),
});
const predefined: Readonly<Record<string, Box>> = {
  'service-http': tcp(80n, 8080n),
  'service-https': tcp(443n),
};

class Objects {
  readonly #byName = new Map<string, PanEntry>();

  constructor(entries: readonly PanEntry[]) {
    for (const entry of entries) this.#byName.set(`${entry.kind} ${entry.name}`, entry);
  }

  #find(kind: PanKind, name: string): PanEntry | undefined {
    return this.#byName.get(`${kind} ${name}`);
  }

  /** Null where any address is meant. */
  addresses(
    names: readonly string[],
    line: number,
    negated: boolean,
    conditions: string[],
  ): Record<Family, Range[]> | null {
    if (names.includes('any')) return null;
    const found: Record<Family, Range[]> = { 4: [], 6: [] };
    let open = false;
    for (const name of this.#flat('address-group', 'static', names)) {
      const range = this.#address(name, line);
      if (typeof range === 'string') {
        conditions.push(range);
        open = true;
      } else found[range.family].push({ first: range.first, last: range.last });
    }
    if (open) return null;
    const merged = { 4: mergeRanges(found[4]), 6: mergeRanges(found[6]) };
    if (!negated) return merged;
    const rest = (family: Family) => subtractRanges([wholeRange(widthOf(family))], merged[family]);
    return { 4: rest(4), 6: rest(6) };
  }

  /** The members of groups, and of the groups in them. */
  #flat(kind: PanKind, key: string, names: readonly string[]): string[] {
    const seen = new Set<string>();
    const members: string[] = [];
    for (const waiting = names.toReversed(); waiting.length > 0; ) {
      const name = waiting.pop()!;
      const group = this.#find(kind, name);
      if (group === undefined || !group.values.has(key)) members.push(name);
      else if (!seen.has(name)) waiting.push(...group.values.get(key)!.toReversed());
      seen.add(name);
    }
    return members;
  }

  /** A range, or in words what is looked up when a packet comes. */
  #address(name: string, line: number): ({ family: Family } & Range) | string {
    if (this.#find('address-group', name) !== undefined)
      return `the address group ${name}, whose members come and go`;
    const entry = this.#find('address', name);
    const text =
      entry === undefined ? name : (entry.values.get('ip-netmask') ?? entry.values.get('ip-range'))?.[0];
    if (text === undefined) {
      const other = ['fqdn', 'ip-wildcard'].find((key) => entry!.values.has(key));
      if (other === 'fqdn') return `the name ${entry!.values.get('fqdn')![0]}`;
      throw new PanFault(entry!.line, `the address ${name} has a form that is not known here`);
    }
    const range = parseNetwork(text);
    if (range === null)
      throw new PanFault(
        entry?.line ?? line,
        `${text} is no address, network or range, and no object has this name`,
      );
    return range;
  }

  services(
    applications: readonly string[],
    services: readonly string[],
    line: number,
    conditions: string[],
  ): Record<Family, Box[]> {
    const ports = this.#ports(services, line);
    const all = { 4: ports ?? [{}], 6: ports ?? [{}] };
    if (applications.includes('any')) {
      if (services.includes('application-default'))
        conditions.push('the usual ports of whatever application it is');
      return all;
    }
    const named = this.#flat('application-group', 'members', applications).map((name) =>
      this.#application(name),
    );
    const unknown = applications.filter((_, index) => named[index] === null);
    if (named.includes(null)) {
      conditions.push(`application ${unknown.length === 0 ? applications.join(' ') : unknown.join(' ')}`);
      return all;
    }
    const of = (family: Family) =>
      intersectAll(
        named.flatMap((one) => one![family]),
        all[family],
      );
    return { 4: of(4), 6: of(6) };
  }

  /** Null where every port of every protocol is meant. */
  #ports(names: readonly string[], line: number): Box[] | null {
    if (names.includes('any') || names.includes('application-default')) return null;
    return this.#flat('service-group', 'members', names).flatMap((name) => this.#service(name, line));
  }

  #service(name: string, line: number): Box[] {
    const entry = this.#find('service', name);
    if (entry === undefined) {
      if (Object.hasOwn(predefined, name)) return [predefined[name]!];
      throw new PanFault(line, `there is no service ${name}`);
    }
    return (['tcp', 'udp'] as const).flatMap((word) => {
      const ports = entry.values.get(`protocol/${word}/port`)?.[0];
      if (ports === undefined) return [];
      const from = entry.values.get(`protocol/${word}/source-port`)?.[0];
      return [
        {
          protocol: point(word === 'tcp' ? 6n : 17n),
          destinationPort: portsOf(ports, entry.line),
          ...(from === undefined ? {} : { sourcePort: portsOf(from, entry.line) }),
        },
      ];
    });
  }

  /** Null where only App-ID knows it. */
  #application(name: string): Record<Family, readonly Box[]> | null {
    const entry = this.#find('application', name);
    if (entry === undefined) {
      const boxes = Object.hasOwn(known, name) ? known[name]! : null;
      return boxes === null ? null : { 4: boxes, 6: boxes };
    }
    const number = entry.values.get('default/ident-by-ip-protocol')?.[0];
    if (number !== undefined && /^\d{1,3}$/.test(number)) {
      const box = [{ protocol: point(BigInt(number)) }];
      return { 4: box, 6: box };
    }
    const [four, six] = [icmpOf(entry, 'ident-by-icmp-type', 1n), icmpOf(entry, 'ident-by-icmp6-type', 58n)];
    return four.length + six.length === 0 ? null : { 4: four, 6: six };
  }
}

function icmpOf({ values }: PanEntry, ident: string, protocol: bigint): Box[] {
  const number = (key: string) => {
    const text = values.get(`default/${ident}/${key}`)?.[0];
    return text !== undefined && /^\d{1,3}$/.test(text) ? point(BigInt(text)) : null;
  };
  const [type, code] = [number('type'), number('code')];
  if (type === null) return [];
  return [
    { protocol: point(protocol), sourcePort: type, ...(code === null ? {} : { destinationPort: code }) },
  ];
}

/** `80,443,5000-5010` */
function portsOf(text: string, line: number): Range[] {
  return mergeRanges(
    text.split(',').map((part) => {
      const match = /^\s*(\d{1,5})(?:-(\d{1,5}))?\s*$/.exec(part);
      const [first, last] = match === null ? [1, 0] : [Number(match[1]), Number(match[2] ?? match[1])];
      if (first > last || last > 65_535) throw new PanFault(line, `${part} is no port`);
      return { first: BigInt(first), last: BigInt(last) };
    }),
  );
}

/** Bits beside a mask mean nothing to the firewall. */
function parseNetwork(text: string): ({ family: Family } & Range) | null {
  const [address, length] = text.split('/');
  const parsed = length === undefined ? null : parseAddress(address!);
  if (parsed === null) return parseAddressRange(text);
  if (!/^\d{1,3}$/.test(length!) || Number(length) > widthOf(parsed.family)) return null;
  const rest = (1n << BigInt(widthOf(parsed.family) - Number(length))) - 1n;
  return { family: parsed.family, first: parsed.value & ~rest, last: parsed.value | rest };
}
