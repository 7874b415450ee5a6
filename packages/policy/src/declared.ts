import type { Learnt } from './learn.ts';
import type { ServicePart, ServiceUse } from './policy.ts';

/** What the maker of an asset declares that it listens on. */
export interface Declaration {
  /** The form that says so. */
  document: string;
  ports: readonly { transport: 'tcp' | 'udp' | null; port: number }[];
}

/** A zone as its makers declare it, beside what was recorded. */
export interface DeclaredZone {
  zone: string;
  documents: string[];
  /** Declared and never seen: told, and never added. */
  unseen: string[];
}

export interface Held {
  /** Services of each conduit, by its name, that no maker of its servers declares. */
  undeclared: Map<string, string[]>;
  zones: DeclaredZone[];
  /** The same without the undeclared services; what is left of no service is left out. */
  narrowed: Learnt;
}

/**
 * Holds what was learnt against what makers declare. A zone is judged only where every member has a declaration: of the others nobody knows
 * what they need. A declaration takes services away where a person asks for it, and never adds one.
 */
export function holdDeclared(
  learnt: Learnt,
  membersOf: (zone: string) => readonly string[],
  declarationOf: (asset: string) => Declaration | null,
): Held {
  const known = new Map<string, Declaration[]>();
  for (const { name } of learnt.policy.zones) {
    const members = membersOf(name);
    const declared = members.map(declarationOf).filter((one) => one !== null);
    if (members.length > 0 && declared.length === members.length) known.set(name, declared);
  }
  const undeclared = new Map<string, string[]>();
  const left = new Map<string, ServiceUse[]>();
  const seen = new Map<string, Set<string>>();
  for (const { name, to, services } of learnt.policy.conduits) {
    const declared = to.flatMap((zone) => known.get(zone) ?? []);
    const parts = services.flatMap((use) => ('service' in use ? [] : single(use)));
    for (const zone of to)
      seen.set(zone, new Set([...(seen.get(zone) ?? []), ...parts.map((part) => keyOf(part))]));
    const isJudged = to.every((zone) => known.has(zone));
    const against = isJudged ? parts.filter((part) => !isDeclared(part, declared)) : [];
    if (against.length > 0) undeclared.set(name, against.map(keyOf));
    if (against.length > 0)
      left.set(
        name,
        parts.filter((part) => isDeclared(part, declared)),
      );
  }
  const zones = [...known].map(([zone, declared]) => ({
    zone,
    documents: [...new Set(declared.map(({ document }) => document))],
    unseen: unseenOf(declared, seen.get(zone) ?? new Set()),
  }));
  return { undeclared, zones, narrowed: without(learnt, left) };
}

function without(learnt: Learnt, left: ReadonlyMap<string, readonly ServiceUse[]>): Learnt {
  const proposals = learnt.proposals
    .map((one) => {
      const services = left.get(one.conduit.name);
      return services === undefined ? one : { ...one, conduit: { ...one.conduit, services } };
    })
    .filter(({ conduit }) => conduit.services.length > 0);
  return {
    ...learnt,
    proposals,
    policy: { ...learnt.policy, conduits: proposals.map(({ conduit }) => conduit) },
  };
}

/** Ranges of learnt ports apart, so that each is held against the declaration. */
function single({ protocol, ports }: ServicePart): ServicePart[] {
  if (ports.length === 0) return [{ protocol, ports }];
  return ports.flatMap((text) => {
    const [first, last = first] = text.split('-').map(Number);
    return Array.from({ length: last! - first! + 1 }, (_, index) => ({
      protocol,
      ports: [String(first! + index)],
    }));
  });
}

const keyOf = ({ protocol, ports }: ServicePart): string => [protocol, ...ports].join(' ');

/** A list of ports says nothing of protocols without ports. */
function isDeclared({ protocol, ports: [port] }: ServicePart, declared: readonly Declaration[]): boolean {
  if (port === undefined || (protocol !== 'tcp' && protocol !== 'udp')) return true;
  return declared.some(({ ports }) =>
    ports.some((one) => one.port === Number(port) && (one.transport ?? protocol) === protocol),
  );
}

function unseenOf(declared: readonly Declaration[], seen: ReadonlySet<string>): string[] {
  const unseen = declared.flatMap(({ ports }) =>
    ports.flatMap(({ transport, port }) => {
      const keys = transport === null ? [`tcp ${port}`, `udp ${port}`] : [`${transport} ${port}`];
      return keys.some((key) => seen.has(key)) ? [] : [transport === null ? `port ${port}` : keys[0]!];
    }),
  );
  return [...new Set(unseen)];
}
