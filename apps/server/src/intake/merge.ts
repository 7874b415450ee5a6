import { createHash } from 'node:crypto';
import { isOnlyNamed } from '@wardline/identify';
import {
  addSightings,
  endpointKey,
  parseEndpointKey,
  type SensorBatch,
  type Sighting,
} from '@wardline/model';

/** An endpoint as one batch speaks of it. */
export interface BatchEndpoint {
  key: string;
  mac: string | null;
  ip: string | null;
  vlan: number | null;
  silent: boolean;
  firstSeen: number;
  lastSeen: number;
}

/** Every endpoint of a batch once, in the order of keys, so that two intakes lock them in one order. */
export function endpointsOfBatch(batch: Pick<SensorBatch, 'conversations' | 'sightings'>): BatchEndpoint[] {
  const found = new Map<string, BatchEndpoint>();
  const add = (key: string, silent: boolean, firstSeen: number, lastSeen: number) => {
    const known = found.get(key);
    if (known === undefined) {
      found.set(key, { key, ...parseEndpointKey(key), silent, firstSeen, lastSeen });
      return;
    }
    known.silent &&= silent;
    known.firstSeen = Math.min(known.firstSeen, firstSeen);
    known.lastSeen = Math.max(known.lastSeen, lastSeen);
  };
  for (const c of batch.conversations) {
    add(endpointKey(c.client), c.packetsFromClient === 0, c.firstSeen, c.lastSeen);
    const answered = c.packetsFromServer > 0 || c.connections.established > 0;
    add(endpointKey(c.server), !answered, c.firstSeen, c.lastSeen);
  }
  for (const s of batch.sightings) {
    // Who was only named by another shows no life either, and becomes no asset.
    add(endpointKey(s.subject), isOnlyNamed(s), s.firstSeen, s.lastSeen);
    // A peer may be named by a sighting only; that somebody spoke to it is no sign of its life.
    if (s.peer) add(endpointKey(s.peer), true, s.firstSeen, s.lastSeen);
  }
  return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** What makes two sightings of one endpoint equal, as a digest that a unique index can hold. */
export function sightingDigest(s: Sighting): string {
  const facts = Object.entries(s.facts).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const service = s.service ? `${s.service.transport}/${s.service.port}` : '';
  const identity = [s.kind, service, s.peer ? endpointKey(s.peer) : '', JSON.stringify(facts)].join('\n');
  return createHash('sha256').update(identity).digest('hex').slice(0, 40);
}

/** Equal sightings of one endpoint added up, each with its digest; in a fixed order. */
export function mergeSightings(list: readonly Sighting[]): { digest: string; sighting: Sighting }[] {
  const merged = new Map<string, { digest: string; sighting: Sighting }>();
  for (const sighting of list) {
    const digest = sightingDigest(sighting);
    const key = `${endpointKey(sighting.subject)} ${digest}`;
    const known = merged.get(key);
    merged.set(key, { digest, sighting: known ? addSightings(known.sighting, sighting) : sighting });
  }
  return [...merged].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}
