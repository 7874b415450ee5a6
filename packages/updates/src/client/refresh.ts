import { type Outcome, outcomeOf } from '../fault.ts';
import type { TargetFile } from '../metadata/file.ts';
import { verifiedTarget } from '../verification/bytes.ts';
import { asSegment, type Session, type TargetSource } from './ports.ts';
import { type TrustedRoot, updateRoot } from './root.ts';
import { updateSnapshot } from './snapshot.ts';
import { findTarget, type TrustedSet, updateTargets } from './targets.ts';
import { updateTimestamp } from './timestamp.ts';

/** TUF 5.1 to 5.6: brings what is trusted up to what the repository has, or says why it does not. */
export const refresh = (session: Session): Promise<Outcome<TrustedSet>> =>
  outcomeOf(async () => {
    const root = await updateRoot(session); // 5.2, 5.3
    const timestamp = await updateTimestamp(session, root); // 5.4
    const snapshot = await updateSnapshot(session, root, timestamp); // 5.5
    const { roles, keys } = root.signed;
    const targets = await updateTargets(session, { root, snapshot }, 'targets', {
      role: roles.targets,
      keys,
    }); // 5.6
    return { root, snapshot, targets };
  });

/** TUF 5.6.7: which role lists a target, and what it says of it. */
export const lookUp = (
  session: Session,
  trusted: TrustedSet,
  path: string,
): Promise<Outcome<{ role: string; target: TargetFile }>> =>
  outcomeOf(() => findTarget(session, trusted, path));

/** TUF 5.7: a target's bytes, verified at their end. @throws UpdatesFault while reading */
export function download(
  source: TargetSource,
  root: TrustedRoot,
  target: TargetFile,
): AsyncGenerator<Uint8Array> {
  return verifiedTarget(target, source.target(addressOf(root, target), 0));
}

/** TUF 5.7.1 with §6.2: consistent snapshots have a digest before the file's name. */
export function addressOf({ signed }: TrustedRoot, { path, hashes }: TargetFile): string {
  const segments = path.split('/').map(asSegment);
  if (!signed.isConsistent) return segments.join('/');
  const digest = hashes.get('sha256') ?? [...hashes.values()][0];
  return [...segments.slice(0, -1), `${digest}.${segments.at(-1)}`].join('/');
}
