import type { Conversation, Evidence, Facts, Protection, Service, Sighting } from '@wardline/model';
import { protections } from '@wardline/model';
import { earlier } from '../resolve/node.ts';

/** True where the server's side took part: for TCP it accepted a connection, for others it sent something back. */
export function answeredBy(c: Conversation): boolean {
  if (c.transport !== 'tcp') return c.packetsFromServer > 0;
  if (c.connections.established > 0) return true;
  const onlyRefused = c.connections.refused > 0 && c.connections.opened <= c.connections.refused;
  return c.packetsFromServer > 0 && !onlyRefused;
}

/** The services that the asset offered, from conversations in which it answered as the server. */
export function servicesOf(asServer: readonly Conversation[], sightings: readonly Sighting[]): Service[] {
  const banners = bannersOf(sightings);
  const byService = Map.groupBy(
    asServer.filter((c) => answeredBy(c) && c.serverPort !== null),
    (c) => `${c.transport}/${c.serverPort}`,
  );
  const services = [...byService].map(([key, list]) => serviceOf(list, banners.get(key) ?? null));
  return services.sort((a, b) => (a.port ?? 0) - (b.port ?? 0) || (a.transport < b.transport ? -1 : 1));
}

function serviceOf(list: readonly Conversation[], banner: string | null): Service {
  const [first] = list as [Conversation, ...Conversation[]];
  const clients = new Set(list.map(({ client }) => client.ip ?? client.mac));
  return {
    transport: first.transport,
    port: first.serverPort,
    application: mostSeen(list),
    protection: weakest(list),
    banner,
    clients: clients.size,
    firstSeen: list.reduce((at, c) => Math.min(at, c.firstSeen), first.firstSeen),
    lastSeen: list.reduce((at, c) => Math.max(at, c.lastSeen), first.lastSeen),
    evidence: list.map((c) => c.evidence).reduce<Evidence>(earlier, first.evidence),
  };
}

function mostSeen(list: readonly Conversation[]): string | null {
  const packets = new Map<string, number>();
  for (const c of list) {
    if (c.application === null) continue;
    packets.set(c.application, (packets.get(c.application) ?? 0) + c.packetsFromClient + c.packetsFromServer);
  }
  const sorted = [...packets].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return sorted[0]?.[0] ?? null;
}

/** The weakest protection that was seen, since that is what an attacker gets; unknown only where nothing else is. */
function weakest(list: readonly Conversation[]): Protection {
  const seen = new Set(list.map((c) => c.protection));
  return protections.find((protection) => protection !== 'unknown' && seen.has(protection)) ?? 'unknown';
}

/** What services say of themselves, by transport and port. */
function bannersOf(sightings: readonly Sighting[]): Map<string, string> {
  const banners = new Map<string, string>();
  for (const sighting of sightings) {
    const { service } = sighting;
    const text = service === null ? undefined : bannerOf(sighting);
    if (service === null || !text) continue;
    const key = `${service.transport}/${service.port}`;
    const known = banners.get(key);
    if (known === undefined || text < known) banners.set(key, text.slice(0, 200));
  }
  return banners;
}

function bannerOf(sighting: Sighting): string | undefined {
  switch (sighting.kind) {
    case 'http.server':
      return (sighting.facts as Facts['http.server']).server;
    case 'ssh.software': {
      const f = sighting.facts as Facts['ssh.software'];
      return f.role === 'server' ? f.banner : undefined;
    }
    case 'ftp.server':
    case 'mail.server':
    case 'telnet.server':
      return (sighting.facts as Facts['ftp.server']).banner;
    default:
      return undefined;
  }
}
