/** Where a client keeps what it trusts. Each write is whole or not at all, and lasts. */
export interface TrustedStore {
  /** Null where there is none. */
  read(role: string): Promise<Uint8Array | null>;
  write(role: string, bytes: Uint8Array): Promise<void>;
  remove(role: string): Promise<void>;
}

/** Where metadata comes from. It may be hostile. */
export interface MetadataSource {
  /**
   * A file by its name, already fit for an address. Null where the repository says that it has none.
   * @throws UpdatesFault `too-long` where more than `most` bytes come
   */
  metadata(name: string, most: number): Promise<Uint8Array | null>;
}

/** Where targets come from. It may be hostile. */
export interface TargetSource {
  /**
   * @param from the first byte that is wanted
   * @throws UpdatesFault `missing` where there is none
   */
  target(path: string, from: number): AsyncIterable<Uint8Array>;
}

/** What one update is done with. */
export interface Session {
  /** TUF 5.1: the time at which the update began, once for all of it. Milliseconds since 1970. */
  start: number;
  store: TrustedStore;
  source: MetadataSource;
}

/** A name as one segment of an address: everything but letters, digits and `-._~` is escaped. */
export const asSegment = (name: string): string =>
  encodeURIComponent(name).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
