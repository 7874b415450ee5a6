import type { Conduit, Policy, ServicePart, Zone } from './policy.ts';
import { POLICY_VERSION } from './policy.ts';
import type { PolicyAsset } from './resolve.ts';
import { criticalityOf, isGroupAddress, type Recorded } from './simulate.ts';

/** How a proposal is grouped, and what is too little to propose. */
export interface LearnOptions {
  name: string;
  /** Days that the recording spans: what was seen on few of many is said to be rare, and kept. */
  recordedDays: number;
  /** Conversations without an answer are attempts, and no ground for a rule. */
  onlyAnswered: boolean;
}

/** A proposed conduit with what it rests on. Nothing is approved by being proposed. */
export interface Proposal {
  conduit: Conduit;
  /** One sentence for whoever reviews it. */
  ground: string;
  conversations: number;
  clients: number;
  servers: number;
  days: number;
  /** Seen on less than a tenth of the recorded days: perhaps the monthly calibration, perhaps an accident. */
  rare: boolean;
  firstSeen: number;
  lastSeen: number;
  evidence: readonly string[];
}

export interface Learnt {
  policy: Policy;
  proposals: Proposal[];
  /** Conversations that are no ground for a rule, and why. */
  leftOut: { reason: string; count: number }[];
}

const RARE = 0.1;
const EVIDENCE = 5;

interface Group {
  from: string;
  to: string;
  parts: Map<string, { part: ServicePart; applications: Set<string> }>;
  conversations: Recorded[];
}

/**
 * The least that keeps what was recorded going: assets of one class become a zone (of one class in one place, where each place has several), and each pair of
 * zones that spoke a conduit with the services that were used. Addresses that belong to no asset become zones of their own
 * by their network, so that a person sees them.
 */
export function learn(
  assets: readonly PolicyAsset[],
  conversations: Iterable<Recorded>,
  options: LearnOptions,
): Learnt {
  const zones = new Zones(assets);
  const groups = new Map<string, Group>();
  const leftOut = new Map<string, number>();
  const leave = (reason: string) => leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
  for (const conversation of conversations) {
    const reason = whyNot(conversation, options);
    if (reason !== null) leave(reason);
    else add(groups, conversation, zones);
  }
  const proposals = distinct([...groups.values()].map((group) => propose(group, options)).toSorted(byName));
  const used = new Set(proposals.flatMap(({ conduit }) => [...conduit.from, ...conduit.to]));
  return {
    policy: {
      version: POLICY_VERSION,
      name: options.name,
      undeclared: 'observe',
      zones: zones.declared
        .filter(({ name }) => used.has(name))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      services: [],
      conduits: proposals.map(({ conduit }) => conduit),
      musts: [],
      exceptions: [],
      notes: ['Proposed from recorded conversations; nothing of it is approved.'],
    },
    proposals,
    leftOut: [...leftOut].map(([reason, count]) => ({ reason, count })),
  };
}

/** Long names of zones may leave two conduits with the same beginning, which is all of a name that is kept. */
function distinct(proposals: readonly Proposal[]): Proposal[] {
  const taken = new Set<string>();
  return proposals.map((proposal) => {
    let { name } = proposal.conduit;
    for (let count = 2; taken.has(name); count += 1) name = `${proposal.conduit.name.slice(0, 58)}-${count}`;
    taken.add(name);
    return { ...proposal, conduit: { ...proposal.conduit, name } };
  });
}

const byName = (a: Proposal, b: Proposal): number => (a.conduit.name < b.conduit.name ? -1 : 1);

function whyNot({ client, server, answered }: Recorded, { onlyAnswered }: LearnOptions): string | null {
  if (client.ip === null || server.ip === null) return 'below the network layer';
  if (isGroupAddress(server.ip))
    return 'to a group or broadcast address, which no router passes on by itself';
  if (onlyAnswered && !answered) return 'never answered: an attempt';
  return null;
}

/** Assets of a class that a place holds on average, from which on each place becomes a zone: below, rules are many and say little. */
const PLACE_ASSETS = 3;

