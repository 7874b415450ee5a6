import type { Knowledge } from '@wardline/knowledge';
import type { Conversation, FactKind, Sighting } from '@wardline/model';
import type { AssetGroup } from '../resolve/resolve.ts';
import type { ClaimBook } from './claim-book.ts';

/** All that is seen of one group: what the rules of characterisation look at. */
export interface Subject {
  group: AssetGroup;
  /** Facts about this group. */
  sightings: readonly Sighting[];
  /** As client and as server. */
  asClient: readonly Conversation[];
  asServer: readonly Conversation[];
  knowledge: Knowledge;
  book: ClaimBook;
}

/** The sightings of one kind, typed. */
export function sightingsOf<K extends FactKind>(subject: Subject, kind: K): Sighting<K>[] {
  return subject.sightings.filter((s): s is Sighting<K> => s.kind === kind);
}
