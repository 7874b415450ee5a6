import type { Knowledge } from '@wardline/knowledge';
import { type Asset, type Endpoint, endpointKey } from '@wardline/model';
import type { StatementOf } from './claims/statement.ts';
import { Lexicon } from './lexicon.ts';
import { NAME_CHARS } from './limits.ts';
import type { Party } from './party.ts';

/** What the rules may ask about the rest of the hospital while they judge one asset. */
export interface JudgementContext {
  readonly lexicon: Lexicon;
  /** The asset behind an endpoint, or a party without id that is named by its address. */
  party(endpoint: Endpoint): Party;
  /** Whose asset an endpoint is, or null. */
  assetOf(endpoint: Endpoint): string | null;
  /** What the maker of an asset states of it. */
  statementOf: StatementOf;
}

/**
 * Makes a context from assets and the map of endpoint keys that `identify` returns. A caller who judges one asset at a
 * time gives the asset and all its peers; an endpoint of nobody is named by its address.
 */
export function createContext(
  assets: Iterable<Asset>,
  assetOf: ReadonlyMap<string, string>,
  knowledge: Knowledge,
  statementOf: StatementOf = () => null,
): JudgementContext {
  const lexicon = new Lexicon(knowledge);
  const parties = new Map<string, Party>();
  for (const asset of assets) parties.set(asset.id, partyOf(asset, lexicon));
  const owner = (endpoint: Endpoint) => assetOf.get(endpointKey(endpoint)) ?? null;
  return {
    lexicon,
    assetOf: owner,
    statementOf,
    party: (endpoint) => parties.get(owner(endpoint) ?? '') ?? stranger(endpoint, owner(endpoint)),
  };
}

export function partyOf(asset: Asset, lexicon: Lexicon): Party {
  const known = lexicon.class(asset.class.value);
  return {
    id: asset.id,
    name: asset.name.length > NAME_CHARS ? `${asset.name.slice(0, NAME_CHARS - 1)}…` : asset.name,
    class: known && known.id !== 'unknown' ? known.id : null,
    classLabel: known && known.id !== 'unknown' ? known.label : null,
    group: known && known.id !== 'unknown' ? known.group : null,
    clinical: known ? lexicon.isClinicalGroup(known.group) : false,
    criticality: lexicon.criticality(asset.criticality.value),
  };
}

function stranger(endpoint: Endpoint, id: string | null): Party {
  const name = endpoint.ip ?? endpoint.mac ?? 'an unknown address';
  return { id, name, class: null, classLabel: null, group: null, clinical: false, criticality: 'unknown' };
}