/** Classes with enough assets in each place, with their places. */
function splitClasses(assets: readonly PolicyAsset[]): ReadonlyMap<string, readonly string[]> {
  const placed = new Map<string, string[]>();
  for (const { attributes } of assets) {
    const [of, place] = [attributes.class?.[0], attributes.location?.[0]];
    if (of !== undefined && place !== undefined) placed.set(of, [...(placed.get(of) ?? []), place]);
  }
  const split = [...placed]
    .map(([of, places]) => ({ of, count: places.length, places: [...new Set(places)].toSorted() }))
    .filter(({ count, places }) => places.length > 1 && count >= PLACE_ASSETS * places.length);
  return new Map(split.map(({ of, places }) => [of, places]));
}

/** The zone of each party, declared where it is first met. */
class Zones {
  readonly declared: Zone[] = [];
  readonly #byKey = new Map<string, string>();
  readonly #names = new Set<string>();
  readonly #assets: ReadonlyMap<string, PolicyAsset>;
  /** Of classes that are split by place: their places, in order. */
  readonly #placesOf: ReadonlyMap<string, readonly string[]>;

  constructor(assets: readonly PolicyAsset[]) {
    this.#assets = new Map(assets.map((asset) => [asset.id, asset]));
    this.#placesOf = splitClasses(assets);
  }

  of({ asset, ip }: Recorded['client']): string {
    const known = asset === null ? undefined : this.#assets.get(asset);
    if (known !== undefined) return this.#ofAsset(known);
    return this.#ofNetwork(ip!);
  }

  #ofAsset(asset: PolicyAsset): string {
    const { class: classes, location: places } = asset.attributes;
    const of = classes?.[0];
    if (of === undefined)
      return this.#declare(`asset ${asset.id}`, asset.name, { attribute: 'asset', in: [asset.id] });
    const byClass = { attribute: 'class', in: [of] } as const;
    const split = this.#placesOf.get(of);
    if (split === undefined) return this.#declare(of, of, byClass);
    const place = places?.[0];
    if (place === undefined)
      return this.#declare(`${of} elsewhere`, `${of} elsewhere`, {
        all: [byClass, { not: { attribute: 'location', in: split } }],
      });
    const condition = { all: [byClass, { attribute: 'location', in: [place] } as const] };
    return this.#declare(`${of} ${place}`, `${of} ${place}`, condition);
  }

  #ofNetwork(ip: string): string {
    const network = ip.includes(':')
      ? `${ip.split(':').slice(0, 4).join(':').replace(/:+$/, '')}::/64`
      : ip.replace(/\.\d+$/, '.0/24');
    const prefix = isPrefix(network) ? network : ip;
    return this.#declare(`unknown ${prefix}`, `unknown hosts of ${prefix}`, null, [prefix]);
  }

  #declare(key: string, title: string, members: Zone['members'], addresses: readonly string[] = []): string {
    const before = this.#byKey.get(key);
    if (before !== undefined) return before;
    const name = this.#free(nameOf(title));
    this.#byKey.set(key, name);
    this.declared.push({
      name,
      title: title === name ? null : title,
      members,
      addresses,
      outside: [],
      notes: [],
    });
    return name;
  }

  #free(name: string): string {
    let free = name;
    for (let count = 2; this.#names.has(free); count += 1) free = `${name.slice(0, 58)}-${count}`;
    this.#names.add(free);
    return free;
  }
}

const isPrefix = (text: string): boolean =>
  /^[0-9a-f:]+::\/64$/.test(text) || /^\d+\.\d+\.\d+\.0\/24$/.test(text);

function nameOf(text: string): string {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[-0-9]+|-+$/g, '');
  return (name || 'zone').slice(0, 60);
}

