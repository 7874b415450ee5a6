import {
  ANYWHERE,
  type Conduit,
  type Must,
  POLICY_VERSION,
  type Policy,
  type ServiceUse,
  type Zone,
} from './policy.ts';

/** A conversation that goes on while its device is contained. */
export interface Kept {
  /** The address of the other side. */
  peer: string;
  /** True where the contained device opens it. */
  outwards: boolean;
  protocol: string;
  /** Null where the protocol has none. */
  port: number | null;
}

export interface Containment {
  /** Begins the names of what is added; letters, digits and hyphens. */
  name: string;
  title: string;
  /** Ids of the assets. */
  assets: readonly string[];
  keep: readonly Kept[];
}

/** `outside` speaks of the families of its addresses only: an address that nobody has stands for the other one. */
const NOBODY: Readonly<Record<'4' | '6', string>> = { 4: '0.0.0.0', 6: '::' };
const NOTHING: Policy = {
  version: POLICY_VERSION,
  name: 'Containment',
  undeclared: 'observe',
  zones: [],
  services: [],
  conduits: [],
  musts: [],
  exceptions: [],
  notes: [],
};

/**
 * The policy with some assets contained: they leave the zones that chose them, speak with nobody, and nobody with them, but for
 * what is kept. All else stays as it was; without a policy only the containment is declared. A zone that names a device by
 * its address keeps it, and may then contradict the containment, which proposing the policy tells.
 */
export function contain(policy: Policy | null, containment: Containment): Policy {
  const before = policy ?? { ...NOTHING, name: containment.title };
  const peers = [...new Set(containment.keep.map(({ peer }) => peer))].toSorted();
  const parts = peers.map((peer, at) => keptWith(containment, peer, `${containment.name}-peer-${at + 1}`));
  const others = othersThan(peers, containment);
  return {
    ...before,
    zones: [
      ...before.zones.map((zone) => without(zone, containment.assets)),
      contained(containment),
      ...others.zones,
      ...parts.map(({ zone }) => zone),
    ],
    conduits: [...before.conduits, ...parts.flatMap(({ conduits }) => conduits)],
    musts: [...before.musts, ...others.musts, ...parts.flatMap(({ musts }) => musts)],
  };
}

function without(zone: Zone, assets: readonly string[]): Zone {
  if (zone.members === null) return zone;
  return { ...zone, members: { all: [zone.members, { not: { attribute: 'asset', in: assets } }] } };
}

const contained = ({ name, title, assets }: Containment): Zone => ({
  ...zoneOf(name),
  title,
  members: { attribute: 'asset', in: assets },
});

function othersThan(
  peers: readonly string[],
  { name, title }: Containment,
): { zones: Zone[]; musts: Must[] } {
  if (peers.length === 0) return { zones: [], musts: apart(name, ANYWHERE, title) };
  const families = new Set(peers.map((peer) => (peer.includes(':') ? '6' : '4')));
  const missing = (['4', '6'] as const)
    .filter((family) => !families.has(family))
    .map((family) => NOBODY[family]);
  const zone = { ...zoneOf(`${name}-others`), outside: [...peers, ...missing] };
  return { zones: [zone], musts: apart(name, zone.name, title) };
}

const apart = (name: string, others: string, title: string): Must[] => [
  deny(name, others, `${title}: it reaches nobody else`),
  deny(others, name, `${title}: nobody else reaches it`),
];

/** What is kept with one peer; a direction in which nothing is kept is denied. */
function keptWith(
  { name, title, keep }: Containment,
  peer: string,
  zone: string,
): { zone: Zone; conduits: Conduit[]; musts: Must[] } {
  const conduits: Conduit[] = [];
  const musts: Must[] = [];
  for (const outwards of [true, false]) {
    const [from, to] = outwards ? [name, zone] : [zone, name];
    const services = servicesOf(keep.filter((kept) => kept.peer === peer && kept.outwards === outwards));
    if (services.length === 0)
      musts.push(
        deny(from, to, `${title}: ${outwards ? 'it opens nothing to' : 'nothing is opened by'} ${peer}`),
      );
    else
      conduits.push({
        name: `${from}-to-${to}`,
        title: null,
        from: [from],
        to: [to],
        services,
        mode: 'enforce',
        because: title,
        notes: [],
      });
  }
  return { zone: { ...zoneOf(zone), addresses: [peer] }, conduits, musts };
}

function servicesOf(keep: readonly Kept[]): ServiceUse[] {
  const parts = keep.map(({ protocol, port }) => ({ protocol, ports: port === null ? [] : [String(port)] }));
  return [...new Map(parts.map((part) => [JSON.stringify(part), part])).values()];
}

const deny = (from: string, to: string, title: string): Must => ({
  title,
  verdict: 'deny',
  from: [from],
  to: [to],
  services: [{ protocol: 'any', ports: [] }],
  because: null,
  notes: [],
});

const zoneOf = (name: string): Zone => ({
  name,
  title: null,
  members: null,
  addresses: [],
  outside: [],
  notes: [],
});
