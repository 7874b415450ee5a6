import { UpdatesFault } from '../fault.ts';
import { SNAPSHOT_BYTES } from '../limits.ts';
import { type Envelope, readMetadata } from '../metadata/envelope.ts';
import type { MetaFile } from '../metadata/file.ts';
import type { Snapshot } from '../metadata/signed.ts';
import { haveHashes } from '../verification/bytes.ts';
import { checkThreshold } from '../verification/threshold.ts';
import { keptBefore } from './kept.ts';
import type { Session } from './ports.ts';
import { checkExpiry, type TrustedRoot } from './root.ts';
import type { TrustedTimestamp } from './timestamp.ts';

export type TrustedSnapshot = Envelope<Snapshot>;

/** TUF 5.5 */
export async function updateSnapshot(
  session: Session,
  root: TrustedRoot,
  timestamp: TrustedTimestamp,
): Promise<TrustedSnapshot> {
  const said = timestamp.signed.snapshot;
  const kept = await keptBefore(session, 'snapshot', (bytes) => readSnapshot(root, bytes));
  if (kept !== null && isAsSaid(kept, said) && kept.signed.expires > session.start) return kept;
  const name = fileName(root, 'snapshot', said.version);
  const bytes = await fetchAsSaid(session, name, said, SNAPSHOT_BYTES); // 5.5.1, 5.5.2
  const next = readSnapshot(root, bytes); // 5.5.3
  checkVersion('snapshot', next, said); // 5.5.4
  if (kept !== null) checkFiles(kept, next); // 5.5.5
  checkExpiry('snapshot', next, session); // 5.5.6
  await session.store.write('snapshot', bytes); // 5.5.7
  return next;
}

function readSnapshot({ signed: { roles, keys } }: TrustedRoot, bytes: Uint8Array): TrustedSnapshot {
  const snapshot = readMetadata('snapshot', bytes);
  checkThreshold('snapshot', snapshot, roles.snapshot, keys);
  return snapshot;
}

/** TUF 5.5.5: no file goes back, and none disappears. @throws UpdatesFault */
function checkFiles(kept: TrustedSnapshot, next: TrustedSnapshot): void {
  for (const [name, before] of kept.signed.files) {
    const after = next.signed.files.get(name);
    if (after === undefined) throw new UpdatesFault('rollback', `${name} is in the snapshot no more`);
    if (after.version < before.version)
      throw new UpdatesFault('rollback', `${name} ${after.version} after ${before.version}`);
  }
}

/** Whether metadata is the file that the one above it means. */
export const isAsSaid = ({ signed, bytes }: Envelope<{ version: number }>, said: MetaFile): boolean =>
  signed.version === said.version && (said.hashes === null || haveHashes(bytes, said.hashes));

/** TUF 5.5.4, 5.6.4: mix and match. @throws UpdatesFault */
export function checkVersion(name: string, { signed }: Envelope<{ version: number }>, said: MetaFile): void {
  if (signed.version === said.version) return;
  throw new UpdatesFault('mismatch', `${name} ${signed.version} where ${said.version} is said`);
}

/** TUF 5.5.1 with 5.5.2, 5.6.1 with 5.6.2. @throws UpdatesFault where it is missing, longer than said, or another file */
export async function fetchAsSaid(
  { source }: Session,
  name: string,
  { length, hashes }: MetaFile,
  most: number,
): Promise<Uint8Array> {
  const bytes = await source.metadata(name, Math.min(length ?? most, most));
  if (bytes === null) throw new UpdatesFault('missing', `the repository has no ${name}`);
  if (length !== null && bytes.length !== length)
    throw new UpdatesFault('mismatch', `${name}: ${bytes.length} of its ${length} bytes`);
  if (hashes !== null && !haveHashes(bytes, hashes))
    throw new UpdatesFault('mismatch', `${name}: another digest than the one that is said`);
  return bytes;
}

/** TUF §6.2: consistent snapshots have the version before the name. */
export const fileName = ({ signed }: TrustedRoot, segment: string, version: number): string =>
  signed.isConsistent ? `${version}.${segment}.json` : `${segment}.json`;