function add(groups: Map<string, Group>, conversation: Recorded, zones: Zones): void {
  const [from, to] = [zones.of(conversation.client), zones.of(conversation.server)];
  const key = `${from} ${to}`;
  const group: Group = groups.get(key) ?? { from, to, parts: new Map(), conversations: [] };
  const { transport, serverPort, application } = conversation;
  const part = {
    protocol: transport.replace(/^ip-/, 'protocol '),
    ports: serverPort === null ? [] : [String(serverPort)],
  };
  const place = `${part.protocol} ${part.ports[0] ?? ''}`;
  const row = group.parts.get(place) ?? { part, applications: new Set<string>() };
  if (application !== null) row.applications.add(application);
  group.parts.set(place, row);
  group.conversations.push(conversation);
  groups.set(key, group);
}

function propose(group: Group, { recordedDays }: LearnOptions): Proposal {
  const { from, to, conversations } = group;
  const days = Math.max(...conversations.map((one) => one.days));
  const clients = new Set(conversations.map(({ client }) => client.asset ?? client.ip)).size;
  const servers = new Set(conversations.map(({ server }) => server.asset ?? server.ip)).size;
  const rare = recordedDays >= 10 && days < recordedDays * RARE;
  const applications = [
    ...new Set([...group.parts.values()].flatMap((row) => [...row.applications])),
  ].toSorted();
  const ground = groundOf({
    clients,
    servers,
    days,
    recordedDays,
    rare,
    applications,
    worst: conversations.map((one) => criticalityOf(one)),
  });
  const conduit: Conduit = {
    name: `${from}-to-${to}`.slice(0, 63).replace(/-+$/, ''),
    title: null,
    from: [from],
    to: [to],
    services: servicesOf(group),
    mode: 'observe',
    because: ground,
    notes: [],
  };
  return {
    conduit,
    ground,
    conversations: conversations.length,
    clients,
    servers,
    days,
    rare,
    firstSeen: Math.min(...conversations.map(({ firstSeen }) => firstSeen)),
    lastSeen: Math.max(...conversations.map(({ lastSeen }) => lastSeen)),
    evidence: conversations
      .map(({ evidence }) => evidence)
      .filter((text) => text !== null)
      .slice(0, EVIDENCE),
  };
}

/** Ports of one protocol stand together, in order; neighbours become a range. */
function servicesOf({ parts }: Group): ServicePart[] {
  const byProtocol = new Map<string, number[]>();
  const whole: ServicePart[] = [];
  for (const { part } of parts.values()) {
    if (part.ports.length === 0) whole.push(part);
    else byProtocol.set(part.protocol, [...(byProtocol.get(part.protocol) ?? []), Number(part.ports[0])]);
  }
  const ranged = [...byProtocol].map(([protocol, ports]) => ({
    protocol,
    ports: joined(ports.toSorted((a, b) => a - b)),
  }));
  return [...ranged, ...whole].toSorted((a, b) => (a.protocol < b.protocol ? -1 : 1));
}

/** Three neighbours or more: two are two services, a row is the range of a program. */
const ROW = 3;

function joined(ports: readonly number[]): string[] {
  const rows: number[][] = [];
  for (const port of new Set(ports)) {
    const row = rows.at(-1);
    if (row !== undefined && row.at(-1) === port - 1) row.push(port);
    else rows.push([port]);
  }
  return rows.flatMap((row) => (row.length >= ROW ? [`${row[0]}-${row.at(-1)}`] : row.map(String)));
}

interface Ground {
  clients: number;
  servers: number;
  days: number;
  recordedDays: number;
  rare: boolean;
  applications: readonly string[];
  worst: readonly string[];
}

function groundOf({ clients, servers, days, recordedDays, rare, applications, worst }: Ground): string {
  const who = `${clients} client${clients === 1 ? '' : 's'} of ${servers} server${servers === 1 ? '' : 's'}`;
  const when = `seen on ${days} of ${recordedDays} day${recordedDays === 1 ? '' : 's'}`;
  const what = applications.length === 0 ? '' : `, ${applications.slice(0, 4).join(', ')}`;
  const critical = worst.includes('life-critical') ? '; life-critical devices take part' : '';
  return `${who}, ${when}${what}${rare ? '; rare, ask before leaving it out' : ''}${critical}`;
}
