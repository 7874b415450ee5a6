import { setImmediate } from 'node:timers/promises';
import { readKeyring, type SigningKey } from '@wardline/formats';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { importAdvisory, quarantine } from '../advisories.ts';
import { checkEntry, type Fetched, fetchEntry, textOf } from './document.ts';
import { FeedError } from './fetch.ts';
import { FolderSource } from './folder-source.ts';
import type { Listing, Source, SourceEntry } from './source.ts';
import { type Feed, type FeedFile, keepFile, readFiles, saveProgress } from './store.ts';
import { UrlSource } from './url-source.ts';

/** Documents between two writes of the progress. */
const SAVE_EVERY = 20;

interface Run {
  context: Context;
  feed: Feed;
  source: Source;
  /** Null: signatures are not checked. */
  keys: readonly SigningKey[] | null;
  /** Of the run, in seconds since 1970: whether keys have expired is asked once. */
  now: number;
  signal: AbortSignal;
}

/**
 * Takes in what a feed has that is new or other than at the last run. What was taken in is noted document by document: a run that
 * ended anywhere is gone on with from there. A document that is at fault is quarantined and the others go on.
 * @throws FeedError where the feed itself cannot be read
 */
export async function runFeed(context: Context, feed: Feed, signal: AbortSignal): Promise<void> {
  const source =
    feed.kind === 'folder'
      ? new FolderSource(context.config.mirrorsDir, feed.location)
      : new UrlSource(feed.location, context.outgoing, signal);
  const now = Math.floor(context.now() / 1e6);
  const keys = feed.keys === '' ? null : (readKeyring(feed.keys, now) ?? []);
  await takeAll({ context, feed, source, keys, now, signal }, await source.list());
}

async function takeAll(run: Run, { entries, missing }: Listing): Promise<void> {
  const { context, feed, signal } = run;
  const known = await readFiles(context.database, feed.id);
  const progress = new Progress(run, entries.length + missing.length);
  for (const entry of entries) {
    if (signal.aborted || progress.isFeedGone) return;
    const before = known.get(entry.path);
    await progress.count(isDone(entry, before) ? 'same' : await takeEntry(run, entry, before));
  }
  for (const { path, fault } of missing)
    await progress.count(await noteMissing(run, path, fault, known.get(path)));
  await progress.report();
}

/** How far a run is, written now and then for whoever looks. */
class Progress {
  readonly #run: Run;
  readonly #total: number;
  #done = 0;
  readonly #counts: Record<string, number> = {};
  /** A feed that is taken away takes in nothing more. */
  isFeedGone = false;

  constructor(run: Run, total: number) {
    this.#run = run;
    this.#total = total;
  }

  async count(outcome: string): Promise<void> {
    this.#done += 1;
    this.#counts[outcome] = (this.#counts[outcome] ?? 0) + 1;
    if (this.#done % SAVE_EVERY === 0) await this.report();
  }

  async report(): Promise<void> {
    const { context, feed } = this.#run;
    const progress = { total: this.#total, done: this.#done, counts: this.#counts };
    this.isFeedGone = !(await saveProgress(context.database, feed.id, progress));
    context.events.emit('vulnerabilities');
    context.matchSoon();
    await setImmediate();
  }
}

/** What failed or is quarantined is looked at again: it may have been mended without another stamp. */
const isDone = ({ stamp }: SourceEntry, before: FeedFile | undefined): boolean =>
  before !== undefined &&
  stamp !== null &&
  before.stamp === stamp &&
  before.outcome !== 'quarantined' &&
  before.outcome !== 'failed';

async function takeEntry(run: Run, entry: SourceEntry, before: FeedFile | undefined): Promise<string> {
  const { context, feed, source } = run;
  const { path, stamp } = entry;
  const keep = (file: Omit<FeedFile, 'path'>) =>
    keepFile(context.database, feed.id, { ...file, path }, context.now());
  try {
    const fetched = await fetchEntry(source, entry, feed.keys);
    if (before?.digest === fetched.digest) {
      await keep({ ...before, stamp });
      return before.outcome === 'quarantined' ? 'quarantined' : 'same';
    }
    const taken = await takeDocument(run, path, fetched);
    await keep({ stamp, digest: fetched.digest, ...taken });
    return taken.outcome;
  } catch (error) {
    if (!(error instanceof FeedError)) throw error;
    if (run.signal.aborted) return 'failed';
    const faults = [{ place: '', message: error.message }];
    await keep({ stamp, digest: '', outcome: 'failed', checked: [], faults });
    return 'failed';
  }
}

type Taken = Pick<FeedFile, 'outcome' | 'checked' | 'faults'>;

async function takeDocument(run: Run, path: string, fetched: Fetched): Promise<Taken> {
  const { context } = run;
  const file = fileOf(run.feed, path);
  const checked = checkEntry(fetched, run.keys, run.now);
  if (!checked.ok) {
    await quarantine(context, 'server', file, [checked.fault]);
    return { outcome: 'quarantined', checked: [], faults: [checked.fault] };
  }
  const text = await textOf(fetched.bytes);
  const { outcome, faults } = await importAdvisory(context, 'server', { ...file, text });
  if (faults.length === 0)
    await sql`delete from advisory_quarantine where name = ${file.name}`.execute(context.database);
  return { outcome, checked: checked.checked, faults };
}

const fileOf = ({ name }: Feed, path: string) => ({
  name: `${name}: ${path}`.slice(0, 300),
  reason: `feed ${name}`,
});

async function noteMissing(
  { context, feed }: Run,
  path: string,
  fault: FeedFile['faults'][number],
  before: FeedFile | undefined,
): Promise<string> {
  if (before?.outcome !== 'missing') await quarantine(context, 'server', fileOf(feed, path), [fault]);
  const file = { path, stamp: null, digest: '', outcome: 'missing', checked: [], faults: [fault] };
  await keepFile(context.database, feed.id, file, context.now());
  return 'missing';
}
