import type { Knowledge } from '@wardline/knowledge';
import {
  type Asset,
  type Conversation,
  endpointKey,
  type IdentityDecision,
  type Sighting,
} from '@wardline/model';
import { characterise, type Observations } from './characterise/characterise.ts';
import { endpointsOf } from './endpoints.ts';
import { isIdentityKind } from './identity-kinds.ts';
import { type AssetGroup, resolve } from './resolve/resolve.ts';

export interface IdentifyInput {
  sightings: readonly Sighting[];
  conversations: readonly Conversation[];
  decisions: readonly IdentityDecision[];
}

export interface Identified {
  /** Sorted by id. */
  assets: Asset[];
  /** By `endpointKey`; endpoints that are nobody (broadcast) or never answered are not in it. */
  assetOf: Map<string, string>;
}

/** Turns all that was seen into assets. */
export function identify(input: IdentifyInput, knowledge: Knowledge): Identified {
  const { groups } = resolve({
    endpoints: endpointsOf(input),
    sightings: input.sightings.filter((s) => isIdentityKind(s.kind)),
    decisions: input.decisions,
  });
  const assetOf = new Map<string, string>();
  for (const group of groups) {
    for (const endpoint of group.endpoints) assetOf.set(endpointKey(endpoint), group.id);
  }
  const seen = observationsByAsset(input, assetOf);
  const none: Observations = { sightings: [], conversations: [] };
  const assets = groups.map((group: AssetGroup) =>
    characterise(group, seen.get(group.id) ?? none, knowledge),
  );
  return { assets: assets.sort((a, b) => (a.id < b.id ? -1 : 1)), assetOf };
}

interface Collected extends Observations {
  sightings: Sighting[];
  conversations: Conversation[];
}

function observationsByAsset(input: IdentifyInput, assetOf: Map<string, string>): Map<string, Collected> {
  const seen = new Map<string, Collected>();
  const of = (id: string | undefined): Collected | null => {
    if (id === undefined) return null;
    const known = seen.get(id) ?? { sightings: [], conversations: [] };
    seen.set(id, known);
    return known;
  };
  for (const sighting of input.sightings)
    of(assetOf.get(endpointKey(sighting.subject)))?.sightings.push(sighting);
  for (const conversation of input.conversations) {
    const client = assetOf.get(endpointKey(conversation.client));
    const server = assetOf.get(endpointKey(conversation.server));
    for (const id of new Set([client, server])) of(id)?.conversations.push(conversation);
  }
  return seen;
}
