import { type Conversation, type Endpoint, endpointKey, type Sighting } from '@wardline/model';
import { isOnlyNamed } from './characterise/named-machines.ts';

/** An endpoint and what is known of when it lived. */
export interface ObservedEndpoint extends Endpoint {
  /** True where it was only ever spoken to and never answered: it becomes no asset of its own. */
  silent?: boolean;
  firstSeen?: number;
  lastSeen?: number;
}

/** One endpoint with all that was seen of it. */
export interface SeenEndpoint {
  endpoint: Required<ObservedEndpoint>;
  sightings: Sighting[];
  asClient: Conversation[];
  asServer: Conversation[];
}

interface Seen {
  sightings: readonly Sighting[];
  conversations: readonly Conversation[];
}

/** All endpoints that sightings and conversations speak of, each once, with its times and whether it ever answered. */
export function endpointsOf(input: Seen): ObservedEndpoint[] {
  return [...seenByEndpoint(input).values()].map(({ endpoint }) => endpoint);
}

/** The same by `endpointKey`, each with what was seen of it. */
export function seenByEndpoint(input: Seen): Map<string, SeenEndpoint> {
  const known = new Map<string, SeenEndpoint>();
  for (const s of input.sightings) entryOf(known, s.subject, !isOnlyNamed(s), s).sightings.push(s);
  for (const c of input.conversations) {
    entryOf(known, c.client, c.packetsFromClient > 0, c).asClient.push(c);
    entryOf(known, c.server, answered(c), c).asServer.push(c);
  }
  return known;
}

function entryOf(
  known: Map<string, SeenEndpoint>,
  place: Endpoint,
  alive: boolean,
  { firstSeen, lastSeen }: { firstSeen: number; lastSeen: number },
): SeenEndpoint {
  const key = endpointKey(place);
  const entry = known.get(key);
  if (entry === undefined) {
    const { mac, ip, vlan } = place;
    const endpoint = { mac, ip, vlan, silent: !alive, firstSeen, lastSeen };
    const fresh: SeenEndpoint = { endpoint, sightings: [], asClient: [], asServer: [] };
    known.set(key, fresh);
    return fresh;
  }
  const { endpoint } = entry;
  endpoint.silent &&= !alive;
  endpoint.firstSeen = Math.min(endpoint.firstSeen, firstSeen);
  endpoint.lastSeen = Math.max(endpoint.lastSeen, lastSeen);
  return entry;
}

/** True where the server's side lives: it sent something, or the client's part could not have come about without it. */
function answered(c: Conversation): boolean {
  return c.packetsFromServer > 0 || c.connections.established > 0;
}
