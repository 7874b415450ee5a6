import {
  type FeedEntry,
  readChanges,
  readFeedDocument,
  readIndex,
  readProviderPlaces,
} from '@wardline/formats';
import { FEED_DOCUMENT_BYTES } from '../../../limits.ts';
import type { Outgoing } from '../../../outgoing/index.ts';
import { FeedError, fetchDocument } from './fetch.ts';
import type { Listing, Source, SourceEntry } from './source.ts';

type Lists = ReturnType<typeof readChanges>;

/** Reads a domain's provider metadata, a CSAF directory (a URL that ends with a slash), a ROLIE feed, or one document. */
export class UrlSource implements Source {
  readonly #url: string;
  readonly #outgoing: Outgoing;
  readonly #signal: AbortSignal;

  constructor(url: string, outgoing: Outgoing, signal: AbortSignal) {
    this.#url = url;
    this.#outgoing = outgoing;
    this.#signal = signal;
  }

  async list(): Promise<Listing> {
    const found = new Map<string, SourceEntry>();
    for (const entry of await this.#entries()) found.set(entry.path, entry);
    return { entries: [...found.values()], missing: [] };
  }

  read(path: string, limit: number): Promise<Buffer> {
    return fetchDocument(this.#outgoing, path, limit, this.#signal);
  }

  async #entries(): Promise<SourceEntry[]> {
    const { pathname, search, href } = new URL(this.#url);
    if (pathname === '/' && search === '') return await this.#domain(href);
    return href.endsWith('/') ? await this.#directory(href) : await this.#document(href);
  }

  /** CSAF 2.0 §7.1.8 to §7.1.10: where a domain's metadata may lie, the first that is there; else it is a directory itself. */
  async #domain(origin: string): Promise<SourceEntry[]> {
    const security = async () => {
      const text = await this.#text(`${origin}.well-known/security.txt`).catch(nullIfNotThere);
      return readProviderPlaces(text ?? '')[0] ?? null;
    };
    const places = [
      () => `${origin}.well-known/csaf/provider-metadata.json`,
      security,
      () => ownName(new URL(origin)),
    ];
    for (const place of places) {
      const url = await place();
      const found = url === null ? null : await this.#metadata(url);
      if (found !== null) return found;
    }
    return await this.#directory(origin);
  }

  /** Null where there is none, or something else: many domains answer whatever they are asked with a page. */
  async #metadata(url: string): Promise<SourceEntry[] | null> {
    const text = await this.#text(url).catch(nullIfNowhere);
    return text !== null && readFeedDocument(text).kind === 'provider' ? await this.#read(url, text) : null;
  }

  async #document(url: string): Promise<SourceEntry[]> {
    return await this.#read(url, await this.#text(url));
  }

  async #read(url: string, text: string): Promise<SourceEntry[]> {
    const document = readFeedDocument(text);
    if (document.kind === 'other') return [single(url)];
    if (!document.ok) throw refusal(url, document);
    if (document.kind === 'rolie') return absolute(document.entries, url);
    const { directories, feeds } = document.provider;
    const lists = [
      ...directories.map((place) => () => this.#directory(place)),
      ...feeds.map((place) => () => this.#rolie(place)),
    ];
    const found: SourceEntry[] = [];
    for (const list of lists) found.push(...(await list()));
    return found;
  }

  async #directory(url: string): Promise<SourceEntry[]> {
    const changes = await this.#text(`${url}changes.csv`).catch(nullIfNotThere);
    const reading: Lists =
      changes === null ? readIndex(await this.#text(`${url}index.txt`)) : readChanges(changes);
    if (!reading.ok) throw refusal(url, reading);
    return absolute(reading.entries, url);
  }

  async #rolie(url: string): Promise<SourceEntry[]> {
    const document = readFeedDocument(await this.#text(url));
    if (document.kind !== 'rolie') throw new FeedError('unreadable', `${url} is no ROLIE feed`);
    if (!document.ok) throw refusal(url, document);
    return absolute(document.entries, url);
  }

  async #text(url: string): Promise<string> {
    return (await this.read(url, FEED_DOCUMENT_BYTES)).toString('utf8');
  }
}

function nullIfNotThere(error: unknown): null {
  if (error instanceof FeedError && error.code === 'not-found') return null;
  throw error;
}

/** The name under which a domain may keep its metadata; an address has none. */
const ownName = ({ protocol, hostname, host }: URL): string | null =>
  /[a-z]$/i.test(hostname) ? `${protocol}//csaf.data.security.${host}/` : null;

/** Most domains have none of these places. */
function nullIfNowhere(error: unknown): null {
  if (error instanceof FeedError && ['not-found', 'unreachable', 'forbidden'].includes(error.code))
    return null;
  throw error;
}

const refusal = (url: string, { faults }: { faults: readonly { place: string; message: string }[] }) =>
  new FeedError('unreadable', `${url}: ${faults[0]?.place}: ${faults[0]?.message}`);

/** Its content alone tells whether it changed. */
const single = (url: string): SourceEntry => ({
  path: url,
  stamp: null,
  hashes: [],
  signature: `${url}.asc`,
});

function absolute(entries: readonly FeedEntry[], base: string): SourceEntry[] {
  return entries.flatMap(({ location, updated, hashes, signature }) => {
    const at = (address: string) => URL.parse(address, base)?.href ?? [];
    const path = URL.parse(location, base)?.href;
    if (path === undefined) return [];
    const signed = signature === null ? null : (URL.parse(signature, base)?.href ?? null);
    return [{ path, stamp: updated, hashes: hashes.flatMap(at), signature: signed }];
  });
}
