import type { Engine } from './engine.ts';
import * as nft from './nft.ts';
import { endUndeclared } from './sessions.ts';

/** The kernel of this machine. */
export const nftables: Engine = {
  kind: 'nftables',
  title: 'the kernel',
  nothing: nft.WITHOUT_TABLE,
  check: async (text) => nft.check(text),
  load: async (text) => nft.load(text),
  listing: async () => nft.listing(),
  again: (listing) => `${nft.WITHOUT_TABLE}${listing}`,
  others: nft.otherTables,
  counts: nft.counts,
  endUndeclared: async (listing) => endUndeclared(listing),
};
