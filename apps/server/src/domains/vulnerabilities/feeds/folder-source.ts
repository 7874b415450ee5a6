import { constants } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { type FeedEntry, readChanges, readFeedDocument, readIndex } from '@wardline/formats';
import { FEED_DOCUMENT_BYTES, FEED_FILES } from '../../../limits.ts';
import { FeedError } from './fetch.ts';
import type { Listing, Source, SourceEntry } from './source.ts';

/** Reads a mirror on the server's own disk, never anything outside of it: symbolic links are not followed. */
export class FolderSource implements Source {
  readonly #mirrors: string;
  readonly #folder: string;

  constructor(mirrors: string, folder: string) {
    this.#mirrors = mirrors;
    this.#folder = join(mirrors, folder);
  }

  async list(): Promise<Listing> {
    const root = await this.#root();
    const files = await filesBelow(root);
    const entries: SourceEntry[] = [];
    const missing: Listing['missing'][number][] = [];
    for (const path of [...files].sort()) {
      const listed = isList(path) ? await this.#listed(path) : null;
      if (listed !== null) missing.push(...absent(files, path, listed));
      else if (isDocument(path)) entries.push(await entryOf(root, path, files));
    }
    return { entries, missing };
  }

  async read(path: string, limit: number): Promise<Buffer> {
    const file = join(await this.#root(), path);
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW).catch(explain(path));
    try {
      if ((await handle.stat()).size > limit)
        throw new FeedError('too-large', `${path} is larger than ${limit} bytes`);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  }

  /** @throws FeedError where the folder is not there or leads out of the mirrors */
  async #root(): Promise<string> {
    const [mirrors, folder] = await Promise.all([realpath(this.#mirrors), realpath(this.#folder)]).catch(
      explain(basename(this.#folder)),
    );
    const below = relative(mirrors, folder);
    if (below.startsWith('..')) throw new FeedError('forbidden', 'the folder leads out of the mirrors');
    return folder;
  }

  /** What a list of the folder names; null where the file is a document of its own. */
  async #listed(path: string): Promise<readonly FeedEntry[] | null> {
    const text = (await this.read(path, FEED_DOCUMENT_BYTES)).toString('utf8');
    const name = basename(path);
    const reading =
      name === 'changes.csv' ? readChanges(text) : name === 'index.txt' ? readIndex(text) : null;
    const document = reading ?? readFeedDocument(text);
    if (!('ok' in document)) return null;
    if (!document.ok) {
      const [fault] = document.faults;
      throw new FeedError('unreadable', `${path}: ${fault?.place}: ${fault?.message}`);
    }
    return 'entries' in document ? document.entries : [];
  }
}

const explain =
  (name: string) =>
  (error: NodeJS.ErrnoException): never => {
    const why = { ENOENT: 'is not there', EACCES: 'may not be read', ELOOP: 'is a symbolic link' };
    const word = why[error.code as keyof typeof why] ?? `cannot be read (${error.code})`;
    throw new FeedError(error.code === 'ENOENT' ? 'not-found' : 'unreadable', `${name} ${word}`);
  };

async function filesBelow(root: string): Promise<Set<string>> {
  const found = new Set<string>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    found.add(relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
    if (found.size > FEED_FILES)
      throw new FeedError('too-large', `the folder has more than ${FEED_FILES} files`);
  }
  return found;
}

const isList = (path: string): boolean =>
  /(^|\/)(changes\.csv|index\.txt|provider-metadata\.json|[^/]*feed[^/]*\.json)$/.test(path);

const isDocument = (path: string): boolean => /\.(json|csv)(\.gz)?$/.test(path);

async function entryOf(root: string, path: string, files: ReadonlySet<string>): Promise<SourceEntry> {
  const { size, mtimeMs } = await stat(join(root, path));
  const beside = ['.sha512', '.sha256', '.asc'].filter((ending) => files.has(path + ending));
  const stamps = await Promise.all(beside.map((ending) => stat(join(root, path + ending))));
  return {
    path,
    stamp: [size, mtimeMs, ...stamps.map((one) => one.mtimeMs)].join('/'),
    hashes: beside.filter((ending) => ending !== '.asc').map((ending) => path + ending),
    signature: beside.includes('.asc') ? `${path}.asc` : null,
  };
}

/** Documents that a list names and that are not there. A mirror may hold a part of what the paths begin with. */
function absent(files: ReadonlySet<string>, list: string, listed: readonly FeedEntry[]): Listing['missing'] {
  const base = dirname(list) === '.' ? '' : `${dirname(list)}/`;
  return listed
    .filter(({ location }) => !isThere(files, base, location))
    .map(({ location }) => ({
      path: `${base}${location}`.slice(-300),
      fault: { place: list, message: `names ${location.slice(0, 200)}, which is not in the folder` },
    }));
}

function isThere(files: ReadonlySet<string>, base: string, location: string): boolean {
  const parts = (URL.parse(location)?.pathname ?? location).split('/').filter(Boolean);
  return parts.some((_part, index) => files.has(base + parts.slice(index).join('/')));
}
