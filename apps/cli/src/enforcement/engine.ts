import type { ListingKind } from '@wardline/policy';

/** What enforces refused, or is not there; the message is for a person. */
export class EngineError extends Error {
  override name = 'EngineError';
}

/** What enforces at a point, and says what it runs. Each act throws EngineError where it is refused, and then changes nothing. */
export interface Engine {
  readonly kind: ListingKind;
  /** For a person. */
  readonly title: string;
  /** The text that takes away what is ours. */
  readonly nothing: string;
  /** Whether it would take the text; nothing is changed. */
  check: (text: string) => Promise<void>;
  /** All of the text or nothing of it. */
  load: (text: string) => Promise<void>;
  /** What it says that it runs; null where nothing of ours runs. */
  listing: () => Promise<string | null>;
  /** A text that makes it run again what it listed. */
  again: (listing: string) => string;
  /** What else on this machine decides over the same packets. */
  others: () => { name: string; text: string }[];
  counts: () => { comment: string; packets: number }[];
  /** Ends sessions that the listing does not let through; how many, or null where they cannot be seen or ended. */
  endUndeclared: (listing: string | null) => Promise<number | null>;
}
