import type { AdvisoryFault } from '@wardline/formats';

/** One document of a feed. */
export interface SourceEntry {
  /** Its path below the folder, or its URL. */
  path: string;
  /** Another stamp means that it may have changed; null where only its content tells. */
  stamp: string | null;
  /** Where its hash may lie, the first that is there counts, and its signature. */
  hashes: readonly string[];
  signature: string | null;
}

export interface Listing {
  entries: readonly SourceEntry[];
  /** What the feed's own lists promise and is not there, by path. */
  missing: readonly { path: string; fault: AdvisoryFault }[];
}

/** Where a feed's documents come from. */
export interface Source {
  /** @throws FeedError */
  list: () => Promise<Listing>;
  /** @throws FeedError */
  read: (path: string, limit: number) => Promise<Buffer>;
}
