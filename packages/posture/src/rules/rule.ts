import type { Asset, Sighting } from '@wardline/model';
import type { JudgementContext } from '../context.ts';
import { type AssetFacts, serviceKey } from '../facts.ts';
import type { Draft } from '../finding.ts';
import type { Party } from '../party.ts';

/** What one rule sees. */
export interface Case {
  asset: Asset;
  self: Party & { id: string };
  facts: AssetFacts;
  context: JudgementContext;
  /** Who used a service with the asset, worked out once per service. */
  partners: Map<string, readonly Party[]>;
}

/** Judges one subject on one asset. */
export type AssetRule = (the: Case) => Draft[];

/**
 * The other sides of a fact: the one that it names, else those that used the same service with the asset, as its clients
 * or as their client.
 */
export function partners(the: Case, sighting: Sighting): readonly Party[] {
  if (sighting.peer) return [the.context.party(sighting.peer)];
  const key = serviceKey(sighting.service);
  const known = the.partners.get(key) ?? partnersOver(the, sighting.service);
  the.partners.set(key, known);
  return known;
}

function partnersOver(the: Case, service: Sighting['service']): Party[] {
  const found = new Map<string, Party>();
  for (const item of the.facts.conversations) {
    if (item.transport !== service?.transport || item.serverPort !== service.port) continue;
    if (item.packetsFromServer === 0) continue;
    const isServer = the.context.assetOf(item.server) === the.self.id;
    const party = the.context.party(isServer ? item.client : item.server);
    if (party.id !== the.self.id) found.set(party.id ?? party.name, party);
  }
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** A text that tells the other sides apart. */
export function partnersKey(the: Case, sighting: Sighting): string {
  return JSON.stringify(partners(the, sighting).map((party) => party.id ?? party.name));
}
