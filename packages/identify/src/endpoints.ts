import { type Conversation, type Endpoint, endpointKey, type Sighting } from '@wardline/model';
import { isOnlyNamed } from './characterise/named-machines.ts';

/** An endpoint and what is known of when it lived. */
export interface ObservedEndpoint extends Endpoint {
  /** True where it was only ever spoken to and never answered: it becomes no asset of its own. */
  silent?: boolean;
  firstSeen?: number;
  lastSeen?: number;
}

/** All endpoints that sightings and conversations speak of, each once, with its times and whether it ever answered. */
export function endpointsOf(input: {
  sightings: readonly Sighting[];
  conversations: readonly Conversation[];
}): ObservedEndpoint[] {
  const known = new Map<string, Required<ObservedEndpoint>>();
  const add = (endpoint: Endpoint, alive: boolean, first: number, last: number) => {
    const key = endpointKey(endpoint);
    const entry = known.get(key);
    if (entry === undefined) {
      const { mac, ip, vlan } = endpoint;
      known.set(key, { mac, ip, vlan, silent: !alive, firstSeen: first, lastSeen: last });
      return;
    }
    entry.silent &&= !alive;
    entry.firstSeen = Math.min(entry.firstSeen, first);
    entry.lastSeen = Math.max(entry.lastSeen, last);
  };
  for (const s of input.sightings) add(s.subject, !isOnlyNamed(s), s.firstSeen, s.lastSeen);
  for (const c of input.conversations) {
    add(c.client, c.packetsFromClient > 0, c.firstSeen, c.lastSeen);
    add(c.server, answered(c), c.firstSeen, c.lastSeen);
  }
  return [...known.values()];
}

/** True where the server's side lives: it sent something, or the client's part could not have come about without it. */
function answered(c: Conversation): boolean {
  return c.packetsFromServer > 0 || c.connections.established > 0;
}
