import type { Knowledge } from '@wardline/knowledge';
import {
  type Asset,
  type Conversation,
  endpointKey,
  type IdentityDecision,
  type Sighting,
} from '@wardline/model';
import { characteriseOwn, type OwnObservations } from './characterise/characterise.ts';
import { type SeenEndpoint, seenByEndpoint } from './endpoints.ts';
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
  const seen = seenByEndpoint(input);
  const { groups } = resolve({
    endpoints: [...seen.values()].map(({ endpoint }) => endpoint),
    sightings: input.sightings.filter((s) => isIdentityKind(s.kind)),
    decisions: input.decisions,
  });
  const assetOf = new Map<string, string>();
  const assets = groups.map((group: AssetGroup) => {
    const keys = group.endpoints.map(endpointKey);
    for (const key of keys) assetOf.set(key, group.id);
    return characteriseOwn(group, together(keys.flatMap((key) => seen.get(key) ?? [])), knowledge);
  });
  return { assets: assets.sort((a, b) => (a.id < b.id ? -1 : 1)), assetOf };
}

/** What several endpoints of one group showed. */
function together(parts: readonly SeenEndpoint[]): OwnObservations {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  return {
    sightings: parts.flatMap((part) => part.sightings),
    asClient: parts.flatMap((part) => part.asClient),
    asServer: parts.flatMap((part) => part.asServer),
  };
}
