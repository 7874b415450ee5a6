import type { AdvisoryFault } from '../advisories/advisory.ts';

/** One document that a feed names. */
export interface FeedEntry {
  /** A path below the feed, or an absolute URL, as written. */
  location: string;
  /** When it was changed last, as written; null where the feed does not tell. */
  updated: string | null;
  /** Where the hash and the signature lie, where the feed names them. */
  hashes: readonly string[];
  signature: string | null;
}

export type FeedReading =
  | { ok: true; entries: readonly FeedEntry[] }
  | { ok: false; faults: readonly AdvisoryFault[] };

/** Where a provider of CSAF documents keeps them (CSAF 2.0 §7.1.7). */
export interface Provider {
  publisher: string;
  /** Folders with `changes.csv` and `index.txt`, each ending with a slash. */
  directories: readonly string[];
  /** ROLIE feeds. */
  feeds: readonly string[];
  /** OpenPGP keys by their fingerprint, and where they lie. */
  keys: readonly { fingerprint: string | null; url: string }[];
}

export type ProviderReading =
  | { ok: true; provider: Provider }
  | { ok: false; faults: readonly AdvisoryFault[] };
