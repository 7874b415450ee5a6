import {
  addConversations,
  addSightings,
  type Conversation,
  conversationKey,
  endpointKey,
  type SensorBatch,
  type Sighting,
} from '@wardline/model';

/** Adds up the deltas of batches, as the model defines it, in order of first appearance. */
export class Gathering {
  readonly #conversations = new Map<string, Conversation>();
  readonly #sightings = new Map<string, Sighting>();
  readonly statistics = {
    packets: 0,
    bytes: 0,
    dropped: {} as Record<string, number>,
    evicted: {} as Record<string, number>,
  };

  add(batch: SensorBatch): void {
    for (const conversation of batch.conversations) this.#addConversation(conversation);
    for (const sighting of batch.sightings) this.#addSighting(sighting);
    this.statistics.packets += batch.statistics.packets;
    this.statistics.bytes += batch.statistics.bytes;
    addCounts(this.statistics.dropped, batch.statistics.dropped);
    addCounts(this.statistics.evicted, batch.statistics.evicted);
  }

  conversations(): Conversation[] {
    return [...this.#conversations.values()];
  }

  sightings(): Sighting[] {
    return [...this.#sightings.values()];
  }

  get size(): { conversations: number; sightings: number } {
    return { conversations: this.#conversations.size, sightings: this.#sightings.size };
  }

  #addConversation(delta: Conversation): void {
    const key = `${conversationKey(delta)}@${delta.slice}`;
    const known = this.#conversations.get(key);
    this.#conversations.set(key, known ? addConversations(known, delta) : delta);
  }

  #addSighting(delta: Sighting): void {
    const key = sightingKey(delta);
    const known = this.#sightings.get(key);
    this.#sightings.set(key, known ? addSightings(known, delta) : delta);
  }
}

function addCounts(sum: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [cause, count] of Object.entries(more)) sum[cause] = (sum[cause] ?? 0) + count;
}

function sightingKey(sighting: Sighting): string {
  const { kind, subject, service, peer, facts } = sighting;
  return [
    kind,
    endpointKey(subject),
    service ? `${service.transport}/${service.port}` : '',
    peer ? endpointKey(peer) : '',
    JSON.stringify(Object.entries(facts).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  ].join('\n');
}
