import type { Conversation, Endpoint, FactKind, Facts, Sighting } from '@wardline/model';
import type { AlertRecord } from '../engine/alert-book.ts';
import { Watch, type WatchOptions } from '../engine/watch.ts';
import { conversationOf } from './conversations.ts';

export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
/** Thursday, 2026-11-26, noon. */
export const NOON = Date.UTC(2026, 10, 26, 12) * 1000;

export function endpoint(last: number, ip = `10.0.0.${last}`): Endpoint {
  return { mac: `02:00:00:00:00:${last.toString(16).padStart(2, '0')}`, ip, vlan: null };
}

const outcomes = { opened: 1, established: 1, refused: 0, unanswered: 0, closed: 1, reset: 0 };

/** A conversation of two hosts at a second of the scene. */
export function talk(
  from: number,
  to: number | string,
  second: number,
  over: Partial<Conversation> = {},
): Conversation {
  const at = NOON + second * SECOND;
  const server = typeof to === 'string' ? { mac: '02:00:00:00:00:fe', ip: to, vlan: null } : endpoint(to);
  return conversationOf({
    client: endpoint(from),
    server,
    firstSeen: at,
    lastSeen: at + SECOND,
    evidence: { capture: 'scene.pcap', packet: second + 1 },
    ...over,
  });
}

/** A try that nobody answers. */
export function knock(
  from: number,
  to: number,
  second: number,
  over: Partial<Conversation> = {},
): Conversation {
  return talk(from, to, second, {
    packetsFromServer: 0,
    bytesFromServer: 0,
    packetsFromClient: 1,
    bytesFromClient: 60,
    connections: { ...outcomes, established: 0, closed: 0, unanswered: 1 },
    ...over,
  });
}

export function fact<K extends FactKind>(
  kind: K,
  about: number | Endpoint,
  facts: Facts[K],
  second = 0,
  over: Partial<Sighting> = {},
): Sighting {
  const at = NOON + second * SECOND;
  return {
    kind,
    subject: typeof about === 'number' ? endpoint(about) : about,
    service: null,
    peer: null,
    facts,
    marks: [],
    firstSeen: at,
    lastSeen: at,
    count: 1,
    evidence: { capture: 'scene.pcap', packet: second + 1 },
    ...over,
  };
}

export interface Scenario {
  learn?: { conversations?: Conversation[]; sightings?: Sighting[] };
  conversations?: Conversation[];
  sightings?: Sighting[];
  options?: WatchOptions;
}

/** Plays a scenario in batches of ten seconds, as a sensor would bring it; returns the alerts as they stand at the end. */
export function play({ learn, conversations = [], sightings = [], options }: Scenario): AlertRecord[] {
  const watch = new Watch(learn === undefined ? 'unlearnt' : 'learning', options);
  if (learn !== undefined) {
    feed(watch, learn.conversations ?? [], learn.sightings ?? []);
    watch.endLearning();
  }
  return feed(watch, conversations, sightings);
}

export function feed(
  watch: Watch,
  conversations: readonly Conversation[],
  sightings: readonly Sighting[],
): AlertRecord[] {
  const batches = new Map<number, { conversations: Conversation[]; sightings: Sighting[] }>();
  const at = (time: number) => {
    const slot = Math.floor(time / (10 * SECOND));
    const batch = batches.get(slot) ?? { conversations: [], sightings: [] };
    batches.set(slot, batch);
    return batch;
  };
  for (const conversation of conversations) at(conversation.firstSeen).conversations.push(conversation);
  for (const sighting of sightings) at(sighting.firstSeen).sightings.push(sighting);
  const found = new Map<string, AlertRecord>();
  for (const [, batch] of [...batches].toSorted(([a], [b]) => a - b))
    for (const record of watch.take(batch.conversations, batch.sightings)) found.set(record.id, record);
  return [...found.values()];
}

export function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** What was found, sorted. */
export function namesOf(alerts: readonly AlertRecord[]): string[] {
  return alerts.map(({ detection }) => detection).toSorted();
}
