import type { Conversation, FactKind, Sighting } from '@wardline/model';

/** What is known of one asset: sightings about it, and conversations in which it is either side. */
export interface AssetFacts {
  sightings: readonly Sighting[];
  conversations: readonly Conversation[];
}

/** The sightings of one kind, typed. */
export function ofKind<K extends FactKind>(facts: AssetFacts, kind: K): Sighting<K>[] {
  return facts.sightings.filter((sighting): sighting is Sighting<K> => sighting.kind === kind);
}

/** Groups in order of first appearance. */
export function groupBy<T>(items: Iterable<T>, key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()];
}

export function distinct<T>(items: Iterable<T>): T[] {
  return [...new Set(items)];
}

/** A text that tells services apart. */
export function serviceKey(service: { transport: string; port: number | null } | null): string {
  return service ? `${service.transport}/${service.port ?? '-'}` : '-';
}

/** The service with the lowest port, whatever the order of the facts. */
export function lowestService(sightings: readonly Sighting[]): Sighting['service'] {
  const services = sightings.map((item) => item.service).filter((service) => service !== null);
  return services.toSorted((a, b) => a.port - b.port || (a.transport < b.transport ? -1 : 1))[0] ?? null;
}
