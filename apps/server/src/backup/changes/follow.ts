import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type BackupName, backupsIn, hashed } from '../folder.ts';
import { FrameReader } from '../frame-reader.ts';
import { BackupFault, type Header, readFrames } from '../frames.ts';
import { type Opening, openStream } from '../seal.ts';
import { Replay, type ReplayNeeds } from './replay.ts';
import { changesForm } from './segment.ts';
import { parseSnapshot } from './snapshot.ts';

export interface Followed {
  /** Up to when everything that was committed is there, in microseconds since the epoch. */
  until: number;
  transactions: number;
}

export interface FollowOf extends Omit<ReplayNeeds, 'base'> {
  folder: string;
  by: Opening;
  about: Extract<Header, { is: 'backup' }>;
  onProgress: (step: string) => void;
}

type Segment = Extract<BackupName, { kind: 'changes' }>;

/**
 * Carries out the changes that a folder keeps behind a backup, up to a moment or as far as they reach.
 * @throws BackupFault where they do not reach as far as was asked, or one is away, changed or exchanged
 */
export async function followChanges({
  folder,
  by,
  about,
  onProgress,
  ...needs
}: FollowOf): Promise<Followed> {
  const base = parseSnapshot(about.snapshot ?? '');
  const followed = { until: about.at, transactions: 0 };
  if (base === null || about.line === undefined) return reaching(followed, needs.until);
  const replay = new Replay({ ...needs, base });
  let before: string | null = null;
  const segments = segmentsOf(folder, about.line, about.next ?? 1);
  for (const [index, segment] of segments.entries()) {
    onProgress(`changes ${index + 1} of ${segments.length}`);
    const one = { file: join(folder, segment.name), by, segment, before };
    const { until, digest } = await replaySegment(replay, one);
    before = digest;
    followed.until = until;
    if (replay.isOver) break;
  }
  return reaching({ ...followed, transactions: replay.transactions }, needs.until);
}

/** In their order, from the first that is needed up to the first that is away. */
function segmentsOf(folder: string, line: string, first: number): Segment[] {
  const found = backupsIn(folder)
    .filter((file): file is Segment => file.kind === 'changes' && file.line === line && file.number >= first)
    .toSorted((a, b) => a.number - b.number);
  const gap = found.findIndex(({ number }, index) => number !== first + index);
  return gap === -1 ? found : found.slice(0, gap);
}

function reaching(followed: Followed, asked: number | null): Followed {
  if (asked !== null && followed.until < asked)
    throw new BackupFault(
      `the changes that are kept here reach to ${new Date(followed.until / 1000).toISOString()} and no further`,
    );
  return { ...followed, until: asked ?? followed.until };
}

interface SegmentFile {
  file: string;
  by: Opening;
  segment: Segment;
  before: string | null;
}

async function replaySegment(
  replay: Replay,
  { file, by, segment, before }: SegmentFile,
): Promise<{ until: number; digest: string }> {
  const hash = createHash('sha256');
  const frames = new FrameReader(readFrames(await openStream(hashed(file, hash), by)));
  const about = await frames.header();
  if (about?.is !== 'changes' || about.form !== changesForm)
    throw new BackupFault(`${segment.name} holds no changes`);
  if (about.line !== segment.line || about.number !== segment.number)
    throw new BackupFault(`${segment.name} is number ${about.number} of ${about.line}: files were exchanged`);
  if (before !== null && about.before !== before)
    throw new BackupFault(`${segment.name} does not follow the changes before it`);
  for await (const message of frames.data()) await replay.take(message);
  const end = await frames.header();
  if (end?.is !== 'end-of-changes') throw new BackupFault(`${segment.name} ends before its end`);
  // To the last byte: the digest is of the whole file, and what follows the end would be no segment.
  if ((await frames.header()) !== null) throw new BackupFault(`${segment.name} goes on behind its end`);
  return { until: end.until, digest: hash.digest('hex') };
}
